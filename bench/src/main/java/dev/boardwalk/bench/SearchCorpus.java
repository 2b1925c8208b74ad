package dev.boardwalk.bench;

import dev.boardwalk.store.OrganisationId;
import io.vertx.core.json.JsonObject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A corpus in a database: as boards for the indexer, and many documents more as the indexer leaves them. */
final class SearchCorpus {
    /** Documents of the organisation that questions over HTTP are about, the judged ones included. */
    static final int LOCAL_DOCUMENTS = 10_000;

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

    /**
     * What documents are made of: words as often as 1 / their rank; vectors of the judged items, two of which and some
     * noise make one that lies where real ones lie and is like no other.
     */
    private static final String INGREDIENTS = """
            create table search.bench_word as
            select row_number() over (order by md5(word)) as n, word
            from (select distinct word from search.vocabulary where org_id = 1) w;
            create unique index on search.bench_word (n);
            create table search.bench_vector as
            select row_number() over (order by entity_id, element) as n, vector::halfvec(384) as vector,
                   (vector * (select array_agg(0.6) from generate_series(1, 384))::vector::halfvec)::halfvec(384) as less
            from search.embedding where org_id = 1;
            create unique index on search.bench_vector (n);
            create table search.bench_noise as
            select n, (select array_agg((random() - 0.5) * 0.1 + 0 * k * n) from generate_series(1, 384) k)::vector::halfvec(384) as vector
            from generate_series(1, 2000) n;
            create unique index on search.bench_noise (n);
            analyze search.bench_word; analyze search.bench_vector; analyze search.bench_noise;
            """;

    private static final String SHARES = """
            select org_id, ceil(%1$d / (row_number() over (order by org_id) * (ln(%2$d) + 0.58)))::int as documents
            from public.organisation where org_id > 1 order by org_id
            """;

    private static final String DOCUMENTS = """
            with e as (
                insert into public.entity (org_id, project_id, name, position)
                select s.org_id, p.project_id, 'd' || i, 1
                from unnest(?::bigint[], ?::int[]) s (org_id, documents)
                join public.project p on p.org_id = s.org_id and p.name = 'bench'
                cross join generate_series(1, s.documents) i
                returning org_id, entity_id, project_id)
            , t as (
                select e.*, (
                    select string_agg((select w.word from search.bench_word w where w.n = r.n), ' ')
                    from (select 1 + floor(words ^ random() - 1)::int as n, e.entity_id from generate_series(1, 12)) r) as text
                from e cross join (select count(*) as words from search.bench_word))
            , d as (
                insert into search.document (org_id, entity_id, project_id, type, title, body, language, words, terms,
                    text_hash_bytes, changed_at, position)
                select org_id, entity_id, project_id, 'document', left(text, 30), text, 'english',
                       search.words(text, text, 'english'),
                       (select array_agg(distinct word) from unnest(string_to_array(text, ' ')) word),
                       sha256(entity_id::text::bytea), now(), 1
                from t
                returning org_id, entity_id, text_hash_bytes)
            insert into search.embedding (org_id, model_id, entity_id, element, chunk, text_hash_bytes, vector)
            select d.org_id, i.model_id, d.entity_id, '', 0, d.text_hash_bytes, one.vector + other.less + noise.vector
            from d cross join search.indexer i
            cross join (select count(*) as vectors from search.bench_vector) v
            join search.bench_vector one on one.n = 1 + abs(hashint8extended(d.entity_id, 1) %% v.vectors)
            join search.bench_vector other on other.n = 1 + abs(hashint8extended(d.entity_id, 2) %% v.vectors)
            join search.bench_noise noise on noise.n = 1 + abs(hashint8extended(d.entity_id, 3) %% 2000)
            """.replace("%%", "%");

    private static final String COUNT_WORDS = """
            insert into search.vocabulary as v
            select org_id, word, count(*) from search.document, unnest(terms) word where position = 1 group by org_id, word
            on conflict (org_id, word) do update set documents = v.documents + excluded.documents
            """;

    /** Texts for the embedder, each of them new. */
    private static final String TEXTS = """
            with p as (
                insert into public.project (org_id, name) values (1, 'texts')
                on conflict (org_id, name) do update set name = excluded.name returning project_id)
            , e as (
                insert into public.entity (org_id, project_id, name, properties, position)
                select 1, project_id, ? || i, jsonb_build_object('text', (
                           select string_agg(w.word, ' ') || ' ' || i
                           from (select 1 + floor(random() * 1000)::int + 0 * i as n from generate_series(1, 40)) r
                           join search.bench_word w using (n))),
                       public.current_position()
                from p, generate_series(1, ?) i
                returning org_id, entity_id, position)
            insert into public.change (org_id, entity_id, kind, position)
            select org_id, entity_id, 'flushed', position from e
            """;

    /** Made anew when all is in, which takes a fraction of the time. */
    private static final List<String> INDEXES = List.of(
            "document_words",
            "document_title",
            "document_project",
            "embedding_document",
            "embedding_text",
            "vocabulary_trigrams");

    private static final int STEP = 50_000;

