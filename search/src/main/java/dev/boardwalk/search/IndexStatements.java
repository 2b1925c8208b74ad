package dev.boardwalk.search;

import dev.boardwalk.store.EntityId;
import dev.boardwalk.store.OrganisationId;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The statements by which documents come and go, each for a whole batch, in the transaction of the connection. */
final class IndexStatements {

    /**
     * An entity as of its last flush.
     *
     * @param language that its project's texts are of; null if each tells its own
     */
    record Source(
            EntityId id,
            long project,
            String name,
            String type,
            @Nullable String title,
            String properties,
            @Nullable String language,
            OffsetDateTime updatedAt,
            long position) {}

    /** What tells whether a document must be written again. */
    record Stored(long project, String type, String language, byte[] hash) {}

    /** A document and where it belongs. */
    record Row(Source source, IndexedText text) {}

    /** What a document's key is made of, over organisations. */
    record Key(EntityId entity, String element) {}

    private static final String SOURCES = """
            select e.org_id, e.entity_id, e.project_id, e.name, e.type, e.title, e.properties::text as properties,
                   nullif(s.language, 'detect') as language, e.updated_at, e.position
            from unnest(?::bigint[], ?::bigint[]) wanted (org_id, entity_id)
            join public.entity e using (org_id, entity_id)
            left join search.project_setting s on s.org_id = e.org_id and s.project_id = e.project_id
            where e.deleted_at is null
            """;

    private static final String STORED = """
            select d.org_id, d.entity_id, d.element, d.project_id, d.type, d.language, d.text_hash_bytes
            from unnest(?::bigint[], ?::bigint[]) wanted (org_id, entity_id)
            join search.document d using (org_id, entity_id)
            """;

    /** changed_at stays while the text does. */
    private static final String UPSERT = """
            with written as (
                insert into search.document as d
                    (org_id, entity_id, element, project_id, type, title, body, context, language, words, terms,
                     text_hash_bytes, changed_at, position)
                select org_id, entity_id, element, project_id, type, title, body, context, language,
                       search.words(folded, stemmed, language::regconfig), string_to_array(terms, ' '), hash, changed_at,
                       position
                from unnest(?::bigint[], ?::bigint[], ?::text[], ?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[],
                            ?::text[], ?::text[], ?::text[], ?::bytea[], ?::timestamptz[], ?::bigint[],
                            ?::text[])
                  as n (org_id, entity_id, element, project_id, type, title, body, language, folded, stemmed, terms,
                        hash, changed_at, position, context)
                on conflict (org_id, entity_id, element) do update
                set project_id = excluded.project_id, type = excluded.type, title = excluded.title,
                    body = excluded.body, context = excluded.context, language = excluded.language, words = excluded.words,
                    terms = excluded.terms, text_hash_bytes = excluded.text_hash_bytes,
                    changed_at = case when d.text_hash_bytes = excluded.text_hash_bytes then d.changed_at
                        else excluded.changed_at end,
                    position = excluded.position
                returning new.org_id as org_id, old.terms as before, new.terms as after
            )
            """;

    private static final String DELETE = """
            with written as (
                delete from search.document d
                using unnest(?::bigint[], ?::bigint[], ?::text[]) gone (org_id, entity_id, element)
                where d.org_id = gone.org_id and d.entity_id = gone.entity_id and d.element = gone.element
                returning d.org_id, d.terms as before, '{}'::text[] as after
            )
            """;

    private static final String COUNT_WORDS = """
            insert into search.vocabulary as v (org_id, word, documents)
            select org_id, word, sum(change) from (
                select org_id, unnest(before) as word, -1 as change from written
                union all
                select org_id, unnest(after), 1 from written) changes
            group by org_id, word
            having sum(change) <> 0
            order by org_id, word
            on conflict (org_id, word) do update set documents = v.documents + excluded.documents
            """;

    private static final String FORGET_WORDS = "delete from search.vocabulary where documents <= 0";

    private static final String EMBED = """
            insert into search.unembedded (org_id, entity_id, element)
            select * from unnest(?::bigint[], ?::bigint[], ?::text[])
            on conflict (org_id, entity_id, element) do update set attempts = 0, due_at = now(), reason = null
            """;

    private static final String FORGET_FAILURES = """
            delete from search.failure f
            using unnest(?::bigint[], ?::bigint[]) done (org_id, entity_id)
            where f.org_id = done.org_id and f.entity_id = done.entity_id
            """;

    /** Again after 10 s, 20 s, 40 s … an hour at most. */
    private static final String FAIL = """
            insert into search.failure as f (org_id, entity_id, reason, attempts, due_at)
            values (?, ?, ?, 1, now() + interval '10 seconds')
            on conflict (org_id, entity_id) do update
            set reason = excluded.reason, attempts = f.attempts + 1,
                due_at = now() + least(interval '1 hour', interval '10 seconds' * 2 ^ least(f.attempts, 10))
            """;

