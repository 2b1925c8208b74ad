package dev.boardwalk.search;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A text as the words it consists of, the same for what is stored and for what is asked, whatever the server's locale.
 *
 * <p>Letters and digits make words; everything else divides them. Scripts that do not divide words (Chinese, Japanese,
 * Thai and others) are cut into overlapping pairs of characters, the last one alone, so that every part of a run is a run
 * of pairs, and each character begins one. Pictographs are words of their own.
 */
final class Words {
    /** Longest word in UTF-16 units; the rest of a longer one is left out. Postgres takes 2,046 bytes. */
    static final int LENGTH_MAX = 100;

    /** Accents of Latin, Greek and Cyrillic letters; points of Hebrew and Arabic. Elsewhere marks make other words. */
    private static final Pattern ACCENTS =
            Pattern.compile("[\\u0300-\\u036f\\u0591-\\u05bd\\u05bf-\\u05c7\\u064b-\\u065f\\u0670\\u0640]");

    private Words() {}

    /** The words in lower case, separated by a space. */
    static String of(String text) {
        return String.join(" ", list(text));
    }

    /** The words without their accents. */
    static String fold(String words) {
        if (isAscii(words)) {
            return words;
        }
        String decomposed = Normalizer.normalize(words, Normalizer.Form.NFD);
        return Normalizer.normalize(ACCENTS.matcher(decomposed).replaceAll(""), Normalizer.Form.NFC)
                .replace("ß", "ss");
    }

    static List<String> list(String text) {
        String normal = isAscii(text) ? text : Normalizer.normalize(text, Normalizer.Form.NFKC);
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        int at = 0;
        while (at < normal.length()) {
            int character = normal.codePointAt(at);
            at += Character.charCount(character);
            if (undivided(character)) {
                finish(word, words);
                at = pairs(normal, at - Character.charCount(character), words);
            } else if (Character.isLetterOrDigit(character) || mark(character) && !word.isEmpty()) {
                word.appendCodePoint(character);
            } else {
                finish(word, words);
                if (pictograph(character)) {
                    words.add("u" + Integer.toHexString(character));
                }
            }
        }
        finish(word, words);
        return words;
    }

    private static void finish(StringBuilder word, List<String> words) {
        if (!word.isEmpty()) {
            String whole = word.toString().toLowerCase(Locale.ROOT);
            words.add(whole.length() <= LENGTH_MAX ? whole : cut(whole, LENGTH_MAX));
            word.setLength(0);
        }
    }

    /** Adds the pairs of a run of characters; answers where the run ends. */
    private static int pairs(String text, int from, List<String> words) {
        int at = from;
        while (at < text.length()) {
            int first = text.codePointAt(at);
            if (!undivided(first)) {
                return at;
            }
            int next = at + Character.charCount(first);
            boolean paired = next < text.length() && undivided(text.codePointAt(next));
            int end = paired ? next + Character.charCount(text.codePointAt(next)) : next;
            words.add(text.substring(at, end));
            at = next;
        }
        return at;
    }

    /** The text up to this length, not ending between the halves of a surrogate pair. */
    static String cut(String text, int length) {
        if (text.length() <= length) {
            return text;
        }
        return text.substring(0, Character.isHighSurrogate(text.charAt(length - 1)) ? length - 1 : length);
    }

    static boolean undivided(int character) {
        if (character < 0x0e00) {
            return false;
        }
        return switch (Character.UnicodeScript.of(character)) {
            case HAN, HIRAGANA, KATAKANA, THAI, LAO, KHMER, MYANMAR, TIBETAN -> true;
            default -> character == 0x30fc; // the mark that lengthens vowels of Katakana
        };
    }

    private static boolean mark(int character) {
        int type = Character.getType(character);
        return type == Character.NON_SPACING_MARK
                || type == Character.COMBINING_SPACING_MARK
                || type == Character.ENCLOSING_MARK;
    }

    private static boolean pictograph(int character) {
        return character >= 0x2190 && Character.getType(character) == Character.OTHER_SYMBOL;
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 0x7f) {
                return false;
            }
        }
        return true;
    }
}
