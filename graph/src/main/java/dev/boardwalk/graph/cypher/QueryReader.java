package dev.boardwalk.graph.cypher;

import dev.boardwalk.graph.cypher.grammar.CypherLexer;
import dev.boardwalk.graph.cypher.grammar.CypherParser;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.Token;

/** The way from the text of a query to its tree, by the grammar and within the limits. */
final class QueryReader {
    private final CypherLimits limits;

    QueryReader(CypherLimits limits) {
        this.limits = limits;
    }

    /**
     * Reads a whole query. From any thread.
     *
     * @throws CypherException if it is too large or not of the subset; it names the place
     */
    Query read(String text) {
        if (text.length() > limits.queryCharacters()) {
            throw new CypherException.TooLarge(
                    null,
                    "the query has " + text.length() + " characters, at most " + limits.queryCharacters()
                            + " are read");
        }
        CypherLexer lexer = new CypherLexer(CharStreams.fromString(text));
        // Every character is part of some token: whether it may stand there is for the parser to say.
        lexer.removeErrorListeners();
        CommonTokenStream tokens = new CommonTokenStream(lexer);
        checkDepth(tokens);
        CypherParser parser = new CypherParser(tokens);
        parser.removeErrorListeners();
        parser.addErrorListener(new SyntaxErrors());
        return new QueryTree(limits).query(parser.statement());
    }

    /** Before parsing, which goes down one level with each bracket: the stack must hold it. */
    private void checkDepth(CommonTokenStream tokens) {
        tokens.fill();
        int depth = 0;
        int choices = 0;
        for (Token token : tokens.getTokens()) {
            if (token.getType() == CypherLexer.CASE) {
                choices++;
            }
            switch (token.getText()) {
                case "(", "[", "{" -> depth++;
                case ")", "]", "}" -> depth = Math.max(0, depth - 1);
                default -> {}
            }
            if (depth > limits.depth() || choices > limits.depth()) {
                throw new CypherException.TooLarge(
                        SyntaxErrors.place(token),
                        "at most " + limits.depth() + " levels of brackets or CASE are read");
            }
        }
    }
}
