package dev.boardwalk.store;

/**
 * Makes JSON text acceptable to {@code jsonb}, which holds neither NUL nor half of a surrogate pair: each becomes
 * U+FFFD. Documents keep them; only the projection differs.
 */
final class JsonText {
    private static final char REPLACEMENT = '\uFFFD';
    private static final String ESCAPED_REPLACEMENT = "\\ufffd";

    private JsonText() {}

    /** For JSON text: looks at characters and at their escapes, {@code \}{@code u0000} and lone {@code \}{@code ud8xx}. */
    static String storable(String json) {
        String whole = plain(json);
        int escape = whole.indexOf("\\u");
        return escape < 0 ? whole : storableEscapes(whole);
    }

    /** For text that is no JSON. */
    static String plain(String text) {
        StringBuilder changed = null;
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            boolean pair = Character.isHighSurrogate(c)
                    && at + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(at + 1));
            if (pair) {
                at++;
            } else if (c == 0 || Character.isSurrogate(c)) {
                changed = changed == null ? new StringBuilder(text) : changed;
                changed.setCharAt(at, REPLACEMENT);
            }
        }
        return changed == null ? text : changed.toString();
    }

    private static String storableEscapes(String json) {
        StringBuilder out = new StringBuilder(json.length());
        int at = 0;
        while (at < json.length()) {
            char c = json.charAt(at);
            if (c != '\\') {
                out.append(c);
                at++;
                continue;
            }
            int code = unicodeEscape(json, at);
            if (code < 0) {
                // Another escape, of two characters: the second one is not the beginning of anything.
                out.append(json, at, Math.min(at + 2, json.length()));
                at += 2;
            } else if (Character.isHighSurrogate((char) code) && lowSurrogateFollows(json, at + 6)) {
                out.append(json, at, at + 12);
                at += 12;
            } else {
                boolean refused = code == 0 || Character.isSurrogate((char) code);
                out.append(refused ? ESCAPED_REPLACEMENT : json.substring(at, at + 6));
                at += 6;
            }
        }
        return out.toString();
    }

    private static boolean lowSurrogateFollows(String json, int at) {
        int code = unicodeEscape(json, at);
        return code >= 0 && Character.isLowSurrogate((char) code);
    }

    /** The character of the escape at this place, -1 if there is none. */
    private static int unicodeEscape(String json, int at) {
        if (at + 6 > json.length() || json.charAt(at) != '\\' || json.charAt(at + 1) != 'u') {
            return -1;
        }
        int code = 0;
        for (int digit = at + 2; digit < at + 6; digit++) {
            int value = Character.digit(json.charAt(digit), 16);
            if (value < 0) {
                return -1;
            }
            code = code << 4 | value;
        }
        return code;
    }
}
