package dev.boardwalk.graph.cypher;

import dev.boardwalk.graph.cypher.Expression.Call;
import dev.boardwalk.graph.cypher.Expression.Chain;
import dev.boardwalk.graph.cypher.Expression.Choice;
import dev.boardwalk.graph.cypher.Expression.Comparison;
import dev.boardwalk.graph.cypher.Expression.Exists;
import dev.boardwalk.graph.cypher.Expression.HasLabel;
import dev.boardwalk.graph.cypher.Expression.Link;
import dev.boardwalk.graph.cypher.Expression.ListOf;
import dev.boardwalk.graph.cypher.Expression.Literal;
import dev.boardwalk.graph.cypher.Expression.MapOf;
import dev.boardwalk.graph.cypher.Expression.Negative;
import dev.boardwalk.graph.cypher.Expression.Not;
import dev.boardwalk.graph.cypher.Expression.NullTest;
import dev.boardwalk.graph.cypher.Expression.Parameter;
import dev.boardwalk.graph.cypher.Expression.Property;
import dev.boardwalk.graph.cypher.Expression.Slice;
import dev.boardwalk.graph.cypher.Expression.Subscript;
import dev.boardwalk.graph.cypher.Expression.Test;
import dev.boardwalk.graph.cypher.Expression.Variable;
import dev.boardwalk.graph.cypher.Expression.When;
import dev.boardwalk.graph.cypher.Query.Entry;
import dev.boardwalk.graph.cypher.Query.Name;
import dev.boardwalk.graph.cypher.Scope.Binding;
import dev.boardwalk.graph.cypher.Scope.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Writes expressions for the database. Whatever comes out consists of our own words, numbers printed from their values,
 * and references to values: no character of the caller's text.
 */
final class ExpressionWriter {
    /** Comparisons in a row repeat their operands, and those inside them again: not beyond this. */
    private static final int TEXT_MAX = 400_000;

    private final Values values;
    private final Calls calls;
    private final PatternWriter patterns;

    ExpressionWriter(Values values, Reach reach) {
        this.values = values;
        this.calls = new Calls(values, this);
        this.patterns = new PatternWriter(values, reach, this);
    }

    PatternWriter patterns() {
        return patterns;
    }

    /**
     * An expression that stands for itself: brackets are around it where they matter.
     *
     * @param aggregates whether functions that sum up rows may be used here
     */
    String write(Expression expression, Scope scope, boolean aggregates) {
        String text = switch (expression) {
            case Literal literal -> literal(literal.value());
            case Parameter parameter -> values.parameter(parameter.place(), parameter.name());
            case Variable variable ->
                scope.of(variable.place(), variable.name()).text();
            case Property property -> property(property, scope, aggregates);
            case Subscript at -> value(at.of(), scope, aggregates) + "[" + write(at.index(), scope, aggregates) + "]";
            case Slice slice ->
                value(slice.of(), scope, aggregates) + "[" + maybe(slice.from(), scope, aggregates) + ".."
                        + maybe(slice.to(), scope, aggregates) + "]";
            case HasLabel test -> hasLabel(test, scope, aggregates);
            case ListOf list -> "[" + joined(list.values(), scope, aggregates) + "]";
            case MapOf map -> map(map, scope, aggregates);
            case Not not -> "(NOT (" + write(not.of(), scope, aggregates) + "))";
            case Negative negative -> "(-(" + write(negative.of(), scope, aggregates) + "))";
            case Chain chain -> chain(chain, scope, aggregates);
            case Comparison comparison -> comparison(comparison, scope, aggregates);
            case Test test ->
                "(" + write(test.of(), scope, aggregates) + " " + test.operator() + " "
                        + write(test.against(), scope, aggregates) + ")";
            case NullTest test ->
                "(" + write(test.of(), scope, aggregates) + (test.isNull() ? " IS NULL)" : " IS NOT NULL)");
            case Call call -> calls.write(call, scope, aggregates);
            case Choice choice -> choice(choice, scope, aggregates);
            case Exists exists -> patterns.exists(exists, scope);
        };
        if (text.length() > TEXT_MAX) {
            throw new CypherException.TooLarge(expression.place(), "the expression is too large");
        }
        return text;
    }