    private final Connection connection;

    IndexStatements(Connection connection) {
        this.connection = connection;
    }

    /** Those of the entities that are there. */
    List<Source> sources(Collection<EntityId> entities) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(SOURCES)) {
            setIds(query, entities);
            List<Source> sources = new ArrayList<>();
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    sources.add(new Source(
                            id(row),
                            row.getLong("project_id"),
                            row.getString("name"),
                            row.getString("type"),
                            row.getString("title"),
                            row.getString("properties"),
                            row.getString("language"),
                            row.getObject("updated_at", OffsetDateTime.class),
                            row.getLong("position")));
                }
            }
            return sources;
        }
    }

    Map<Key, Stored> stored(Collection<EntityId> entities) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(STORED)) {
            setIds(query, entities);
            Map<Key, Stored> stored = new HashMap<>();
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    stored.put(
                            new Key(id(row), row.getString("element")),
                            new Stored(
                                    row.getLong("project_id"),
                                    row.getString("type"),
                                    row.getString("language"),
                                    row.getBytes("text_hash_bytes")));
                }
            }
            return stored;
        }
    }

    void upsert(List<Row> rows) throws SQLException {
        if (rows.isEmpty()) {
            return;
        }
        try (PreparedStatement insert = connection.prepareStatement(UPSERT + COUNT_WORDS)) {
            insert.setArray(
                    1, array("int8", rows, row -> row.source.id.organisation().value()));
            insert.setArray(2, array("int8", rows, row -> row.source.id.number()));
            insert.setArray(3, array("text", rows, row -> row.text.element()));
            insert.setArray(4, array("int8", rows, row -> row.source.project));
            insert.setArray(5, array("text", rows, row -> row.text.type()));
            insert.setArray(6, array("text", rows, row -> row.text.title()));
            insert.setArray(7, array("text", rows, row -> row.text.body()));
            insert.setArray(8, array("text", rows, row -> row.text.language()));
            insert.setArray(9, array("text", rows, row -> row.text.folded()));
            insert.setArray(10, array("text", rows, row -> row.text.words()));
            insert.setArray(11, array("text", rows, row -> String.join(" ", row.text.terms())));
            insert.setArray(
                    12,
                    connection.createArrayOf(
                            "bytea", rows.stream().map(row -> row.text.hash()).toArray(byte[][]::new)));
            insert.setArray(13, array("timestamptz", rows, row -> row.source.updatedAt));
            insert.setArray(14, array("int8", rows, row -> row.source.position));
            insert.setArray(15, array("text", rows, row -> row.text.context()));
            insert.executeUpdate();
        }
        forgetWords();
    }

    void delete(List<Key> keys) throws SQLException {
        if (keys.isEmpty()) {
            return;
        }
        try (PreparedStatement delete = connection.prepareStatement(DELETE + COUNT_WORDS)) {
            setKeys(delete, keys);
            delete.executeUpdate();
        }
        forgetWords();
    }

    void embed(List<Key> keys) throws SQLException {
        if (keys.isEmpty()) {
            return;
        }
        try (PreparedStatement insert = connection.prepareStatement(EMBED)) {
            setKeys(insert, keys);
            insert.executeUpdate();
        }
    }

    void succeeded(Collection<EntityId> entities) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(FORGET_FAILURES)) {
            setIds(delete, entities);
            delete.executeUpdate();
        }
    }

    void failed(EntityId entity, String reason) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(FAIL)) {
            insert.setLong(1, entity.organisation().value());
            insert.setLong(2, entity.number());
            insert.setString(3, Words.cut(reason.replace('\0', ' '), 1_000));
            insert.executeUpdate();
        }
    }

    private void forgetWords() throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(FORGET_WORDS)) {
            delete.executeUpdate();
        }
    }

    private void setIds(PreparedStatement statement, Collection<EntityId> entities) throws SQLException {
        statement.setArray(
                1, array("int8", entities, entity -> entity.organisation().value()));
        statement.setArray(2, array("int8", entities, EntityId::number));
    }

    private void setKeys(PreparedStatement statement, List<Key> keys) throws SQLException {
        setIds(statement, keys.stream().map(Key::entity).toList());
        statement.setArray(3, array("text", keys, Key::element));
    }

    private <T> Array array(String type, Collection<T> items, Function<T, Object> value) throws SQLException {
        return connection.createArrayOf(type, items.stream().map(value).toArray());
    }

    static EntityId id(ResultSet row) throws SQLException {
        return new EntityId(new OrganisationId(row.getLong("org_id")), row.getLong("entity_id"));
    }
}
