package dev.boardwalk.search;

import dev.boardwalk.store.Database;
import dev.boardwalk.store.OrganisationId;
import dev.boardwalk.store.SqlErrors;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Search over the entities of a database: an index that follows them, and answers out of it. Blocking calls, safe from
 * any thread; meant for virtual ones.
 */
public final class Search implements AutoCloseable {
    /** Connections for questions; more questions at a time wait for one. */
    private static final int QUESTION_CONNECTIONS = 4;

    private static final int INDEX_CONNECTIONS = 2;

    /** Looks while somebody waits for a position: another process may be the one that indexes, so nothing here could ring. */
    private static final Duration LOOK = Duration.ofMillis(20);

    /** How long one who waits for a position waits for meanings: that of a few new texts, not that of a backlog. */
    private static final Duration MEANING_PATIENCE = Duration.ofSeconds(4);

    /** Texts that were not tried yet; those that failed wait longer than anybody would. */
    private static final String UNEMBEDDED = """
            select count(*) from search.unembedded u
            join search.document d using (org_id, entity_id, element)
            where u.org_id = ? and u.attempts = 0 and d.position <= ?
            """;

    /** Without sequential scans: a generic plan made while tables are small would read them whole when they have grown. */
    static final String SESSION = "set enable_seqscan = off; set jit = off; set role boardwalk_reader";

    private final DataSource indexing;
    private final Indexer indexer;
    private final Meaning meaning;
    private final @Nullable EmbeddingWorker worker;
    private final @Nullable NearIndexer nearIndexer;
    private final Questions questions;

    private Search(
            DataSource indexing, DataSource near, DataSource asking, SearchSettings settings, Neighbours neighbours) {
        this.indexing = indexing;
        this.indexer = new Indexer(indexing, settings.model());
        this.meaning = new Meaning(settings, indexing);
        Embedder embedder = meaning.present();
        this.worker = embedder == null ? null : new EmbeddingWorker(indexing, embedder, indexer);
        EmbeddingWorker embedding = worker;
        if (embedding != null) {
            indexer.whenWritten(embedding::wake);
        }
        this.nearIndexer = embedding == null
                ? null
                : new NearIndexer(near, settings.exactMax(), () -> indexer.leading.get() == 1, embedding.embedded::get);
        this.questions = new Questions(asking, neighbours);
    }

    /** Starts to index what changes, beside other processes that do (one of them at a time). */
    public static Search start(Database database, SearchSettings settings, Neighbours neighbours) {
        Search search = open(database, settings, neighbours);
        search.indexer.start();
        if (search.worker != null) {
            search.worker.start();
        }
        if (search.nearIndexer != null) {
            search.nearIndexer.start();
        }
        return search;
    }

    static Search open(Database database, SearchSettings settings, Neighbours neighbours) {
        DataSource indexing = database.ownConnections("indexer", INDEX_CONNECTIONS);
        DataSource asking = database.ownConnections("search", QUESTION_CONNECTIONS, SESSION);
        DataSource near = database.ownConnections("near indexes", 1);
        return new Search(indexing, near, asking, settings, neighbours);
    }

    /**
     * Answers a question; fails with {@link SearchException}, or with what the store said.
     */
    public SearchAnswer find(SearchRequest request) {
        return find(request, Ways.ALL);
    }

    /** The same by some ways of finding only. */
    public SearchAnswer find(SearchRequest request, Ways ways) {
        QueryText text = QueryText.parse(request.query());
        Map<String, String> leftOut = new LinkedHashMap<>();
        try {
            Embedder embedder = meaning.present();
            Predicate<String> vocabulary = embedder == null ? null : embedder.vocabulary();
            Questions.Resolved resolved =
                    questions.resolve(request, text, vocabulary == null ? _ -> false : vocabulary);
            // What is replaced may be a word that no document has: only who knows words can tell.
            QueryText corrected = resolved.corrected();
            QueryText meant = vocabulary == null || corrected == null ? text : corrected;
            List<QueryVector> vectors =
                    ways == Ways.WORDS ? List.of() : meaning.of(request.organisation(), meant.meaning(), leftOut);
            return questions.ask(request, resolved, ways, vectors, leftOut);
        } catch (SQLException failure) {
            throw SqlErrors.of("search", failure);
        }
    }