    String joined(List<Expression> expressions, Scope scope, boolean aggregates) {
        return expressions.stream()
                .map(expression -> write(expression, scope, aggregates))
                .collect(Collectors.joining(", "));
    }

    /** A property's or map's key, in backticks: letters, digits and underscores, and nothing that is ours alone. */
    static String key(Name name) {
        if (!name.text().matches("[A-Za-z_][A-Za-z0-9_]{0,62}")) {
            throw new CypherException.Unsupported(
                    name.place(), "a property's name consists of up to 63 letters, digits and underscores");
        }
        if (Internals.hides(name.text())) {
            throw new CypherException.Unsupported(name.place(), "there is no property \"" + name.text() + "\"");
        }
        return "`" + name.text() + "`";
    }

    private String literal(@Nullable Object value) {
        return switch (value) {
            case null -> "null";
            case String text -> values.value(text);
            case Object number -> number.toString();
        };
    }

    private String property(Property property, Scope scope, boolean aggregates) {
        if (property.of() instanceof Variable variable && property.key().text().equals("type")) {
            Binding binding = scope.of(variable.place(), variable.name());
            if (binding.kind() == Kind.RELATIONSHIP) {
                return calls.type(binding.text());
            }
        }
        return value(property.of(), scope, aggregates) + "." + key(property.key());
    }

    /** Something that a property or element can be read from. */
    private String value(Expression of, Scope scope, boolean aggregates) {
        String text = write(of, scope, aggregates);
        return of instanceof Variable ? text : "(" + text + ")";
    }

    private String hasLabel(HasLabel test, Scope scope, boolean aggregates) {
        String of = write(test.of(), scope, aggregates);
        return test.labels().stream()
                .map(label -> "(label(" + of + ") = " + values.value(PatternWriter.label(label)) + ")")
                .collect(Collectors.joining(" AND ", "(", ")"));
    }

    private String map(MapOf map, Scope scope, boolean aggregates) {
        List<String> entries = new ArrayList<>();
        for (Entry entry : map.entries()) {
            entries.add(key(entry.key()) + ": " + write(entry.value(), scope, aggregates));
        }
        return "{" + String.join(", ", entries) + "}";
    }

    private String chain(Chain chain, Scope scope, boolean aggregates) {
        StringBuilder text = new StringBuilder("(").append(write(chain.first(), scope, aggregates));
        for (Link link : chain.links()) {
            text.append(' ').append(link.operator()).append(' ').append(write(link.operand(), scope, aggregates));
        }
        return text.append(')').toString();
    }

    private String comparison(Comparison comparison, Scope scope, boolean aggregates) {
        List<String> tests = new ArrayList<>();
        String left = write(comparison.first(), scope, aggregates);
        for (Link link : comparison.links()) {
            String right = write(link.operand(), scope, aggregates);
            tests.add("(" + left + " " + link.operator() + " " + right + ")");
            left = right;
        }
        return tests.size() == 1 ? tests.getFirst() : "(" + String.join(" AND ", tests) + ")";
    }

    private String choice(Choice choice, Scope scope, boolean aggregates) {
        StringBuilder text = new StringBuilder("(CASE");
        if (choice.of() != null) {
            text.append(' ').append(write(choice.of(), scope, aggregates));
        }
        for (When when : choice.whens()) {
            text.append(" WHEN ").append(write(when.condition(), scope, aggregates));
            text.append(" THEN ").append(write(when.value(), scope, aggregates));
        }
        if (choice.otherwise() != null) {
            text.append(" ELSE ").append(write(choice.otherwise(), scope, aggregates));
        }
        return text.append(" END)").toString();
    }

    private String maybe(@Nullable Expression expression, Scope scope, boolean aggregates) {
        return expression == null ? "" : write(expression, scope, aggregates);
    }
}
