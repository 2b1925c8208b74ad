package dev.boardwalk.search;

import com.pgvector.PGhalfvec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The list of what is nearest in meaning to a question, as a part of its statement. */
final class NearestInMeaning {
    static final int MEANING_MAX = 50;

    /** Nearest chunks; several may belong to one document. */
    static final int CHUNKS_MAX = 150;

    /** A board whose node is found too stands behind it by this distance: the node is what was looked for. */
    private static final double BOARD_BEHIND = 0.3;

    /**
     * How much the meaning of a board counts for its nodes beside their own: a note of few words is about what its board
     * is about. What is no node is its own surroundings.
     */
    private static final double SURROUNDINGS = 0.3;

    /** How near the others must be, as a part of how near the best is. */
    private static final double LEAST_OF_BEST = 0.45;

    /** The same for a board of which a node is found too, and which says it again. */
    private static final double BOARD_LEAST_OF_BEST = 0.6;

    /** All vectors of the organisation. */
    private static final String EXACT = """
            select entity_id, element, distance
            from (
                select e.entity_id, e.element, e.vector <=> ? as distance
                from search.embedding e %s
                where e.org_id = ? and e.model_id = ?::smallint and vector_dims(e.vector) = ? %s
                offset 0) every
            order by distance
            limit ?
            """;

    /** By the organisation's own index. */
    private static final String APPROXIMATE = """
            select e.entity_id, e.element, %1$s <=> ? as distance
            from search.embedding e %2$s
            where %3$s %4$s
            order by %1$s <=> ?
            limit ?
            """;

    /** Documents, by their nearest chunks. around: the distance of what they stand in. */
    private static final String SURROUNDED = """
            select entity_id, element, min(distance) as distance,
                   case when element = '' then min(distance) else coalesce((
                       select min(board.vector <=> ?) from search.embedding board
                       where board.org_id = ? and board.model_id = ?::smallint and board.entity_id = nearest.entity_id
                         and board.element = '' and vector_dims(board.vector) = ?), 1) end as around,
                   case when element = '' and count(*) over (partition by entity_id) > 1 then ? else 0 end as behind
            from (
                %s) nearest
            group by entity_id, element
            """;

    /** near: how near it counts as, and is shown with its own cosine. */
    private static final String MEANING_LIST = """
            select 'meaning', entity_id, element, row_number() over (order by near - behind desc, entity_id, element),
                   1 - distance
            from (
                select *, max(near - behind) over () as nearest, max(1 - distance - behind) over () as most_alike
                from (
                    select *, 1 - distance + case when behind > 0 then 0 else ? * greatest(0, 1 - around) end as near
                    from (
                        %s) documents) surrounded
                order by near - behind desc, entity_id, element
                limit ?) best
            where most_alike >= ?
              and case when behind > 0 then 1 - distance >= most_alike * ? else near >= nearest * ? end
            """;

    private NearestInMeaning() {}

    static void add(SqlText sql, Fusion.Question question, QueryVector vector) {
        Questions.Resolved resolved = question.resolved();
        String type = question.request().type();
        String filter = "";
        List<@Nullable Object> filters = new ArrayList<>();
        if (resolved.projects() != null) {
            filter += " and d.project_id = any (?::bigint[])";
            filters.add(SqlText.array(resolved.projects()));
        }
        if (type != null) {
            filter += " and d.type = ?";
            filters.add(type);
        }
        String join = filter.isEmpty() ? "" : "join search.document d using (org_id, entity_id, element)";
        long organisation = question.organisation();
        List<@Nullable Object> values = new ArrayList<>(List.of(
                SURROUNDINGS,
                new PGhalfvec(vector.vector()),
                organisation,
                vector.model(),
                vector.vector().length,
                BOARD_BEHIND));
        String nearest = chunks(organisation, vector, join, filter, filters, values);
        values.addAll(List.of(CHUNKS_MAX, MEANING_MAX, vector.similarityMin(), BOARD_LEAST_OF_BEST, LEAST_OF_BEST));
        sql.add(MEANING_LIST.formatted(SURROUNDED.formatted(nearest)), values.toArray());
    }

    /** The nearest chunks alone, over all of an organisation. */
    static SqlText chunks(long organisation, QueryVector vector, int most) {
        List<@Nullable Object> values = new ArrayList<>();
        String nearest = chunks(organisation, vector, "", "", List.of(), values);
        values.add(most);
        return new SqlText().add(nearest, values.toArray());
    }

    /** A question for chunks; its parameters but for the last, how many, go to the values. */
    private static String chunks(
            long organisation,
            QueryVector vector,
            String join,
            String filter,
            List<@Nullable Object> filters,
            List<@Nullable Object> values) {
        PGhalfvec wanted = new PGhalfvec(vector.vector());
        int dimensions = vector.vector().length;
        values.add(wanted);
        if (vector.indexed() == null) {
            values.addAll(List.of(organisation, vector.model(), dimensions));
            values.addAll(filters);
            return EXACT.formatted(join, filter);
        }
        NearIndex index = new NearIndex(organisation, vector.model(), dimensions);
        values.addAll(filters);
        values.add(wanted);
        return APPROXIMATE.formatted(index.vector("e."), join, index.condition("e."), filter);
    }
}
