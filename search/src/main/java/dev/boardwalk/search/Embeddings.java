package dev.boardwalk.search;

import com.pgvector.PGhalfvec;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The statements about vectors, in the transaction of the connection. */
final class Embeddings {
    private static final String DUE = """
            select u.org_id, u.entity_id, u.element, u.attempts, d.title, d.body, d.context, d.text_hash_bytes
            from (
                select * from search.unembedded where due_at <= now() order by due_at limit ?) u
            join search.document d using (org_id, entity_id, element)
            """;

    private static final String KNOWN = """
            select wanted.n, e.chunk, e.vector::text as vector
            from unnest(?::bigint[], ?::bytea[]) with ordinality wanted (org_id, hash, n)
            cross join lateral (
                select entity_id, element from search.embedding k
                where k.org_id = wanted.org_id and k.model_id = ?::smallint and k.text_hash_bytes = wanted.hash
                limit 1) one
            join search.embedding e on e.org_id = wanted.org_id and e.model_id = ?::smallint
                and e.entity_id = one.entity_id and e.element = one.element and e.text_hash_bytes = wanted.hash
            order by wanted.n, e.chunk
            """;

    /** Those whose text is still the one that was embedded; of whatever model they were before. */
    private static final String FORGET = """
            delete from search.embedding e
            using unnest(?::bigint[], ?::bigint[], ?::text[]) done (org_id, entity_id, element)
            where e.org_id = done.org_id and e.entity_id = done.entity_id and e.element = done.element
            """;

    private static final String STORE = """
            insert into search.embedding (org_id, model_id, entity_id, element, chunk, text_hash_bytes, vector)
            select org_id, ?::smallint, entity_id, element, chunk, hash, vector
            from unnest(?::bigint[], ?::bigint[], ?::text[], ?::smallint[], ?::bytea[], ?::halfvec[])
              as n (org_id, entity_id, element, chunk, hash, vector)
            """;

    private static final String PRESENT = """
            select org_id, entity_id, element
            from unnest(?::bigint[], ?::bigint[], ?::text[], ?::bytea[]) done (org_id, entity_id, element, hash)
            join search.document d using (org_id, entity_id, element)
            where d.text_hash_bytes = done.hash
            for key share of d
            """;

    private static final String DONE = """
            delete from search.unembedded u
            using unnest(?::bigint[], ?::bigint[], ?::text[]) done (org_id, entity_id, element)
            where u.org_id = done.org_id and u.entity_id = done.entity_id and u.element = done.element
            """;

    private static final String POSTPONE = """
            update search.unembedded u
            set attempts = attempts + 1, due_at = now() + ? * interval '1 millisecond', reason = ?
            from unnest(?::bigint[], ?::bigint[], ?::text[]) late (org_id, entity_id, element)
            where u.org_id = late.org_id and u.entity_id = late.entity_id and u.element = late.element
            """;

    /** A document whose text is to be embedded. */
    record Due(IndexStatements.Key key, int attempts, String title, String body, String context, byte[] hash) {
        long organisation() {
            return key.entity().organisation().value();
        }

        /** The same for the same text of the same organisation. */
        String text() {
            return organisation() + " " + HexFormat.of().formatHex(hash);
        }

        /** The pieces whose meanings are looked for. */
        List<String> chunks() {
            String about = context.isEmpty() ? body : body.isEmpty() ? context : body + "\n" + context;
            return Chunks.of(title, about);
        }
    }

    private final Connection connection;

    Embeddings(Connection connection) {
        this.connection = connection;
    }