    /** Another process works meanwhile, and tells nobody: its tables are looked at, seldom enough not to disturb it. */
    private static final Duration LOOK = Duration.ofMillis(200);

    private final BenchDatabase database;

    SearchCorpus(BenchDatabase database) {
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

    /** Waits until every text that is in has its vectors. */
    void awaitEmbedded() throws SQLException, InterruptedException {
        while (number("select position from search.indexer") <= number("select max(position) from public.change")
                || number("select count(*) from search.unembedded") > 0) {
            Thread.sleep(LOOK);
        }
    }

    void addTexts(String prefix, int count) throws SQLException {
        try (Connection connection = database.connect();
                PreparedStatement insert = connection.prepareStatement(TEXTS)) {
            insert.setString(1, prefix);
            insert.setInt(2, count);
            insert.executeUpdate();
        }
    }

    void prepare() throws SQLException {
        execute(INGREDIENTS);
    }

    /** Fills the local organisation up, and others with the rest, number i of them with a share of 1 / i. */
    void addDocuments(int documents, int organisations) throws SQLException {
        long start = System.nanoTime();
        execute(ORGANISATIONS.formatted(organisations));
        List<String> indexes = new ArrayList<>();
        for (String index : INDEXES) {
            indexes.addAll(texts("select pg_get_indexdef('search." + index + "'::regclass)"));
            execute("drop index search." + index);
        }
        long local = number("select count(*) from search.document where org_id = 1");
        List<Long> keys = new ArrayList<>(List.of(1L));
        List<Integer> counts =
                new ArrayList<>(List.of((int) Math.max(1, Math.min(documents, LOCAL_DOCUMENTS - local))));
        long made = 0;
        for (String share : texts("select org_id || ' ' || documents from ("
                + SHARES.formatted(documents, organisations) + ") s order by org_id")) {
            String[] parts = share.split(" ");
            for (int left = Integer.parseInt(parts[1]); left > 0; left -= STEP) {
                keys.add(Long.valueOf(parts[0]));
                counts.add(Math.min(left, STEP));
                if (counts.stream().mapToInt(Integer::intValue).sum() >= STEP) {
                    made += add(keys, counts);
                    say(made, documents, start);
                    keys.clear();
                    counts.clear();
                }
            }
        }
        made += add(keys, counts);
        say(made, documents, start);
        execute(COUNT_WORDS);
        for (String index : indexes) {
            System.out.printf("  indexing: %s%n", index.substring(0, index.indexOf(" USING")));
            execute("set maintenance_work_mem = '512MB'; " + index);
        }
        System.out.println("  collecting statistics");
        execute("vacuum analyze search.document");
        execute("vacuum analyze search.embedding");
        execute("vacuum analyze search.vocabulary");
        execute("vacuum analyze public.entity");
    }

    private long add(List<Long> keys, List<Integer> counts) throws SQLException {
        try (Connection connection = database.connect();
                Statement once = connection.createStatement();
                PreparedStatement insert = connection.prepareStatement(DOCUMENTS)) {
            // Without foreign keys and graph: nothing here refers to anything that is not made by the same statement.
            once.execute("set synchronous_commit = off; set work_mem = '128MB'");
            once.execute("set session_replication_role = replica");
            insert.setArray(1, connection.createArrayOf("int8", keys.toArray()));
            insert.setArray(2, connection.createArrayOf("int4", counts.toArray()));
            return insert.executeLargeUpdate();
        }
    }

    private static void say(long made, long of, long start) {
        System.out.printf(
                "  made %,d of %,d documents in %d s%n",
                made, of, Duration.ofNanos(System.nanoTime() - start).toSeconds());
    }

    /** Waits until every organisation with many vectors has its index. */
    void awaitNearIndexes(int vectorsMax) throws SQLException, InterruptedException {
        long start = System.nanoTime();
        long wanted =
                number("select count(*) from (select from search.embedding group by org_id, model_id having count(*) > "
                        + vectorsMax + ") large");
        long said = -1;
        while (true) {
            long there = number("""
                    select count(*) from pg_index i join pg_class c on c.oid = i.indexrelid
                    where c.relname like 'embedding\\_near\\_%' and i.indisvalid
                    """);
            if (there != said) {
                System.out.printf(
                        "  %d of %d indexes over the vectors of large organisations, after %d s%n",
                        there,
                        wanted,
                        Duration.ofNanos(System.nanoTime() - start).toSeconds());
                said = there;
            }
            if (there >= wanted) {
                return;
            }
            Thread.sleep(LOOK);
        }
    }

    /** Those with the most, the fewest and few documents. */
    OrganisationId largest() throws SQLException {
        return new OrganisationId(
                number("select org_id from search.document group by org_id order by count(*) desc, org_id limit 1"));
    }

    long documents(OrganisationId organisation) throws SQLException {
        return number("select count(*) from search.document where org_id = " + organisation.value());
    }

    long number(String sql) throws SQLException {
        return Long.parseLong(texts(sql).getFirst());
    }

    private List<String> texts(String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            List<String> texts = new ArrayList<>();
            while (row.next()) {
                texts.add(row.getString(1));
            }
            return texts;
        }
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
