package dev.boardwalk.search;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * One document as it is stored to be found.
 *
 * @param element "" for the entity itself
 * @param title as people see it
 * @param body the rest of the text, as people see it
 * @param context what it is about besides: the beginning of what its elements say; counts for the meaning only
 * @param language configuration of Postgres by which {@code words} are stemmed
 * @param words of the title and the body, for stemming
 * @param terms distinct words for the vocabulary, in order
 */
record IndexedText(
        String element,
        String type,
        String title,
        String body,
        String context,
        String language,
        String words,
        List<String> terms) {

    /** Longest title in UTF-16 units: a title is a line. What is longer goes on after the body. */
    static final int TITLE_LENGTH_MAX = 255;

    /** Longest body in UTF-16 units. Postgres takes 1 MB of words and places; what is behind is not found. */
    static final int BODY_LENGTH_MAX = 150_000;

    /** Longest context in UTF-16 units: as much as one meaning can be told of. */
    static final int CONTEXT_LENGTH_MAX = 900;

    private static final int TYPE_LENGTH_MAX = 255;

    /** Words of one document that count in the vocabulary; the first ones. */
    private static final int TERMS_MAX = 2_000;

    private static final int TERM_LENGTH_MIN = 3;
    private static final int TERM_LENGTH_MAX = 40;

    /**
     * Makes the document of a text.
     *
     * @param name further words by which it is found; "" for none
     * @param evidence little words that tell the language; with fewer it is {@code otherwise}
     */
    static IndexedText of(
            String element, String type, String title, String body, String name, int evidence, String otherwise) {
        String storedTitle = storable(Words.cut(title, TITLE_LENGTH_MAX)).strip();
        String rest = title.length() > TITLE_LENGTH_MAX ? body + "\n" + title.substring(TITLE_LENGTH_MAX) : body;
        String storedBody = storable(Words.cut(rest, BODY_LENGTH_MAX)).strip();
        List<String> words = Words.list(name + "\n" + storedTitle + "\n" + storedBody);
        String joined = String.join(" ", words);
        return new IndexedText(
                element,
                storable(Words.cut(type, TYPE_LENGTH_MAX)),
                storedTitle,
                storedBody,
                "",
                Language.detect(words, evidence, otherwise),
                joined,
                terms(Arrays.asList(Words.fold(joined).split(" "))));
    }

    /** The same about something. */
    IndexedText about(String said) {
        String kept = storable(Words.cut(said, CONTEXT_LENGTH_MAX)).strip();
        return new IndexedText(element, type, title, body, kept, language, words, terms);
    }

    /** What is embedded, and what tells whether the text has changed. */
    String text() {
        String own = body.isEmpty() ? title : title + "\n" + body;
        return context.isEmpty() ? own : own + "\n" + context;
    }

    String folded() {
        return Words.fold(words);
    }

    byte[] hash() {
        return sha256(text());
    }

    static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }

    private static List<String> terms(List<String> words) {
        Set<String> terms = new LinkedHashSet<>();
        for (String word : words) {
            if (terms.size() < TERMS_MAX && countsInVocabulary(word)) {
                terms.add(word);
            }
        }
        return terms.stream().sorted().toList();
    }

    /** Neither numbers, nor pairs of characters, nor pictographs: nobody misspells them in a way that can be mended. */
    static boolean countsInVocabulary(String word) {
        return word.length() >= TERM_LENGTH_MIN
                && word.length() <= TERM_LENGTH_MAX
                && word.codePoints()
                        .allMatch(character -> Character.isLetter(character) && !Words.undivided(character));
    }

    /** Without what Postgres does not take. */
    private static String storable(String text) {
        String clean = text.indexOf('\0') >= 0 ? text.replace('\0', ' ') : text;
        for (int i = 0; i < clean.length(); i++) {
            if (Character.isSurrogate(clean.charAt(i))) {
                return new String(clean.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
            }
        }
        return clean;
    }
}