    /**
     * Waits until all that is flushed of an organisation by now can be found by its words, and for some seconds until it
     * can be found by its meaning too. Fails with {@link SearchException.PositionNotReached}.
     *
     * @param position waited for too, whoever flushes it
     */
    public void awaitIndexed(OrganisationId organisation, long position, Duration patience)
            throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        long wanted = Math.max(position, newestChange(organisation));
        while (true) {
            indexer.wake();
            long reached = position();
            if (reached > wanted) {
                break;
            }
            if (System.nanoTime() - deadline > 0) {
                throw new SearchException.PositionNotReached(
                        "what is found goes up to position " + reached + ", not to " + wanted + " yet");
            }
            Thread.sleep(LOOK);
        }
        awaitMeaning(organisation, wanted, Math.min(deadline, System.nanoTime() + MEANING_PATIENCE.toNanos()));
    }

    /** A long backlog is no reason to keep anybody waiting: what it holds is found by its words meanwhile. */
    private void awaitMeaning(OrganisationId organisation, long position, long deadline) throws InterruptedException {
        while (worker != null
                && System.nanoTime() < deadline
                && number(UNEMBEDDED, organisation.value(), position) > 0) {
            Thread.sleep(LOOK);
        }
    }

    /** The language that is set for a project; fails with {@link SearchException.NotFound} if there is no such project. */
    public ProjectLanguage language(OrganisationId organisation, String project) {
        try (Connection connection = indexing.getConnection()) {
            return new ProjectLanguages(connection).read(organisation, project);
        } catch (SQLException failure) {
            throw SqlErrors.of("read the language of a project", failure);
        }
    }

    /**
     * Sets the language of a project; its texts are derived with it in the background, and found as before until then.
     * Fails with {@link SearchException.NotFound} if there is no such project.
     *
     * @param language one of {@link ProjectLanguage#choices}; else {@link IllegalArgumentException}
     */
    public ProjectLanguage setLanguage(OrganisationId organisation, String project, String language) {
        if (!ProjectLanguage.choices().contains(language)) {
            throw new IllegalArgumentException("there is no language " + language);
        }
        try (Connection connection = indexing.getConnection()) {
            ProjectLanguage set = new ProjectLanguages(connection).write(organisation, project, language);
            indexer.wake();
            return set;
        } catch (SQLException failure) {
            throw SqlErrors.of("set the language of a project", failure);
        }
    }

    private long newestChange(OrganisationId organisation) {
        return number("select coalesce(max(position), 0) from public.change where org_id = ?", organisation.value());
    }

    /** The vector of a text by the present model, computed now; for measuring. */
    public float[] embed(String text) {
        Embedder embedder = meaning.present();
        if (embedder == null) {
            throw new EmbedderUnavailable("there is no embedder", null);
        }
        return embedder.query(text);
    }

    /** The documents that are nearest to the meaning of a text, of each its nearest chunk; for measuring. */
    public List<Place> nearest(OrganisationId organisation, String text, int most) {
        try {
            List<Place> places = new ArrayList<>();
            for (QueryVector vector : meaning.of(organisation, text, new LinkedHashMap<>())) {
                places.addAll(questions.nearest(organisation, vector, most));
            }
            return places;
        } catch (SQLException failure) {
            throw SqlErrors.of("look for the nearest", failure);
        }
    }

    /** Everything with a position below can be found. */
    public long position() {
        return number("select position from search.indexer where ? > 0", 1);
    }

    private long number(String sql, long... parameters) {
        try (Connection connection = indexing.getConnection();
                PreparedStatement query = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                query.setLong(i + 1, parameters[i]);
            }
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        } catch (SQLException failure) {
            throw SqlErrors.of("see how far the index is", failure);
        }
    }

    /** What there is to measure: names with their unit, without a prefix. */
    public Map<String, LongSupplier> gauges() {
        Map<String, LongSupplier> gauges = new LinkedHashMap<>();
        gauges.put("lag_milliseconds", indexer.lagMillis::get);
        gauges.put("backlog_entities", indexer.backlog::get);
        gauges.put("indexed_documents", indexer.documents::get);
        gauges.put("index_failures", indexer.failures::get);
        gauges.put("indexing", indexer.leading::get);
        gauges.put("embedded_documents", () -> worker == null ? 0 : worker.embedded.get());
        gauges.put("embed_failures", () -> worker == null ? 0 : worker.failures.get());
        gauges.put("near_indexes", () -> nearIndexer == null ? 0 : nearIndexer.indexes.get());
        return gauges;
    }

    Indexer indexer() {
        return indexer;
    }

    @Nullable
    NearIndexer nearIndexer() {
        return nearIndexer;
    }

    @Nullable
    EmbeddingWorker worker() {
        return worker;
    }

    @Override
    public void close() {
        if (nearIndexer != null) {
            nearIndexer.close();
        }
        indexer.close();
        if (worker != null) {
            worker.close();
        }
        meaning.close();
    }
}
