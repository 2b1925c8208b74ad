package dev.boardwalk.bench;

import dev.boardwalk.store.OrganisationId;
import dev.boardwalk.testkit.TestDatabase;
import io.vertx.core.json.JsonObject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/** A corpus in a database: as boards for the indexer, and many documents more as the indexer leaves them. */
final class SearchCorpus {
    private static final String BOARD = """
            with p as (
                insert into public.project (org_id, name) values (1, 'bench')
                on conflict (org_id, name) do update set name = excluded.name returning project_id)
            , e as (
                insert into public.entity (org_id, project_id, name, type, properties, position)
                select 1, project_id, ?, 'board', ?::jsonb, public.current_position() from p
                returning org_id, entity_id, position)
            insert into public.change (org_id, entity_id, kind, position)
            select org_id, entity_id, 'flushed', position from e
            """;

    private static final String ORGANISATIONS = """
            insert into public.organisation (name) select 'bench ' || i from generate_series(1, %d) i;
            insert into public.project (org_id, name) select org_id, 'bench' from public.organisation where org_id > 1;
            """;

    /** Organisation number i gets a share of 1 / i; words come as often as 1 / their rank, vectors from everywhere. */
    private static final String DOCUMENTS = """
            create temporary table word as
            select row_number() over () as n, word from (select distinct word from search.vocabulary where org_id = 1) w;
            create unique index on word (n);
            with share as (
                select o.org_id, p.project_id,
                       ceil(%1$d / (row_number() over (order by o.org_id) * (ln(%2$d) + 0.58)))::int as documents
                from public.organisation o join public.project p using (org_id) where o.org_id > 1)
            , e as (
                insert into public.entity (org_id, project_id, name, position)
                select org_id, project_id, 'd' || i, 1 from share, generate_series(1, documents) i
                returning org_id, entity_id, project_id)
            , t as (
                select e.*, (
                    select string_agg(w.word, ' ')
                    from (select 1 + floor(1200 ^ random() - 1)::int as n, e.entity_id from generate_series(1, 12)) r
                    join word w using (n)) as text
                from e)
            insert into search.document (org_id, entity_id, project_id, type, title, body, language, words, terms,
                text_hash_bytes, changed_at, position)
            select org_id, entity_id, project_id, 'document', coalesce(left(text, 30), 'x'), coalesce(text, 'x'), 'english',
                   search.words(coalesce(text, 'x'), coalesce(text, 'x'), 'english'),
                   string_to_array(coalesce(text, 'x'), ' '), sha256(entity_id::text::bytea), now(), 1
            from t;
            insert into search.embedding (org_id, model_id, entity_id, element, chunk, text_hash_bytes, vector)
            select d.org_id, (select model_id from search.indexer), d.entity_id, '', 0, d.text_hash_bytes,
                   (select array_agg(random() - 0.5 + 0 * d.entity_id) from generate_series(1, 384))::vector(384)::halfvec
            from search.document d where d.org_id > 1;
            insert into search.vocabulary
            select org_id, word, count(*) from search.document, unnest(terms) word where org_id > 1 group by org_id, word;
            analyze search.document; analyze search.embedding; analyze search.vocabulary; analyze public.entity;
            """;

    private final TestDatabase database;

    SearchCorpus(TestDatabase database) {
        this.database = database;
    }

    void write(JudgedCorpus corpus) throws SQLException {
        try (Connection connection = database.connect();
                PreparedStatement insert = connection.prepareStatement(BOARD)) {
            for (Map.Entry<String, List<String>> group : corpus.groups().entrySet()) {
                JsonObject nodes = new JsonObject();
                for (int i = 0; i < group.getValue().size(); i++) {
                    nodes.put(
                            String.valueOf(i + 1),
                            new JsonObject()
                                    .put("y", i)
                                    .put("text", group.getValue().get(i)));
                }
                insert.setString(1, group.getKey());
                insert.setString(2, new JsonObject().put("nodes", nodes).encode());
                insert.executeUpdate();
            }
        }
    }

    void awaitEmbedded() throws InterruptedException {
        while (database.number("select count(*) from search.unembedded") > 0
                || database.number("select count(*) from search.embedding") == 0) {
            Thread.sleep(100);
        }
    }

    /** Answers the organisation with the most documents. */
    OrganisationId addDocuments(int documents, int organisations) {
        System.out.println("Making " + documents + " documents of " + organisations + " organisations …");
        database.execute(ORGANISATIONS.formatted(organisations));
        database.execute(DOCUMENTS.formatted(documents, organisations));
        return new OrganisationId(
                database.number("select org_id from search.document group by org_id order by count(*) desc limit 1"));
    }

    long documents(OrganisationId organisation) {
        return database.number("select count(*) from search.document where org_id = " + organisation.value());
    }
}
