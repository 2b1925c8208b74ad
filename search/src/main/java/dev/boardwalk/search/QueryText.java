package dev.boardwalk.search;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A question taken apart: what every hit must say, what none may say, and the rest.
 *
 * <p>Quotes make a phrase, a minus excludes a word or a phrase, {@code or} between words means either. A quote that is
 * not closed ends with the question. Excluding is for the whole question, on whatever side of an {@code or} it stands.
 *
 * @param parts what is wanted, in order
 * @param excluded each a word or phrase as words
 * @param unfinished whether the question may go on in its last word
 * @param meaning what is wanted as a text
 */
record QueryText(List<Part> parts, List<List<String>> excluded, boolean unfinished, String meaning) {

    /** Longest question in UTF-16 units. */
    static final int LENGTH_MAX = 1_000;

    /** Most words of a question; further ones are left out. */
    static final int WORDS_MAX = 32;

    sealed interface Part {
        /** One or more words that stand side by side; {@code quoted} if somebody said so. */
        record Phrase(List<String> words, boolean quoted) implements Part {}

        record Or() implements Part {}
    }

    /** Fails with {@link SearchException.InvalidQuery} if nothing is asked for, or too much. */
    static QueryText parse(String query) {
        if (query.length() > LENGTH_MAX) {
            throw new SearchException.InvalidQuery(
                    "the query has " + query.length() + " characters, at most " + LENGTH_MAX + " are looked for");
        }
        List<Part> parts = new ArrayList<>();
        List<List<String>> excluded = new ArrayList<>();
        StringJoiner meaning = new StringJoiner(" ");
        int words = 0;
        int at = 0;
        boolean lastIsWord = false;
        while (at < query.length() && words < WORDS_MAX) {
            char character = query.charAt(at);
            if (Character.isWhitespace(character)) {
                lastIsWord = false;
                at++;
                continue;
            }
            boolean minus = character == '-' && at + 1 < query.length();
            int from = minus ? at + 1 : at;
            boolean quoted = query.charAt(from) == '"';
            int end = quoted ? closingQuote(query, from + 1) : wordEnd(query, from);
            String token = query.substring(quoted ? from + 1 : from, end);
            at = quoted ? Math.min(query.length(), end + 1) : end;
            List<String> said = Words.list(token);
            said = said.subList(0, Math.min(said.size(), WORDS_MAX - words));
            words += said.size();
            lastIsWord = !quoted && !minus && !said.isEmpty();
            if (said.isEmpty()) {
                continue;
            }
            if (minus) {
                excluded.add(said);
            } else if (!quoted && token.toLowerCase(Locale.ROOT).equals("or")) {
                parts.add(new Part.Or());
                lastIsWord = false;
            } else {
                parts.add(new Part.Phrase(said, quoted));
                meaning.add(token);
            }
        }
        QueryText text = new QueryText(List.copyOf(parts), List.copyOf(excluded), lastIsWord, meaning.toString());
        if (text.words().isEmpty()) {
            throw new SearchException.InvalidQuery("the query has no word to look for");
        }
        return text;
    }

    private static int closingQuote(String query, int from) {
        int end = query.indexOf('"', from);
        return end < 0 ? query.length() : end;
    }

    private static int wordEnd(String query, int from) {
        int end = from;
        while (end < query.length() && !Character.isWhitespace(query.charAt(end)) && query.charAt(end) != '"') {
            end++;
        }
        return Math.max(end, from + 1);
    }

    /** All words that are wanted. */
    List<String> words() {
        return said().stream().flatMap(phrase -> phrase.words().stream()).toList();
    }

    /** Words outside of quotes, which may be misspelt. */
    List<String> looseWords() {
        return said().stream()
                .filter(phrase -> !phrase.quoted())
                .flatMap(phrase -> phrase.words().stream())
                .toList();
    }

    List<List<String>> phrases() {
        return said().stream()
                .filter(Part.Phrase::quoted)
                .map(Part.Phrase::words)
                .toList();
    }

    private List<Part.Phrase> said() {
        return parts.stream()
                .filter(Part.Phrase.class::isInstance)
                .map(Part.Phrase.class::cast)
                .toList();
    }

    /** The last word if it may be unfinished, else null. */
    @Nullable
    String lastWord() {
        return unfinished && parts.getLast() instanceof Part.Phrase phrase
                ? phrase.words().getLast()
                : null;
    }

    /** In the syntax of {@code websearch_to_tsquery}, nothing in it but words, quotes and or. */
    String websearch() {
        return websearch(parts);
    }

    /** Without the last word. */
    String websearchBeforeLast() {
        if (parts.isEmpty() || !(parts.getLast() instanceof Part.Phrase last)) {
            return "";
        }
        List<Part> before = new ArrayList<>(parts.subList(0, parts.size() - 1));
        if (last.words().size() > 1) {
            before.add(new Part.Phrase(last.words().subList(0, last.words().size() - 1), last.quoted()));
        }
        while (!before.isEmpty() && before.getLast() instanceof Part.Or) {
            return "";
        }
        return websearch(before);
    }

    /** Any of its words that say something. */
    String anyWord() {
        List<String> telling = looseWords().stream()
                .filter(word -> !Language.isStopWord(word) && word.length() > 1)
                .distinct()
                .toList();
        return telling.size() < 2 ? "" : String.join(" or ", telling);
    }

    /** With these words in the place of others. */
    QueryText corrected(Map<String, String> corrections) {
        List<Part> replaced = parts.stream()
                .map(part -> part instanceof Part.Phrase(List<String> words, boolean quoted) && !quoted
                        ? new Part.Phrase(
                                words.stream()
                                        .map(word -> corrections.getOrDefault(Words.fold(word), word))
                                        .toList(),
                                false)
                        : part)
                .toList();
        String meant = corrections.entrySet().stream()
                .reduce(
                        Words.fold(Words.of(meaning)),
                        (text, one) -> text.replaceAll("\\b" + one.getKey() + "\\b", one.getValue()),
                        (_, last) -> last);
        return new QueryText(replaced, excluded, unfinished, meant);
    }

    static String phrase(List<String> words) {
        return "\"" + String.join(" ", words) + "\"";
    }

    private static String websearch(List<Part> parts) {
        return parts.stream()
                .map(part -> switch (part) {
                    case Part.Or _ -> "or";
                    case Part.Phrase(List<String> words, boolean quoted) ->
                        quoted || words.size() > 1 || words.getFirst().equals("or") ? phrase(words) : words.getFirst();
                })
                .collect(Collectors.joining(" "));
    }
}
