package dev.boardwalk.graph.cypher;

import dev.boardwalk.graph.cypher.Expression.Variable;
import dev.boardwalk.graph.cypher.Query.Branch;
import dev.boardwalk.graph.cypher.Query.Clause;
import dev.boardwalk.graph.cypher.Query.Item;
import dev.boardwalk.graph.cypher.Query.Match;
import dev.boardwalk.graph.cypher.Query.Name;
import dev.boardwalk.graph.cypher.Query.Projection;
import dev.boardwalk.graph.cypher.Query.Result;
import dev.boardwalk.graph.cypher.Query.Sort;
import dev.boardwalk.graph.cypher.Query.Unwind;
import dev.boardwalk.graph.cypher.Query.With;
import dev.boardwalk.graph.cypher.Scope.Binding;
import dev.boardwalk.graph.cypher.Scope.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Writes a query anew for the database: the same question, asked of one organisation only.
 *
 * <p>Where Apache AGE differs from Cypher the text is written so that it agrees: an OPTIONAL MATCH at the beginning gets a
 * row to keep, a MATCH after an OPTIONAL MATCH gets a WITH in between, an ORDER BY that computes with a column's new name gets the column's expression, and a node keeps its
 * variable when a WITH gives it another name.
 */
final class QueryWriter {
    private static final int TEXT_MAX = 800_000;

    private final Values values;
    private final ExpressionWriter expressions;
    private final Calls numbers;

    private QueryWriter(Values values, Reach reach) {
        this.values = values;
        this.expressions = new ExpressionWriter(values, reach);
        this.numbers = new Calls(values, expressions);
    }

    /**
     * Checks and writes the query.
     *
     * @throws CypherException if it says what cannot be answered
     */
    static AgeQuery write(Query query, Reach reach, Map<String, @Nullable Object> parameters, CypherLimits limits) {
        Values values = new Values(limits, parameters);
        return new QueryWriter(values, reach).write(query);
    }

    private AgeQuery write(Query query) {
        StringBuilder text = new StringBuilder();
        List<String> columns = List.of();
        for (Branch branch : query.branches()) {
            if (!text.isEmpty()) {
                text.append(branch.all() ? "\nUNION ALL\n" : "\nUNION\n");
            }
            List<String> own = branch(branch, text);
            if (!columns.isEmpty() && !own.equals(columns)) {
                throw new CypherException.Invalid(
                        branch.place(),
                        "queries joined by UNION need the same columns, these differ: " + columns + ", " + own);
            }
            columns = own;
            if (text.length() > TEXT_MAX) {
                throw new CypherException.TooLarge(branch.place(), "the query is too large");
            }
        }
        return new AgeQuery(text.toString(), values.json(), columns, values.names());
    }

    /** Answers the names of its columns. */
    private List<String> branch(Branch branch, StringBuilder text) {
        Scope scope = new Scope();
        List<String> columns = List.of();
        boolean afterOptional = false;
        for (Clause clause : branch.clauses()) {
            switch (clause) {
                case Match match -> {
                    if (match.optional() && clause == branch.clauses().getFirst()) {
                        line(text, "WITH 1 AS " + values.newVariable());
                    }
                    if (afterOptional && !match.optional()) {
                        line(text, "WITH " + everything(scope));
                    }
                    line(
                            text,
                            expressions
                                    .patterns()
                                    .match(
                                            match.optional() ? "OPTIONAL MATCH" : "MATCH",
                                            match.patterns(),
                                            match.where(),
                                            scope));
                }
                case Unwind unwind -> {
                    Binding binding = new Binding(values.newVariable(unwind.variable()), Kind.VALUE);
                    line(text, "UNWIND " + expressions.write(unwind.list(), scope, false) + " AS " + binding.text());
                    scope.bind(unwind.variable(), binding);
                }
                case With with -> scope = with(with, scope, text);
                case Result result -> columns = result(result.projection(), scope, text);
            }
            afterOptional = clause instanceof Match match && match.optional();
        }
        return columns;
    }

    /** All that is in scope, for a WITH that changes nothing. */
    private String everything(Scope scope) {
        return scope.all().isEmpty()
                ? "1 AS " + values.newVariable()
                : scope.all().values().stream().map(Binding::text).distinct().collect(Collectors.joining(", "));
    }

