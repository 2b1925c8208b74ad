package dev.boardwalk.search;

import java.util.ArrayList;
import java.util.List;

/** A text in pieces of which a model can say one meaning: paragraphs' worth, overlapping, each with the title. */
final class Chunks {
    /** Units of 6 UTF-16 units or so a word: about what 256 tokens hold. */
    private static final int LENGTH = 900;

    private static final int OVERLAP = 120;

    /** Pieces of one document; what comes after is found by its words only. */
    static final int MOST = 24;

    private Chunks() {}

    static List<String> of(String title, String body) {
        List<String> chunks = new ArrayList<>();
        int from = 0;
        do {
            int to = end(body, from);
            String part = body.substring(from, to).strip();
            chunks.add(part.isEmpty() ? title : title + "\n" + part);
            from = to == body.length() ? to : Math.max(from + 1, to - OVERLAP);
        } while (from < body.length() && chunks.size() < MOST);
        return chunks;
    }

    private static int end(String body, int from) {
        int most = from + LENGTH;
        if (most >= body.length()) {
            return body.length();
        }
        for (int at = most; at > most - OVERLAP; at--) {
            if (Character.isWhitespace(body.charAt(at))) {
                return at;
            }
        }
        return Character.isHighSurrogate(body.charAt(most - 1)) ? most - 1 : most;
    }
}
