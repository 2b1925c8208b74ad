package dev.boardwalk.search;

import io.vertx.core.json.JsonObject;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The tokens of a text as BERT models without case want them: words and punctuation, lower case, without accents, each
 * cut greedily into the longest pieces that the vocabulary has.
 */
final class WordPiece {
    static final int UNKNOWN = 100;
    private static final int BEGIN = 101;
    private static final int END = 102;

    /** A longer word is unknown as a whole, as the model was taught. */
    private static final int WORD_LENGTH_MAX = 100;

    private final Map<String, Integer> vocabulary = new HashMap<>();

    /** @param tokenizer the description that comes with the model, JSON */
    WordPiece(String tokenizer) {
        JsonObject pieces = new JsonObject(tokenizer).getJsonObject("model").getJsonObject("vocab");
        pieces.forEach(piece -> vocabulary.put(piece.getKey(), ((Number) piece.getValue()).intValue()));
    }

    /** Whether the vocabulary has it as a whole. */
    boolean isWord(String word) {
        return vocabulary.containsKey(word);
    }

    /** At most so many tokens, the first and the last of which are the model's marks. */
    long[] tokens(String text, int most) {
        List<Integer> tokens = new ArrayList<>();
        tokens.add(BEGIN);
        for (String word : words(text)) {
            pieces(word, tokens);
            if (tokens.size() >= most - 1) {
                break;
            }
        }
        long[] result = new long[Math.min(most, tokens.size() + 1)];
        for (int i = 0; i < result.length - 1; i++) {
            result[i] = tokens.get(i);
        }
        result[result.length - 1] = END;
        return result;
    }

    private void pieces(String word, List<Integer> tokens) {
        if (word.length() > WORD_LENGTH_MAX) {
            tokens.add(UNKNOWN);
            return;
        }
        int size = tokens.size();
        int from = 0;
        while (from < word.length()) {
            int to = word.length();
            Integer piece = null;
            while (to > from && piece == null) {
                String part = word.substring(from, to);
                piece = vocabulary.get(from == 0 ? part : "##" + part);
                to = piece == null ? to - 1 : to;
            }
            if (piece == null) {
                tokens.subList(size, tokens.size()).clear();
                tokens.add(UNKNOWN);
                return;
            }
            tokens.add(piece);
            from = to;
        }
    }

    private static List<String> words(String text) {
        String normal = Normalizer.normalize(text.toLowerCase(Locale.ROOT), Normalizer.Form.NFD);
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        normal.codePoints().forEach(character -> {
            if (Character.getType(character) == Character.NON_SPACING_MARK || character == 0xfffd) {
                return;
            }
            boolean space = Character.isWhitespace(character) || Character.isSpaceChar(character);
            if (space || alone(character)) {
                finish(word, words);
                if (!space) {
                    words.add(Character.toString(character));
                }
            } else if (!Character.isISOControl(character)) {
                word.appendCodePoint(character);
            }
        });
        finish(word, words);
        return words;
    }

    private static void finish(StringBuilder word, List<String> words) {
        if (!word.isEmpty()) {
            words.add(word.toString());
            word.setLength(0);
        }
    }

    /** Punctuation, and Chinese characters. */
    private static boolean alone(int character) {
        if (character < 128) {
            return character > 32 && !Character.isLetterOrDigit(character) && character != 127;
        }
        return switch (Character.getType(character)) {
            case Character.CONNECTOR_PUNCTUATION,
                    Character.DASH_PUNCTUATION,
                    Character.START_PUNCTUATION,
                    Character.END_PUNCTUATION,
                    Character.INITIAL_QUOTE_PUNCTUATION,
                    Character.FINAL_QUOTE_PUNCTUATION,
                    Character.OTHER_PUNCTUATION -> true;
            default -> Character.isIdeographic(character);
        };
    }
}
