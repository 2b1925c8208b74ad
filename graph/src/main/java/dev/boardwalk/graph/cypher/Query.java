package dev.boardwalk.graph.cypher;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A parsed query: branches joined by UNION.
 *
 * @param branches at least one
 */
record Query(List<Branch> branches) {

    /**
     * One of the queries that a UNION joins.
     *
     * @param all whether it joins the ones before it with its duplicates; false for the first
     */
    record Branch(Place place, boolean all, List<Clause> clauses) {}

    /** One step of a query: takes rows, gives rows. */
    sealed interface Clause {
        Place place();
    }

    record Match(
            Place place,
            boolean optional,
            List<Pattern> patterns,
            @Nullable Expression where) implements Clause {}

    record Unwind(Place place, Expression list, Name variable) implements Clause {}

    record With(Projection projection, @Nullable Expression where) implements Clause {
        @Override
        public Place place() {
            return projection.place();
        }
    }

    record Result(Projection projection) implements Clause {
        @Override
        public Place place() {
            return projection.place();
        }
    }

    /**
     * What WITH and RETURN make of rows.
     *
     * @param everything whether all variables in scope are kept, as by {@code *}
     */
    record Projection(
            Place place,
            boolean distinct,
            boolean everything,
            List<Item> items,
            List<Sort> order,
            @Nullable Expression skip,
            @Nullable Expression limit) {}

    /**
     * One column.
     *
     * @param text of the expression as it was written, for the name of the column
     */
    record Item(Expression value, String text, @Nullable Name alias) {}

    record Sort(Expression by, boolean descending) {}

    /** A name as the caller wrote it, without backticks. */
    record Name(Place place, String text) {}

    /**
     * A chain of nodes and relationships; the first node, and with each relationship the next one.
     *
     * @param search the function around it, as in {@code shortestPath((a)-[*]->(b))}
     */
    record Pattern(
            Place place,
            @Nullable Name variable,
            @Nullable Name search,
            List<Node> nodes,
            List<Relationship> relationships) {}

    record Node(Place place, @Nullable Name variable, List<Name> labels, List<Entry> properties) {}

    /**
     * The step between two nodes.
     *
     * @param direction as seen from the node before it
     * @param types any of them; empty means all
     * @param depth null for a single step
     */
    record Relationship(
            Place place,
            @Nullable Name variable,
            Direction direction,
            List<Name> types,
            List<Entry> properties,
            @Nullable Depth depth) {}

    enum Direction {
        OUT,
        IN,
        BOTH
    }

    /**
     * How many steps a relationship of variable length may have.
     *
     * @param most null means any number
     */
    record Depth(Place place, int least, @Nullable Integer most) {}

    record Entry(Name key, Expression value) {}
}
