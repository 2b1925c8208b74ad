package dev.boardwalk.graph.cypher;

import dev.boardwalk.graph.cypher.Expression.Call;
import dev.boardwalk.graph.cypher.Expression.Literal;
import dev.boardwalk.graph.cypher.Expression.Negative;
import dev.boardwalk.graph.cypher.Expression.Parameter;
import dev.boardwalk.graph.cypher.Expression.Variable;
import dev.boardwalk.graph.cypher.Functions.Signature;
import dev.boardwalk.graph.cypher.Scope.Binding;
import dev.boardwalk.graph.cypher.Scope.Kind;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Writes calls of functions for the database. */
final class Calls {
    /** A range is a list in memory before its first number is used. */
    private static final long RANGE_MAX = 10_000;

    private final Values values;
    private final ExpressionWriter expressions;

    Calls(Values values, ExpressionWriter expressions) {
        this.values = values;
        this.expressions = expressions;
    }

    String write(Call call, Scope scope, boolean aggregates) {
        switch (call.function().toLowerCase(Locale.ROOT)) {
            case "type" -> {
                return type(only(call, scope, Kind.RELATIONSHIP));
            }
            case "properties" -> {
                return properties(only(call, scope, Kind.NODE));
            }
            case "range" -> {
                return range(call);
            }
            case "shortestpath", "allshortestpaths" -> throw PatternWriter.searched(call.place());
            default -> {}
        }
        Signature signature = Functions.find(call.place(), call.function());
        check(call, signature, aggregates);
        return signature.name()
                + "("
                + (call.distinct() ? "DISTINCT " : "")
                + (call.star()
                        ? "*"
                        : expressions.joined(call.arguments(), scope, aggregates && !signature.aggregate()))
                + ")";
    }

    /** The type of a relationship: its label, or beside the label that stands for all types without one of their own. */
    String type(String relationship) {
        String related = values.value(PatternWriter.RELATED);
        return "(CASE WHEN type(" + relationship + ") = " + related + " THEN " + relationship + ".`type` ELSE type("
                + relationship + ") END)";
    }

    private static String properties(String node) {
        return PatternWriter.PROPERTIES.stream()
                .map(key -> "`" + key + "`: " + node + ".`" + key + "`")
                .collect(Collectors.joining(", ", "{", "}"));
    }

    private static void check(Call call, Signature signature, boolean aggregates) {
        if (signature.aggregate() && !aggregates) {
            throw new CypherException.Invalid(
                    call.place(),
                    call.function()
                            + "() sums up rows: it can stand in WITH and RETURN, not inside another such function");
        }
        if ((call.distinct() && !signature.aggregate())
                || (call.star() && !signature.name().equals("count"))) {
            throw new CypherException.Invalid(
                    call.place(), call.function() + "() takes no " + (call.star() ? "*" : "DISTINCT"));
        }
        int count = call.arguments().size();
        if (!call.star() && (count < signature.least() || count > signature.most())) {
            throw new CypherException.Invalid(
                    call.place(), call.function() + "() does not take " + count + " arguments");
        }
    }

    private static String only(Call call, Scope scope, Kind kind) {
        if (call.arguments().size() == 1 && call.arguments().getFirst() instanceof Variable variable) {
            Binding binding = scope.of(variable.place(), variable.name());
            if (binding.kind() == kind) {
                return binding.text();
            }
        }
        throw new CypherException.Unsupported(
                call.place(),
                call.function() + "() takes the variable of a "
                        + (kind == Kind.NODE ? "node, as in (a)" : "relationship, as in -[r]->"));
    }

    private String range(Call call) {
        List<Expression> arguments = call.arguments();
        if (arguments.size() < 2 || arguments.size() > 3 || call.distinct() || call.star()) {
            throw new CypherException.Invalid(call.place(), "range() takes two or three whole numbers");
        }
        long from = whole(arguments.get(0));
        long to = whole(arguments.get(1));
        long step = arguments.size() == 3 ? whole(arguments.get(2)) : 1;
        if (step == 0) {
            throw new CypherException.Invalid(call.place(), "the step of range() cannot be 0");
        }
        double count = ((double) to - from) / step + 1;
        if (count > RANGE_MAX) {
            throw new CypherException.TooLarge(call.place(), "range() gives at most " + RANGE_MAX + " numbers");
        }
        return "range(" + from + ", " + to + ", " + step + ")";
    }

    /** A number that is known before the query runs. */
    long whole(Expression expression) {
        return switch (expression) {
            case Literal(Place _, Long number) -> number;
            case Negative(Place _, Literal(Place _, Long number)) -> -number;
            case Parameter parameter
            when values.given(parameter.place(), parameter.name()) instanceof Number number
                    && (number instanceof Integer || number instanceof Long) -> number.longValue();
            default ->
                throw new CypherException.Invalid(
                        expression.place(), "here stands a whole number, or a parameter that is one");
        };
    }
}