    List<Due> due(int most) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(DUE)) {
            query.setInt(1, most);
            List<Due> due = new ArrayList<>();
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    due.add(new Due(
                            new IndexStatements.Key(IndexStatements.id(row), row.getString("element")),
                            row.getInt("attempts"),
                            row.getString("title"),
                            row.getString("body"),
                            row.getString("context"),
                            row.getBytes("text_hash_bytes")));
                }
            }
            return due;
        }
    }

    /** The vectors of texts that were embedded before, in the same organisation. */
    Map<Due, List<PGhalfvec>> known(List<Due> due, int model) throws SQLException {
        Map<Due, List<PGhalfvec>> known = new HashMap<>();
        try (PreparedStatement query = connection.prepareStatement(KNOWN)) {
            query.setArray(1, array("int8", due, Due::organisation));
            query.setArray(2, hashes(due, Due::hash));
            query.setInt(3, model);
            query.setInt(4, model);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    known.computeIfAbsent(due.get(row.getInt("n") - 1), _ -> new ArrayList<>())
                            .add(new PGhalfvec(row.getString("vector")));
                }
            }
        }
        return known;
    }

    /** Replaces the vectors of these documents, as far as their text is still the same. */
    void store(Map<Due, List<PGhalfvec>> vectors, int model) throws SQLException {
        List<Due> present = present(List.copyOf(vectors.keySet()));
        if (present.isEmpty()) {
            return;
        }
        keys(FORGET, present);
        record Chunk(Due due, int number, PGhalfvec vector) {}
        List<Chunk> chunks = new ArrayList<>();
        for (Due due : present) {
            for (PGhalfvec vector : vectors.getOrDefault(due, List.of())) {
                int number = chunks.isEmpty() || chunks.getLast().due != due ? 0 : chunks.getLast().number + 1;
                chunks.add(new Chunk(due, number, vector));
            }
        }
        try (PreparedStatement insert = connection.prepareStatement(STORE)) {
            insert.setInt(1, model);
            insert.setArray(2, array("int8", chunks, chunk -> chunk.due.organisation()));
            insert.setArray(
                    3, array("int8", chunks, chunk -> chunk.due.key.entity().number()));
            insert.setArray(4, array("text", chunks, chunk -> chunk.due.key.element()));
            insert.setArray(5, array("int2", chunks, Chunk::number));
            insert.setArray(6, hashes(chunks, chunk -> chunk.due.hash));
            insert.setArray(7, array("halfvec", chunks, chunk -> chunk.vector.getValue()));
            insert.executeUpdate();
        }
        keys(DONE, present);
    }

    void postpone(List<Due> due, Duration pause, String reason) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(POSTPONE)) {
            update.setLong(1, pause.toMillis());
            update.setString(2, Words.cut(reason, 1_000));
            update.setArray(3, array("int8", due, Due::organisation));
            update.setArray(4, array("int8", due, each -> each.key.entity().number()));
            update.setArray(5, array("text", due, each -> each.key.element()));
            update.executeUpdate();
        }
    }

    private List<Due> present(List<Due> due) throws SQLException {
        List<Due> present = new ArrayList<>();
        try (PreparedStatement query = connection.prepareStatement(PRESENT)) {
            query.setArray(1, array("int8", due, Due::organisation));
            query.setArray(2, array("int8", due, each -> each.key.entity().number()));
            query.setArray(3, array("text", due, each -> each.key.element()));
            query.setArray(4, hashes(due, Due::hash));
            try (ResultSet row = query.executeQuery()) {
                Map<IndexStatements.Key, Due> found = new HashMap<>();
                due.forEach(each -> found.put(each.key, each));
                while (row.next()) {
                    Due one = found.get(new IndexStatements.Key(IndexStatements.id(row), row.getString("element")));
                    if (one != null) {
                        present.add(one);
                    }
                }
            }
        }
        return present;
    }

    private void keys(String sql, List<Due> due) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setArray(1, array("int8", due, Due::organisation));
            statement.setArray(2, array("int8", due, each -> each.key.entity().number()));
            statement.setArray(3, array("text", due, each -> each.key.element()));
            statement.executeUpdate();
        }
    }

    private <T> Array hashes(List<T> items, Function<T, byte[]> hash) throws SQLException {
        return connection.createArrayOf("bytea", items.stream().map(hash).toArray(byte[][]::new));
    }

    private <T> Array array(String type, List<T> items, Function<T, Object> value) throws SQLException {
        return connection.createArrayOf(type, items.stream().map(value).toArray());
    }
}
