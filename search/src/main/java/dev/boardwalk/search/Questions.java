package dev.boardwalk.search;

import dev.boardwalk.store.EntityId;
import dev.boardwalk.store.OrganisationId;
import dev.boardwalk.store.Transactions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Asks the database, in the name of one organisation. Blocks; safe from any thread. */
final class Questions {
    /** Steps in the graph up to which something is near. */
    private static final int NEAR_DEPTH = 3;

    /** Neighbours that are looked at, and how long it goes on where filters leave few; until the transaction ends. */
    private static final String SET_NEAR = """
            select set_config('hnsw.ef_search', ?, true), set_config('hnsw.max_scan_tuples', ?, true),
                   set_config('hnsw.iterative_scan', 'strict_order', true)
            """;

    private static final String FILTERED = """
            select count(*) from (
                select from search.document
                where org_id = ? and (?::bigint[] is null or project_id = any (?::bigint[]))
                  and (?::text is null or type = ?::text)
                limit ?) few
            """;

    private final DataSource connections;
    private final Neighbours neighbours;

    /** @param connections sessions of the role that sees one organisation at a time */
    Questions(DataSource connections, Neighbours neighbours) {
        this.connections = connections;
        this.neighbours = neighbours;
    }

    /**
     * A question with its names resolved.
     *
     * @param corrected null if no word is misspelt
     * @param projects where hits may be; null for everywhere
     * @param near distance of places from the one that hits should be close to
     */
    record Resolved(
            QueryText text,
            @Nullable QueryText corrected,
            @Nullable List<Long> projects,
            Map<Place, Integer> near,
            @Nullable Cursor cursor) {}

    /**
     * Fails with {@link SearchException} if the question names what is not there.
     *
     * @param right words that are not misspelt, whether some document has them or not
     */
    Resolved resolve(SearchRequest request, QueryText text, Predicate<String> right) throws SQLException {
        Cursor cursor = Cursor.of(request);
        try (Connection connection = connections.getConnection()) {
            Map<Place, Integer> near = near(connection, request);
            return Transactions.run(connection, () -> {
                organisation(connection, request.organisation());
                return new Resolved(
                        text, corrected(connection, text, right), projects(connection, request), near, cursor);
            });
        }
    }

    /**
     * Answers a question.
     *
     * @param vectors what the question means, one for each model that there are vectors of
     * @param leftOut what is not looked for, for the answer
     */
    SearchAnswer ask(
            SearchRequest request, Resolved resolved, Ways ways, List<QueryVector> vectors, Map<String, String> leftOut)
            throws SQLException {
        try (Connection connection = connections.getConnection()) {
            return Transactions.run(connection, () -> {
                organisation(connection, request.organisation());
                List<QueryVector> searched = new ArrayList<>();
                for (QueryVector vector : vectors) {
                    searched.add(indexed(connection, request, resolved, vector) ? vector : vector.withoutIndex());
                }
                return AnswerRows.read(connection, new Fusion.Question(request, resolved, ways, searched), leftOut);
            });
        }
    }

    /** The documents with the nearest chunks, as questions without filters look for them. */
    List<Place> nearest(OrganisationId organisation, QueryVector vector, int most) throws SQLException {
        SqlText sql = NearestInMeaning.chunks(organisation.value(), vector, most);
        try (Connection connection = connections.getConnection()) {
            return Transactions.run(connection, () -> {
                organisation(connection, organisation);
                if (vector.indexed() != null) {
                    setNear(connection);
                }
                List<Place> places = new ArrayList<>();
                try (PreparedStatement query = sql.prepare(connection);
                        ResultSet row = query.executeQuery()) {
                    while (row.next()) {
                        places.add(new Place(row.getLong("entity_id"), row.getString("element")));
                    }
                }
                return places;
            });
        }
    }

    /** Whether the organisation's index of vectors is there and worth its while; sets the session up for it. */
    private static boolean indexed(Connection connection, SearchRequest request, Resolved resolved, QueryVector vector)
            throws SQLException {
        if (vector.indexed() == null) {
            return false;
        }
        double all = vector.indexed();
        if (resolved.projects() != null || request.type() != null) {
            long most = (long) Math.sqrt(NearestInMeaning.CHUNKS_MAX * all) + 1;
            if (NearIndex.exactIsCheaper(filtered(connection, request, resolved, most), all)) {
                return false;
            }
        }
        setNear(connection);
        return true;
    }

