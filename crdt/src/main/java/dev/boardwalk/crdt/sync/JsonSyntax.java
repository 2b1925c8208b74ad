package dev.boardwalk.crdt.sync;

import dev.boardwalk.crdt.sync.MalformedInput.Code;
import java.nio.charset.StandardCharsets;

/**
 * The check that a string on the wire is one JSON value (RFC 8259), without building it.
 *
 * <p>Everything that {@code JSON.parse} takes passes, also what few other readers do: half of a surrogate pair as an
 * escape, numbers beyond a double.
 */
final class JsonSyntax {
    private static final byte[] UNDEFINED = "undefined".getBytes(StandardCharsets.US_ASCII);

    private final ByteReader in;
    private final byte[] bytes;
    private final int end;
    private int at;

    private JsonSyntax(ByteReader in, int end) {
        this.in = in;
        this.bytes = in.bytes;
        this.end = end;
        this.at = in.position;
    }

    /** Passes over a string of JSON, or the word that stands for undefined in the old JSON content. */
    static void skipOrUndefined(ByteReader in, int depthMax) {
        if (!in.skipStringIf(UNDEFINED)) {
            skip(in, depthMax);
        }
    }

    /** Passes over a string of JSON whose arrays and objects are nested at most {@code depthMax} deep. */
    static void skip(ByteReader in, int depthMax) {
        int length = in.count(1);
        int from = in.position;
        in.skipUtf8(length);
        in.position = from;
        JsonSyntax json = new JsonSyntax(in, from + length);
        json.space();
        json.value(depthMax);
        json.space();
        if (json.at != json.end) {
            throw json.bad();
        }
        in.position = json.end;
    }

    private MalformedInput bad() {
        return refusal(Code.BAD_JSON, -1);
    }

    private MalformedInput refusal(Code code, long limit) {
        in.position = Math.min(at, end);
        return in.refusal(code, limit);
    }

    /** The byte at the present place, or 0 (which fits nowhere) at the end. */
    private int peek() {
        return at < end ? bytes[at] : 0;
    }

    private void space() {
        while (at < end && (bytes[at] == ' ' || bytes[at] == '\n' || bytes[at] == '\r' || bytes[at] == '\t')) {
            at++;
        }
    }

    private void value(int depth) {
        switch (peek()) {
            case '{' -> object(depth);
            case '[' -> array(depth);
            case '"' -> string();
            case 't' -> word("true");
            case 'f' -> word("false");
            case 'n' -> word("null");
            default -> number();
        }
    }

    private void object(int depth) {
        if (enter(depth, '}')) {
            return;
        }
        do {
            space();
            string();
            space();
            expect(':');
            space();
            value(depth - 1);
            space();
        } while (goesOn('}'));
    }

    private void array(int depth) {
        if (enter(depth, ']')) {
            return;
        }
        do {
            space();
            value(depth - 1);
            space();
        } while (goesOn(']'));
    }

    /** Takes the opening bracket; answers whether the closing one follows at once. */
    private boolean enter(int depth, int closing) {
        if (depth == 0) {
            throw refusal(Code.TOO_DEEP, -1);
        }
        at++;
        space();
        if (peek() == closing) {
            at++;
            return true;
        }
        return false;
    }

    /** Takes a comma (true) or the closing bracket (false). */
    private boolean goesOn(int closing) {
        int next = peek();
        if (next != ',' && next != closing) {
            throw bad();
        }
        at++;
        return next == ',';
    }

    private void expect(int wanted) {
        if (peek() != wanted) {
            throw bad();
        }
        at++;
    }

    private void word(String word) {
        for (int i = 0; i < word.length(); i++) {
            expect(word.charAt(i));
        }
    }

    private void string() {
        expect('"');
        while (true) {
            int next = peek();
            if (next >= 0 && next < 0x20) {
                throw bad();
            }
            at++;
            if (next == '"') {
                return;
            }
            if (next == '\\') {
                escape();
            }
        }
    }

    private void escape() {
        switch (peek()) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> at++;
            case 'u' -> unit();
            default -> throw bad();
        }
    }

    /** The four hexadecimal digits of a UTF-16 unit; half of a character by itself is JSON, too. */
    private void unit() {
        at++;
        for (int i = 0; i < 4; i++) {
            if (Character.digit(peek(), 16) < 0) {
                throw bad();
            }
            at++;
        }
    }

    private void number() {
        if (peek() == '-') {
            at++;
        }
        if (peek() == '0') {
            at++;
        } else {
            digits();
        }
        if (peek() == '.') {
            at++;
            digits();
        }
        if (peek() == 'e' || peek() == 'E') {
            at++;
            if (peek() == '+' || peek() == '-') {
                at++;
            }
            digits();
        }
    }

    private void digits() {
        int from = at;
        while (at < end && bytes[at] >= '0' && bytes[at] <= '9') {
            at++;
        }
        if (at == from) {
            throw bad();
        }
    }
}
