package dev.boardwalk.graph.cypher;

/**
 * Where in a query something stands.
 *
 * @param line counted from 1
 * @param column in characters (code points), counted from 1
 */
public record Place(int line, int column) {

    @Override
    public String toString() {
        return "line " + line + ", column " + column;
    }
}
