package dev.boardwalk.graph.cypher;

import java.time.Duration;

/**
 * The bounds of one query: nothing that a caller sends can make the process or the database hold or do more.
 *
 * @param queryCharacters longest text of a query
 * @param depth brackets within brackets, in a query and in its parameters
 * @param patternElements nodes and relationships of all patterns together: each is a join
 * @param clauses clauses of all branches together
 * @param branches queries joined by UNION
 * @param parameterBytes all parameters together, as JSON in UTF-8
 * @param rows most rows that may be asked for
 * @param answerBytes text of all rows; what is above is left out, and the answer says so
 * @param timeout for the whole answer, in the database
 * @param concurrent queries that run at one time; others wait for one of these as long as the timeout
 */
public record CypherLimits(
        int queryCharacters,
        int depth,
        int patternElements,
        int clauses,
        int branches,
        int parameterBytes,
        int rows,
        int answerBytes,
        Duration timeout,
        int concurrent) {

    /** Rows of an answer about whose number nothing was said. */
    public static final int ROWS_DEFAULT = 1_000;

    /** The limits of a gateway about which nothing was said. */
    public static final CypherLimits DEFAULTS =
            new CypherLimits(20_000, 50, 24, 32, 8, 256 * 1024, 10_000, 16 * 1024 * 1024, Duration.ofSeconds(5), 4);

    public CypherLimits {
        positive("queryCharacters", queryCharacters);
        positive("depth", depth);
        positive("patternElements", patternElements);
        positive("clauses", clauses);
        positive("branches", branches);
        positive("parameterBytes", parameterBytes);
        positive("rows", rows);
        positive("answerBytes", answerBytes);
        positive("concurrent", concurrent);
        if (timeout.toMillis() < 1) {
            throw new IllegalArgumentException("timeout must be at least a millisecond, was " + timeout);
        }
    }

    /** The same with another patience. */
    public CypherLimits withTimeout(Duration other) {
        return new CypherLimits(
                queryCharacters,
                depth,
                patternElements,
                clauses,
                branches,
                parameterBytes,
                rows,
                answerBytes,
                other,
                concurrent);
    }

    private static void positive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be at least 1, was " + value);
        }
    }
}
