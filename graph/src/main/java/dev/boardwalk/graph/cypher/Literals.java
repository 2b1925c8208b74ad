package dev.boardwalk.graph.cypher;

import dev.boardwalk.graph.cypher.Expression.Literal;
import dev.boardwalk.graph.cypher.grammar.CypherParser;
import org.antlr.v4.runtime.Token;

/** The values that numbers, strings and words of a query stand for. */
final class Literals {
    private static final int HEX = 16;
    private static final int SHORT_ESCAPE = 4;
    private static final int LONG_ESCAPE = 8;

    private Literals() {}

    static Literal of(Token token, Place place) {
        return new Literal(
                place,
                switch (token.getType()) {
                    case CypherParser.INTEGER -> integer(token.getText(), place);
                    case CypherParser.DECIMAL -> decimal(token.getText(), place);
                    case CypherParser.STRING -> string(token.getText(), place);
                    case CypherParser.TRUE -> true;
                    case CypherParser.FALSE -> false;
                    default -> null;
                });
    }

    private static Long integer(String text, Place place) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException _) {
            throw new CypherException.Invalid(place, "whole numbers go to " + Long.MAX_VALUE);
        }
    }

    private static Double decimal(String text, Place place) {
        double value = Double.parseDouble(text);
        if (Double.isInfinite(value)) {
            throw new CypherException.Invalid(place, "the number is too large");
        }
        return value;
    }

    private static String string(String quoted, Place place) {
        StringBuilder value = new StringBuilder(quoted.length());
        int end = quoted.length() - 1;
        int at = 1;
        while (at < end) {
            char next = quoted.charAt(at++);
            if (next != '\\') {
                value.append(next);
                continue;
            }
            char escape = quoted.charAt(at++);
            if (escape == 'u' || escape == 'U') {
                int digits = escape == 'u' ? SHORT_ESCAPE : LONG_ESCAPE;
                value.appendCodePoint(codePoint(quoted, at, Math.min(at + digits, end), digits, place));
                at += digits;
            } else {
                value.append(escaped(escape, place));
            }
        }
        return Texts.storable(value.toString(), place);
    }

    private static int codePoint(String text, int from, int to, int digits, Place place) {
        try {
            if (to - from == digits) {
                int value = Integer.parseUnsignedInt(text, from, to, HEX);
                if (Character.isValidCodePoint(value)) {
                    return value;
                }
            }
        } catch (NumberFormatException _) {
            // The same answer.
        }
        throw new CypherException.Invalid(place, "\\u takes four hexadecimal digits, \\U eight, of a character");
    }

    private static char escaped(char escape, Place place) {
        return switch (escape) {
            case '\\', '\'', '"', '`' -> escape;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            default ->
                throw new CypherException.Invalid(
                        place,
                        "a string may hold \\\\ \\' \\\" \\` \\b \\f \\n \\r \\t \\u0000 \\U00000000 after a backslash");
        };
    }
}
