package dev.boardwalk.graph.cypher;

import dev.boardwalk.graph.cypher.Query.Entry;
import dev.boardwalk.graph.cypher.Query.Name;
import dev.boardwalk.graph.cypher.Query.Pattern;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a query computes from the variables of a row. */
sealed interface Expression {

    Place place();

    /** Null, a Boolean, Long, Double or String. */
    record Literal(Place place, @Nullable Object value) implements Expression {}

    record Parameter(Place place, String name) implements Expression {}

    record Variable(Place place, String name) implements Expression {}

    record Property(Place place, Expression of, Name key) implements Expression {}

    record Subscript(Place place, Expression of, Expression index) implements Expression {}

    record Slice(
            Place place,
            Expression of,
            @Nullable Expression from,
            @Nullable Expression to) implements Expression {}

    record HasLabel(Place place, Expression of, List<Name> labels) implements Expression {}

    record ListOf(Place place, List<Expression> values) implements Expression {}

    record MapOf(Place place, List<Entry> entries) implements Expression {}

    record Not(Place place, Expression of) implements Expression {}

    record Negative(Place place, Expression of) implements Expression {}

    /** Operands of one rank, from left to right: {@code a + b - c}. */
    record Chain(Place place, Expression first, List<Link> links) implements Expression {}

    /** Comparisons that must all hold: {@code 1 < a < 3}. */
    record Comparison(Place place, Expression first, List<Link> links) implements Expression {}

    /** IN, STARTS WITH, ENDS WITH or CONTAINS. */
    record Test(Place place, Expression of, String operator, Expression against) implements Expression {}

    record NullTest(Place place, Expression of, boolean isNull) implements Expression {}

    record Call(Place place, String function, boolean distinct, boolean star, List<Expression> arguments)
            implements Expression {}

    record Choice(
            Place place,
            @Nullable Expression of,
            List<When> whens,
            @Nullable Expression otherwise) implements Expression {}

    record Exists(
            Place place, List<Pattern> patterns, @Nullable Expression where) implements Expression {}

    /** One of the operators that the grammar names, in capitals, and what stands right of it. */
    record Link(String operator, Expression operand) {}

    record When(Expression condition, Expression value) {}
}
