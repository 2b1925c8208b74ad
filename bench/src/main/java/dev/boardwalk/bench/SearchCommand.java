package dev.boardwalk.bench;

import dev.boardwalk.search.Neighbours;
import dev.boardwalk.search.Search;
import dev.boardwalk.search.SearchSettings;
import dev.boardwalk.store.Database;
import dev.boardwalk.store.OrganisationId;
import io.vertx.core.Vertx;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * What is found, and how fast: the judged questions by words alone, by meaning alone and by both, on a real database and
 * over HTTP.
 *
 * <p>Latency in the process is that of a whole question but for HTTP: its statements, and the vector of the question out
 * of the cache; computing a vector is measured apart. With {@code --size} there are so many other documents besides, of
 * organisations of very different sizes: one of 10,000 documents is asked, which is compared exactly, and the largest.
 * Last, how long it takes until what was typed is found, which is a matter of the flushes.
 */
@Command(
        name = "search",
        description = "Quality and latency of search by words, by meaning, and by both.",
        mixinStandardHelpOptions = true)
final class SearchCommand implements Callable<Integer> {
    private static final int FULL = 1_000_000;
    private static final int FULL_TEXTS = 10_000;

    @Option(
            names = "--size",
            paramLabel = "N",
            description = "Further documents, for the latency (0); 'full': 1,000,000, and 10,000 texts to embed")
    private String size = "0";

    @Option(names = "--organisations", paramLabel = "N", description = "Organisations of the further documents (1000)")
    private int organisations = 1_000;

    @Option(names = "--rounds", paramLabel = "N", description = "How often each question is asked for the latency (5)")
    private int rounds = 5;

    @Option(
            names = "--texts",
            paramLabel = "N",
            description = "Texts to embed while others type, to see whether they notice (0)")
    private int texts;

    @Option(names = "--misses", description = "Name the questions whose best answer is not the first")
    private boolean misses;

    @Override
    public Integer call() throws Exception {
        boolean full = size.equals("full");
        int documents = full ? FULL : Integer.parseInt(size);
        int toEmbed = full && texts == 0 ? FULL_TEXTS : texts;
        JudgedCorpus judged = JudgedCorpus.read();
        SearchLatency latency = new SearchLatency(judged, rounds);
        Vertx vertx = Vertx.vertx();
        try (BenchDatabase server = BenchDatabase.start()) {
            SearchCorpus corpus = new SearchCorpus(server);
            corpus.write(judged);
            corpus.awaitEmbedded();
            corpus.prepare();
            try (Database database = Database.open(vertx, server.settings());
                    Search search = Search.start(database, SearchSettings.MINILM, Neighbours.NONE)) {
                new SearchQuality(search, judged, misses).print();
                System.out.println();
                latency.print(search, OrganisationId.LOCAL, "the judged items");
                latency.embedding(search);
            }
            if (toEmbed > 0) {
                new EditingBesideEmbedding(vertx, server, corpus).print(toEmbed);
            }
            if (documents > 0) {
                large(vertx, server, corpus, latency, documents);
            }
            System.out.println();
            latency.typing(server.address());
            new TypedToFound(server.address()).print();
        } finally {
            Waits.await(vertx.close());
        }
        return 0;
    }

    private void large(Vertx vertx, BenchDatabase server, SearchCorpus corpus, SearchLatency latency, int documents)
            throws Exception {
        System.out.printf("%n%,d documents of %,d organisations%n", documents, organisations);
        corpus.addDocuments(documents, organisations);
        // Whoever indexes looks for large organisations when it starts.
        server.restart();
        corpus.awaitNearIndexes(SearchSettings.EXACT_MAX_DEFAULT);
        try (Database database = Database.open(vertx, server.settings());
                Search search = Search.start(database, SearchSettings.MINILM, Neighbours.NONE);
                SearchTruth truth = new SearchTruth(server.connect())) {
            for (OrganisationId organisation : new OrganisationId[] {OrganisationId.LOCAL, corpus.largest()}) {
                String what = "organisation of %,d documents".formatted(corpus.documents(organisation));
                latency.print(search, organisation, what);
                latency.recall(search, truth, organisation, what + ", meaning");
            }
        }
    }
}
