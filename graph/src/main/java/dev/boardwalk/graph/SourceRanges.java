package dev.boardwalk.graph;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Parts of an organisation's relationships by their sources, together all of them, for several readers: whoever is done with
 * one takes the next, so nobody has to know how many relationships lie in which. Safe from any thread.
 */
final class SourceRanges {
    /** Of entities, and of elements: enough that readers are done at about the same time. */
    private static final int OF_EACH_LABEL = 8;

    /** Entities and elements are numbered each from their label's first number on. */
    private static final String SPANS = """
            select min(source_id), max(source_id) from graph.edge where org_id = ? and source_id < graph.element_vertex(0)
            union all
            select min(source_id), max(source_id) from graph.edge where org_id = ? and source_id >= graph.element_vertex(0)
            """;

    private final Queue<Range> left;

    private SourceRanges(List<Range> ranges) {
        this.left = new ArrayDeque<>(ranges);
    }

    /** Sources from the one to the other, both included. */
    record Range(long from, long through) {}

    /** Reads where the sources begin and end. */
    static SourceRanges of(Connection connection, long organisation) throws SQLException {
        List<Range> ranges = new ArrayList<>();
        try (PreparedStatement query = connection.prepareStatement(SPANS)) {
            query.setLong(1, organisation);
            query.setLong(2, organisation);
            try (ResultSet span = query.executeQuery()) {
                while (span.next()) {
                    long from = span.getLong(1);
                    if (!span.wasNull()) {
                        cut(from, span.getLong(2), ranges);
                    }
                }
            }
        }
        return new SourceRanges(ranges);
    }

    private static void cut(long from, long through, List<Range> into) {
        long width = (through - from) / OF_EACH_LABEL + 1;
        for (long start = from; start <= through; start += width) {
            into.add(new Range(start, Math.min(through, start + width - 1)));
        }
    }

    /** One that nobody has taken yet; null if there is none. */
    synchronized @Nullable Range next() {
        return left.poll();
    }

    /** Nobody gets any of what is left. */
    synchronized void stop() {
        left.clear();
    }
}
