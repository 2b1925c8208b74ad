package dev.boardwalk.gateway;

import io.vertx.core.buffer.Buffer;

/** How deeply arrays and objects are nested in a JSON text, seen before a parser goes down into it. */
final class JsonDepth {
    private JsonDepth() {}

    /** Whether the text nests more deeply than that; stops where it does. What is no JSON is for the parser to refuse. */
    static boolean exceeds(Buffer text, int depthMax) {
        int depth = 0;
        boolean inString = false;
        for (int i = 0; i < text.length(); i++) {
            byte next = text.getByte(i);
            if (inString) {
                if (next == '\\') {
                    i++;
                } else if (next == '"') {
                    inString = false;
                }
            } else if (next == '"') {
                inString = true;
            } else if (next == '{' || next == '[') {
                if (++depth > depthMax) {
                    return true;
                }
            } else if (next == '}' || next == ']') {
                depth--;
            }
        }
        return false;
    }
}
