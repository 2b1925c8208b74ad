package dev.boardwalk.search;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The one statement that answers a question: each way of finding makes a list, the lists are fused by reciprocal rank,
 * filtered to what is there and may be seen, counted, and cut into a page.
 *
 * <p>Under row-level security the lists of words come from functions that run past it, since no index serves their
 * operators otherwise (migration V9). Distances are computed over all vectors of the organisation ({@code offset 0} keeps
 * the planner from any index), unless it has so many that it has an index of its own.
 */
final class Fusion {
    /** Longest list of words: what is further down does not reach a page, nor is it counted. */
    static final int MATCHES_MAX = 1_000;

    static final int TITLES_MAX = 50;
    /** Characters of a body from which a snippet is cut. */
    private static final int SNIPPET_SOURCE_LENGTH = 20_000;

    private static final String WORDS_LIST = """
            select '%s' as list, m.entity_id, m.element,
                   row_number() over (order by m.score desc, m.entity_id, m.element) as place, m.score::float8 as detail
            from search.matching(%s, ?::bigint[], ?::text, ?) m
            """;

    private static final String TITLE_LIST = """
            select 'title', m.entity_id, m.element,
                   row_number() over (order by m.score desc, m.entity_id, m.element), m.score::float8
            from search.titled(?::text, ?::bigint[], ?::text, ?) m
            """;

    /** A question and what it means. */
    record Question(SearchRequest request, Questions.Resolved resolved, Ways ways, List<QueryVector> vectors) {

        long organisation() {
            return request.organisation().value();
        }
    }

    private final Question question;
    private final SqlText sql = new SqlText();

    private Fusion(Question question) {
        this.question = question;
    }

    static SqlText statement(Question question) {
        return new Fusion(question).statement();
    }

    private SqlText statement() {
        sql.add("with lists as (");
        lists();
        sql.add(")");
        sql.add(", weights (list, weight) as (values " + weights() + ")");
        sql.add("""
                , fused as (
                    select entity_id, element, sum(weight / (60 + place)) as score,
                           array_agg(list || ' ' || place || ' ' || detail) as reasons
                    from lists join weights using (list)
                    group by entity_id, element)
                , candidates as materialized (
                    select f.entity_id, f.element, f.score, f.reasons, d.type, d.changed_at, e.ulid, e.name, e.project
                    from fused f
                    join search.document d on d.org_id = ? and d.entity_id = f.entity_id and d.element = f.element
                    join search.entity e on e.org_id = ? and e.entity_id = f.entity_id
                """, question.organisation(), question.organisation());
        condition();
        scored();
        page();
        return sql;
    }

    private void lists() {
        if (question.ways != Ways.MEANING) {
            wordLists();
        } else {
            sql.add("select ''::text as list, 0::bigint as entity_id, '' as element, 0::bigint as place,"
                    + " 0::float8 as detail where false");
        }
        for (QueryVector vector : question.vectors) {
            sql.add("union all");
            NearestInMeaning.add(sql, question, vector);
        }
    }

    private void wordLists() {
        QueryText text = question.resolved.text();
        words("words", text.websearch());
        String lastWord = text.lastWord();
        if (lastWord != null) {
            sql.add("union all")
                    .add(
                            WORDS_LIST.formatted("prefix", "search.unfinished_query(?, ?, ?)"),
                            Words.fold(text.websearchBeforeLast()),
                            text.websearchBeforeLast(),
                            Words.fold(lastWord));
            filters();
        }
        QueryText corrected = question.resolved.corrected();
        if (corrected != null) {
            sql.add("union all");
            words("corrected", corrected.websearch());
        }
        String any = (corrected == null ? text : corrected).anyWord();
        if (!any.isEmpty()) {
            sql.add("union all");
            words("someWords", any);
        }
        String loose = String.join(" ", text.looseWords());
        if (loose.length() > 2) {
            sql.add("union all")
                    .add(
                            TITLE_LIST,
                            loose,
                            SqlText.array(question.resolved.projects()),
                            question.request.type(),
                            TITLES_MAX);
        }
    }

