package dev.boardwalk.graph;

/** The rows of a view in one direction, neighbour by neighbour. */
final class Walk {

    /** Takes one neighbour and the number of the relationship's type. */
    interface Visitor {
        void visit(int neighbour, int type);
    }

    private final GraphView view;
    private final Direction direction;
    private final int[] from;
    private final int[] to;
    private final short[] type;
    private final boolean changes;

    Walk(GraphView view, Direction direction) {
        this.view = view;
        this.direction = direction;
        boolean out = direction == Direction.OUT;
        Adjacency base = view.base();
        this.from = out ? base.outFrom : base.inFrom;
        this.to = out ? base.outTo : base.inTo;
        this.type = out ? base.outType : base.inType;
        this.changes = view.hasChanges() || view.vertices() > base.vertices();
    }

    /** Visits all neighbours; answers how many there are. */
    int each(int vertex, Visitor visitor) {
        int[] row = changes ? view.changed(direction, vertex) : null;
        if (row != null) {
            for (int at = 0; at < row.length; at += 2) {
                visitor.visit(row[at], row[at + 1]);
            }
            return row.length / 2;
        }
        int end = from[vertex + 1];
        for (int at = from[vertex]; at < end; at++) {
            visitor.visit(to[at], type[at] & 0xFFFF);
        }
        return end - from[vertex];
    }
}
