package dev.boardwalk.graph;

import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a question to the index may follow and cost.
 *
 * @param types the only types that are followed; null means all but CONTAINS and VERSION_OF
 * @param projects numbers of the only projects whose vertices may be seen or gone through; null means all
 * @param depthMax how many relationships away it looks, {@link #ALL} for as far as they lead
 * @param limit vertices in the answer
 * @param steps relationships that are looked at before it gives up; the answer is truncated then
 * @param cancelled asked now and then: the question is dropped once it says yes
 */
public record Question(
        @Nullable Set<String> types,
        @Nullable Set<Long> projects,
        int depthMax,
        int limit,
        long steps,
        BooleanSupplier cancelled) {
    public static final int ALL = Integer.MAX_VALUE;

    private static final Set<String> NOT_BY_DEFAULT = Set.of(RelationshipType.CONTAINS, RelationshipType.VERSION_OF);

    public Question {
        if (depthMax < 1 || limit < 1 || steps < 1) {
            throw new IllegalArgumentException("depth " + depthMax + ", limit " + limit + " and steps " + steps
                    + " of a question have to be at least 1");
        }
    }

    /** Everything, as far as the limits allow. */
    public static Question all(GraphLimits limits) {
        return new Question(null, null, ALL, limits.vertices(), limits.steps(), () -> false);
    }

    /** A bit for each type of the view: whether it is followed. */
    long[] mask(Names<String> known) {
        long[] mask = new long[known.size() / Long.SIZE + 1];
        for (int type = 0; type < known.size(); type++) {
            String name = known.value(type);
            if (types == null ? !NOT_BY_DEFAULT.contains(name) : types.contains(name)) {
                mask[type >>> 6] |= 1L << type;
            }
        }
        return mask;
    }

    boolean sees(GraphView view, int vertex) {
        return projects == null || projects.contains(view.project(vertex));
    }
}