    private static void setNear(Connection connection) throws SQLException {
        try (PreparedStatement set = connection.prepareStatement(SET_NEAR)) {
            set.setString(1, String.valueOf(NearIndex.LOOKED_AT));
            set.setString(2, String.valueOf(NearIndex.LOOKED_AT_MAX));
            set.execute();
        }
    }

    /** Documents that the filters leave, counted up to a bound. */
    private static long filtered(Connection connection, SearchRequest request, Resolved resolved, long most)
            throws SQLException {
        SqlText sql = new SqlText()
                .add(
                        FILTERED,
                        request.organisation().value(),
                        SqlText.array(resolved.projects()),
                        SqlText.array(resolved.projects()),
                        request.type(),
                        request.type(),
                        most);
        try (PreparedStatement query = sql.prepare(connection);
                ResultSet row = query.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    /** For the rest of the transaction. */
    private static void organisation(Connection connection, OrganisationId organisation) throws SQLException {
        try (PreparedStatement set = connection.prepareStatement("select set_config('boardwalk.org_id', ?, true)")) {
            set.setString(1, String.valueOf(organisation.value()));
            set.execute();
        }
    }

    private Map<Place, Integer> near(Connection connection, SearchRequest request) throws SQLException {
        SearchRequest.Near near = request.near();
        if (near == null) {
            return Map.of();
        }
        long entity = Transactions.run(connection, () -> {
            organisation(connection, request.organisation());
            SqlText sql = new SqlText()
                    .add(
                            "select entity_id from search.entity where org_id = ? and project = ? and name = ?",
                            request.organisation().value(),
                            near.project(),
                            near.name());
            try (PreparedStatement query = sql.prepare(connection);
                    ResultSet row = query.executeQuery()) {
                if (!row.next()) {
                    throw new SearchException.NotFound(
                            "entity " + near.project() + "/" + near.name() + " does not exist");
                }
                return row.getLong(1);
            }
        });
        return neighbours.around(new EntityId(request.organisation(), entity), NEAR_DEPTH);
    }

    /** The projects that hits may be in; null for all. */
    private static @Nullable List<Long> projects(Connection connection, SearchRequest request) throws SQLException {
        Set<String> readable = request.readable();
        String project = request.project();
        if (project == null && readable == null) {
            return null;
        }
        Collection<String> names = project != null ? List.of(project) : readable == null ? List.of() : readable;
        SqlText sql = new SqlText()
                .add(
                        "select project_id from search.project where org_id = ? and name = any (?)",
                        request.organisation().value(),
                        List.copyOf(names));
        List<Long> ids = new ArrayList<>();
        try (PreparedStatement query = sql.prepare(connection);
                ResultSet row = query.executeQuery()) {
            while (row.next()) {
                ids.add(row.getLong(1));
            }
        }
        if (project != null && (ids.isEmpty() || readable != null && !readable.contains(project))) {
            throw new SearchException.NotFound("project " + project + " does not exist");
        }
        return ids;
    }

    private static @Nullable QueryText corrected(Connection connection, QueryText text, Predicate<String> right)
            throws SQLException {
        List<String> words = text.looseWords().stream()
                .map(Words::fold)
                .filter(IndexedText::countsInVocabulary)
                .filter(right.negate())
                .distinct()
                .toList();
        if (words.isEmpty()) {
            return null;
        }
        String lastWord = text.lastWord();
        SqlText sql = new SqlText()
                .add(
                        "select word, similar_word, documents from search.similar_words(?, ?::text)",
                        words,
                        lastWord == null ? null : Words.fold(lastWord));
        List<Correction.Candidate> candidates = new ArrayList<>();
        try (PreparedStatement query = sql.prepare(connection);
                ResultSet row = query.executeQuery()) {
            while (row.next()) {
                candidates.add(new Correction.Candidate(row.getString(1), row.getString(2), row.getLong(3)));
            }
        }
        Map<String, String> corrections = Correction.choose(candidates);
        return corrections.isEmpty() ? null : text.corrected(corrections);
    }
}
