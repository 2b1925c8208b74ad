package dev.boardwalk.graph.cypher;

import dev.boardwalk.graph.cypher.grammar.CypherParser;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import org.antlr.v4.runtime.BaseErrorListener;
import org.antlr.v4.runtime.Parser;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Recognizer;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.misc.IntervalSet;

/** What is said about the first token that does not fit the grammar; reading ends there. */
final class SyntaxErrors extends BaseErrorListener {
    private static final Set<String> WRITING =
            Set.of("CREATE", "MERGE", "SET", "DELETE", "DETACH", "REMOVE", "DROP", "FOREACH", "INSERT", "ALTER");

    private static final Set<String> CALLING = Set.of("CALL", "YIELD", "LOAD", "USE", "SHOW", "EXPLAIN", "PROFILE");

    private static final int EXPECTED_MAX = 8;
    private static final int SHOWN_CHARACTERS_MAX = 40;

    @Override
    public void syntaxError(
            Recognizer<?, ?> recognizer,
            Object offending,
            int line,
            int column,
            String message,
            RecognitionException failure) {
        Token token = (Token) offending;
        throw of(token, expected((Parser) recognizer, token));
    }

    static Place place(Token token) {
        return new Place(token.getLine(), token.getCharPositionInLine() + 1);
    }

    private static CypherException of(Token token, String expected) {
        Place place = place(token);
        String text = token.getText();
        String word = text.toUpperCase(Locale.ROOT);
        if (WRITING.contains(word)) {
            return new CypherException.Unsupported(
                    place,
                    word + " is not possible: queries only read; content is changed in its documents or over REST");
        }
        if (CALLING.contains(word)) {
            return new CypherException.Unsupported(
                    place,
                    word + " is not possible: a query consists of MATCH, OPTIONAL MATCH, UNWIND, WITH and RETURN");
        }
        if (token.getType() == Token.EOF) {
            return new CypherException.Invalid(place, "the query ends too early" + expected);
        }
        return switch (text) {
            case "!" -> new CypherException.Invalid(place, "unexpected \"!\"; \"not equal\" is written <>");
            case "~" ->
                new CypherException.Unsupported(
                        place,
                        "regular expressions (=~) are not possible; there is STARTS WITH, ENDS WITH and CONTAINS");
            case "'", "\"", "`" -> new CypherException.Invalid(place, "the quote that begins here does not end");
            default -> new CypherException.Invalid(place, "unexpected \"" + shown(text) + "\"" + expected);
        };
    }

    /** What may stand there, if that is little enough to help. */
    private static String expected(Parser parser, Token token) {
        IntervalSet types = parser.getExpectedTokens();
        if (types.contains(token.getType()) || types.size() > EXPECTED_MAX) {
            return "";
        }
        Set<String> names = new LinkedHashSet<>();
        for (int type : types.toList()) {
            names.add(name(type));
        }
        return "; expected " + String.join(", ", names);
    }

    private static String name(int type) {
        return switch (type) {
            case Token.EOF -> "the end";
            case CypherParser.SYMBOL, CypherParser.ESCAPED -> "a name";
            case CypherParser.INTEGER, CypherParser.DECIMAL -> "a number";
            case CypherParser.STRING -> "a string";
            default -> {
                String shown = CypherParser.VOCABULARY.getDisplayName(type).replace("'", "");
                yield shown.length() == 1 ? "\"" + shown + "\"" : shown;
            }
        };
    }

    private static String shown(String text) {
        return text.codePointCount(0, text.length()) <= SHOWN_CHARACTERS_MAX
                ? text
                : text.substring(0, text.offsetByCodePoints(0, SHOWN_CHARACTERS_MAX)) + "…";
    }
}
