package dev.boardwalk.search;

import io.vertx.core.json.JsonObject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The rows of the one statement as an answer: hits with their snippets and reasons, counts, and where to go on. */
final class AnswerRows {
    private AnswerRows() {}

    /** Runs the statement of a question. */
    static SearchAnswer read(Connection connection, Fusion.Question question, Map<String, String> leftOut)
            throws SQLException {
        Set<String> marked = new HashSet<>(question.resolved().text().words());
        QueryText corrected = question.resolved().corrected();
        if (corrected != null) {
            marked.addAll(corrected.words());
        }
        try (PreparedStatement query = Fusion.statement(question).prepare(connection);
                ResultSet row = query.executeQuery()) {
            List<SearchAnswer.Hit> hits = new ArrayList<>();
            Map<String, Map<String, Long>> facets = new LinkedHashMap<>();
            long asOf = 0;
            String next = null;
            Cursor last = null;
            while (row.next()) {
                asOf = row.getLong("as_of");
                facets.put("project", counts(row.getString("by_project")));
                facets.put("type", counts(row.getString("by_type")));
                if (row.getString("element") == null) {
                    continue;
                }
                if (hits.size() == question.request().limit() && last != null) {
                    next = last.text(question.request());
                    break;
                }
                last = new Cursor(row.getDouble("total"), row.getLong("entity_id"), row.getString("element"));
                hits.add(hit(row, marked));
            }
            return new SearchAnswer(hits, facets, asOf, leftOut, next);
        }
    }

    private static SearchAnswer.Hit hit(ResultSet row, Set<String> marked) throws SQLException {
        String title = row.getString("title");
        String body = row.getString("body");
        return new SearchAnswer.Hit(
                row.getObject("ulid", UUID.class),
                row.getString("name"),
                row.getString("project"),
                row.getString("type"),
                row.getString("element"),
                title,
                Snippet.of(body.isEmpty() ? title : title + "\n" + body, marked),
                row.getDouble("total"),
                reasons(row));
    }

    private static List<SearchAnswer.Reason> reasons(ResultSet row) throws SQLException {
        List<SearchAnswer.Reason> reasons = new ArrayList<>();
        for (String reason : (String[]) row.getArray("reasons").getArray()) {
            String[] parts = reason.split(" ", 3);
            reasons.add(reason(parts[0], Long.parseLong(parts[1]), Double.parseDouble(parts[2])));
        }
        long distance = row.getLong("distance");
        if (!row.wasNull()) {
            reasons.add(reason("near", distance, distance));
        }
        reasons.add(reason("recency", row.getLong("recent"), row.getLong("recent")));
        reasons.sort(Comparator.comparingDouble(SearchAnswer.Reason::share).reversed());
        return reasons;
    }

    private static SearchAnswer.Reason reason(String list, long place, double detail) {
        double weight = Weights.OF_LISTS.getOrDefault(list, 0.0);
        return new SearchAnswer.Reason(list, place, weight / (Weights.RANK_OFFSET + place), detail);
    }

    private static Map<String, Long> counts(@Nullable String json) {
        Map<String, Long> counts = new LinkedHashMap<>();
        if (json != null) {
            JsonObject object = new JsonObject(json);
            object.fieldNames().stream()
                    .sorted(Comparator.<String>comparingLong(object::getLong)
                            .reversed()
                            .thenComparing(Comparator.naturalOrder()))
                    .forEach(name -> counts.put(name, object.getLong(name)));
        }
        return counts;
    }
}
