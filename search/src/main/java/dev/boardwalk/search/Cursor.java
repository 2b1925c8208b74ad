package dev.boardwalk.search;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Where a page of hits ended, as an opaque word. It carries a check over the question, so that one of another question,
 * or of another organisation, is told apart. What it says are only bounds: made up, it shows nothing that the question
 * would not.
 */
record Cursor(double score, long entity, String element) {
    private static final String VERSION = "1";
    private static final int CHECK_BYTES = 12;

    String text(SearchRequest request) {
        byte[] content = String.join("\n", VERSION, Double.toString(score), Long.toString(entity), element)
                .getBytes(StandardCharsets.UTF_8);
        byte[] check = check(request, content);
        byte[] all = Arrays.copyOf(check, check.length + content.length);
        System.arraycopy(content, 0, all, check.length, content.length);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(all);
    }

    /** Null for the first page; fails with {@link SearchException.InvalidCursor}. */
    static @Nullable Cursor of(SearchRequest request) {
        if (request.cursor() == null) {
            return null;
        }
        try {
            byte[] all = Base64.getUrlDecoder().decode(request.cursor());
            byte[] content = Arrays.copyOfRange(all, Math.min(CHECK_BYTES, all.length), all.length);
            if (all.length > CHECK_BYTES && Arrays.equals(check(request, content), Arrays.copyOf(all, CHECK_BYTES))) {
                String[] parts = new String(content, StandardCharsets.UTF_8).split("\n", 4);
                if (parts.length == 4 && parts[0].equals(VERSION)) {
                    return new Cursor(Double.parseDouble(parts[1]), Long.parseLong(parts[2]), parts[3]);
                }
            }
        } catch (IllegalArgumentException unreadable) {
            // Falls through to the one answer for every word that is no cursor of this question.
        }
        throw new SearchException.InvalidCursor("the cursor was not made by this question");
    }

    private static byte[] check(SearchRequest request, byte[] content) {
        String question = String.join(
                "\n",
                Long.toString(request.organisation().value()),
                String.valueOf(request.project()),
                String.valueOf(request.type()),
                String.valueOf(request.near()),
                request.query(),
                Base64.getEncoder().encodeToString(content));
        return Arrays.copyOf(IndexedText.sha256(question), CHECK_BYTES);
    }
}