    private void words(String list, String websearch) {
        sql.add(WORDS_LIST.formatted(list, "search.query(?, ?)"), Words.fold(websearch), websearch);
        filters();
    }

    /** The parameters of the functions that follow the query. */
    private void filters() {
        sql.add("", SqlText.array(question.resolved.projects()), question.request.type(), MATCHES_MAX);
    }

    private static String weights() {
        return Weights.OF_LISTS.entrySet().stream()
                .map(weight -> "('" + weight.getKey() + "', " + weight.getValue() + "::float8)")
                .collect(Collectors.joining(", "));
    }

    private void condition() {
        List<List<String>> phrases = question.resolved.text().phrases();
        List<List<String>> excluded = question.resolved.text().excluded();
        if (phrases.isEmpty() && excluded.isEmpty()) {
            sql.add(")");
            return;
        }
        // Phrases bind all lists, unless something else may stand for them.
        boolean either = question.resolved.text().parts().stream().anyMatch(QueryText.Part.Or.class::isInstance);
        List<String> wanted =
                either ? List.of() : phrases.stream().map(QueryText::phrase).toList();
        List<String> unwanted = excluded.stream().map(QueryText::phrase).toList();
        if (wanted.isEmpty() && unwanted.isEmpty()) {
            sql.add(")");
            return;
        }
        sql.add(
                "where d.words @@ search.condition(?, ?, ?))",
                wanted.stream().map(Words::fold).toList(),
                unwanted.stream().map(Words::fold).toList(),
                unwanted);
    }

    private void scored() {
        List<Map.Entry<Place, Integer>> near =
                List.copyOf(question.resolved.near().entrySet());
        sql.add(
                """
                , near (entity_id, element, distance) as (
                    select * from unnest(?::bigint[], ?::text[], ?::bigint[]))
                , recent as (
                    select *, row_number() over (order by changed_at desc, entity_id, element) as recent from candidates)
                , scored as materialized (
                    select r.*, n.distance,
                           round((r.score + %s / (60 + r.recent) + coalesce(%s / (60 + n.distance), 0))::numeric, 9)::float8
                             as total
                    from recent r left join near n using (entity_id, element))
                """.formatted(Weights.RECENCY, Weights.NEAR),
                SqlText.array(near.stream().map(each -> each.getKey().entity()).toList()),
                near.stream().map(each -> each.getKey().element()).toList(),
                SqlText.array(
                        near.stream().map(each -> each.getValue().longValue()).toList()));
    }

    private void page() {
        sql.add("""
                select counted.*, p.entity_id, p.element, p.ulid, p.name, p.project, p.type, p.total, p.reasons, p.recent,
                       p.distance, d.title, left(d.body, ?) as body
                from (
                    select (select position from search.indexer) as as_of,
                        (select jsonb_object_agg(project, n) from (
                            select project, count(*) as n from scored group by project) p) as by_project,
                        (select jsonb_object_agg(type, n) from (
                            select type, count(*) as n from scored group by type) t) as by_type) counted
                left join (
                    select * from scored
                """, SNIPPET_SOURCE_LENGTH);
        Cursor cursor = question.resolved.cursor();
        if (cursor != null) {
            sql.add(
                    "where total < ? or (total = ? and (entity_id, element) > (?, ?::text collate \"C\"))",
                    cursor.score(),
                    cursor.score(),
                    cursor.entity(),
                    cursor.element());
        }
        sql.add("""
                    order by total desc, entity_id, element
                    limit ?) p on true
                left join search.document d on d.org_id = ? and d.entity_id = p.entity_id and d.element = p.element
                order by p.total desc, p.entity_id, p.element
                """, question.request.limit() + 1, question.organisation());
    }
}
