package dev.boardwalk.store;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Where a page of entities ended, as an opaque word: a version letter and the last name, in URL-safe base64. */
final class PageCursor {
    private static final char VERSION = 'n';

    private PageCursor() {}

    static String after(String name) {
        byte[] text = (VERSION + name).getBytes(StandardCharsets.UTF_8);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text);
    }

    static String name(String cursor) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(cursor);
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            if (!text.isEmpty() && text.charAt(0) == VERSION) {
                String name = text.substring(1);
                EntityKey.requireName("entity name", name);
                return name;
            }
        } catch (IllegalArgumentException | CharacterCodingException | StoreException.InvalidName unreadable) {
            // Falls through to the one answer for every word that is no cursor.
        }
        throw new StoreException.InvalidCursor("the cursor was not made by a list of entities");
    }
}
