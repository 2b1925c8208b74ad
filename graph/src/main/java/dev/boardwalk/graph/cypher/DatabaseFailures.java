package dev.boardwalk.graph.cypher;

import dev.boardwalk.store.StoreException;
import java.sql.SQLException;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the database's failures mean to somebody who asked a query, by SQLSTATE (Postgres, appendix A). */
final class DatabaseFailures {
    private static final Logger log = LoggerFactory.getLogger(DatabaseFailures.class);

    private static final int KIND = 2;

    private static final Pattern VARIABLE = Pattern.compile("\\bv\\d+\\b");

    private DatabaseFailures() {}

    static RuntimeException of(SQLException failure, CypherLimits limits) {
        String state = failure.getSQLState() == null ? "" : failure.getSQLState();
        if (state.equals("57014")) {
            return timedOut(limits, failure);
        }
        return switch (state.length() < KIND ? "" : state.substring(0, KIND)) {
            // Data, limits of the program, syntax, features, AGE's own refusals: the query's fault, on rows of its own.
            case "20", "21", "22", "23", "2F", "42", "44", "54", "P0", "0A", "XX" -> {
                if (state.equals("42501")) {
                    log.warn("a query was refused for want of a right, which should not be possible", failure);
                }
                yield new CypherException.Failed("the database cannot compute this: " + text(failure), failure);
            }
            case "53" ->
                state.equals("53100") || state.equals("53200") || state.equals("53400")
                        ? new CypherException.Failed("the query needs more memory or space than there is", failure)
                        : unavailable(failure);
            default -> unavailable(failure);
        };
    }

    /** Those of a query, in the words of its caller. */
    static RuntimeException of(SQLException failure, CypherLimits limits, Map<String, String> names) {
        return switch (of(failure, limits)) {
            case CypherException.Failed failed ->
                new CypherException.Failed(
                        VARIABLE.matcher(String.valueOf(failed.getMessage()))
                                .replaceAll(found ->
                                        Matcher.quoteReplacement(names.getOrDefault(found.group(), found.group()))),
                        failure);
            case RuntimeException other -> other;
        };
    }

    static CypherException timedOut(CypherLimits limits, SQLException cause) {
        return new CypherException.TimedOut(
                "the query takes longer than " + limits.timeout().toMillis() + " ms: narrow its patterns down", cause);
    }

    private static StoreException unavailable(SQLException failure) {
        return new StoreException.Unavailable("cannot ask the graph: " + text(failure), failure);
    }

    /** The message without what drivers and servers add in further lines. */
    private static String text(SQLException failure) {
        String message = String.valueOf(failure.getMessage());
        int end = message.indexOf('\n');
        return (end < 0 ? message : message.substring(0, end)).replaceFirst("^ERROR: ", "");
    }
}
