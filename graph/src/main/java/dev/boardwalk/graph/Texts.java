package dev.boardwalk.graph;

/** Texts out of documents, made fit for the database, which knows neither NUL nor half of a surrogate pair. */
final class Texts {
    private static final char REPLACEMENT = '\uFFFD';

    private Texts() {}

    /** The text's beginning, with a replacement character for what cannot be stored. */
    static String storable(String text, int lengthMax) {
        StringBuilder out = new StringBuilder(Math.min(text.length(), lengthMax));
        for (int at = 0; at < text.length() && out.length() < lengthMax; at++) {
            char c = text.charAt(at);
            if (Character.isHighSurrogate(c)
                    && at + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(at + 1))) {
                if (out.length() + 2 > lengthMax) {
                    break;
                }
                out.append(c).append(text.charAt(++at));
            } else {
                out.append(c == 0 || Character.isSurrogate(c) ? REPLACEMENT : c);
            }
        }
        return out.toString();
    }

    /** Whether the text has neither control characters nor halves of surrogate pairs. */
    static boolean plain(String text) {
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            if (Character.isISOControl(c)) {
                return false;
            }
            if (Character.isHighSurrogate(c)
                    && at + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(at + 1))) {
                at++;
            } else if (Character.isSurrogate(c)) {
                return false;
            }
        }
        return true;
    }
}
