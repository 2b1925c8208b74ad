package dev.boardwalk.graph;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Where a page of relationships ended: opaque to callers. */
record RelationshipCursor(int way, String type, long other) {
    private static final RelationshipCursor FIRST = new RelationshipCursor(-1, "", 0);

    String text() {
        String plain = way + " " + type + " " + other;
        return Base64.getUrlEncoder().withoutPadding().encodeToString(plain.getBytes(StandardCharsets.UTF_8));
    }

    static RelationshipCursor read(@Nullable String text) {
        if (text == null) {
            return FIRST;
        }
        try {
            String[] parts = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8).split(" ", -1);
            if (parts.length == 3) {
                return new RelationshipCursor(Integer.parseInt(parts[0]), parts[1], Long.parseLong(parts[2]));
            }
        } catch (IllegalArgumentException unreadable) {
            // The same as one of another shape.
        }
        throw new GraphException.InvalidCursor("this cursor is none that was given out");
    }
}