    private Scope with(With with, Scope scope, StringBuilder text) {
        Projection projection = with.projection();
        List<String> columns = new ArrayList<>();
        Scope next = new Scope();
        Scope sorting = scope.copy();
        if (projection.everything()) {
            scope.all().forEach((name, binding) -> {
                next.rebind(name, binding);
                columns.add(binding.text());
            });
        }
        for (Item item : projection.items()) {
            columns.add(column(item, scope, next, sorting));
        }
        if (columns.isEmpty()) {
            throw new CypherException.Invalid(projection.place(), "there is no variable that WITH * could keep");
        }
        line(text, "WITH " + projected(projection, columns, sorting));
        if (with.where() != null) {
            text.append(" WHERE ").append(expressions.write(with.where(), next, false));
        }
        return next;
    }

    /** One column of a WITH; binds its name in the next scope. */
    private String column(Item item, Scope scope, Scope next, Scope sorting) {
        Name alias = item.alias();
        if (item.value() instanceof Variable variable) {
            Binding binding = scope.of(variable.place(), variable.name());
            Name name = alias == null ? new Name(variable.place(), variable.name()) : alias;
            if (!next.holds(binding)) {
                next.bind(name, binding);
                sorting.rebind(name.text(), binding);
                return binding.text();
            }
            alias = name;
        }
        if (alias == null) {
            throw new CypherException.Invalid(item.value().place(), "in WITH this needs a name: … AS name");
        }
        String value = expressions.write(item.value(), scope, true);
        Binding binding = new Binding(values.newVariable(alias), Kind.VALUE);
        next.bind(alias, binding);
        sorting.rebind(alias.text(), new Binding("(" + value + ")", Kind.VALUE));
        return value + " AS " + binding.text();
    }

    private List<String> result(Projection projection, Scope scope, StringBuilder text) {
        List<String> names = new ArrayList<>();
        List<String> columns = new ArrayList<>();
        Scope sorting = scope.copy();
        if (projection.everything()) {
            scope.all().forEach((name, binding) -> {
                names.add(name);
                columns.add(binding.text() + " AS " + values.newVariable());
            });
        }
        for (Item item : projection.items()) {
            String value = expressions.write(item.value(), scope, true);
            Name alias = item.alias();
            String name = alias == null ? item.text() : alias.text();
            if (names.contains(name)) {
                throw new CypherException.Invalid(
                        item.value().place(), "two columns are called \"" + name + "\": give one another name with AS");
            }
            names.add(name);
            columns.add(value + " AS " + values.newVariable());
            if (alias != null) {
                sorting.rebind(
                        alias.text(),
                        new Binding(item.value() instanceof Variable ? value : "(" + value + ")", Kind.VALUE));
            }
        }
        if (columns.isEmpty()) {
            throw new CypherException.Invalid(projection.place(), "there is no variable that RETURN * could answer");
        }
        line(text, "RETURN " + projected(projection, columns, sorting));
        return names;
    }

    private String projected(Projection projection, List<String> columns, Scope sorting) {
        StringBuilder text = new StringBuilder(projection.distinct() ? "DISTINCT " : "");
        text.append(String.join(", ", columns));
        String separator = " ORDER BY ";
        for (Sort sort : projection.order()) {
            text.append(separator)
                    .append(expressions.write(sort.by(), sorting, true))
                    .append(sort.descending() ? " DESC" : " ASC");
            separator = ", ";
        }
        if (projection.skip() != null) {
            text.append(" SKIP ").append(count(projection.skip()));
        }
        if (projection.limit() != null) {
            text.append(" LIMIT ").append(count(projection.limit()));
        }
        return text.toString();
    }

    private long count(Expression expression) {
        long number = numbers.whole(expression);
        if (number < 0) {
            throw new CypherException.Invalid(expression.place(), "SKIP and LIMIT take no negative number");
        }
        return number;
    }

    private static void line(StringBuilder text, String clause) {
        text.append(text.isEmpty() || text.charAt(text.length() - 1) == '\n' ? "" : "\n")
                .append(clause);
    }
}
