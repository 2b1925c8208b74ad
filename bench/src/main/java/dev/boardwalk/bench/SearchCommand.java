package dev.boardwalk.bench;

import dev.boardwalk.search.EmbedderUnavailable;
import dev.boardwalk.search.Neighbours;
import dev.boardwalk.search.Search;
import dev.boardwalk.search.SearchAnswer;
import dev.boardwalk.search.SearchRequest;
import dev.boardwalk.search.SearchSettings;
import dev.boardwalk.search.Ways;
import dev.boardwalk.store.Database;
import dev.boardwalk.store.DatabaseSettings;
import dev.boardwalk.store.OrganisationId;
import dev.boardwalk.testkit.TestDatabase;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * What is found, and how fast: the judged questions by words alone, by meaning alone and by both, on a real database.
 *
 * <p>Latency is that of a whole question but for HTTP: its statements, and the vector of the question out of the cache;
 * computing a vector is measured apart. With {@code --size} there are so many other documents besides, of organisations
 * of very different sizes, the largest of which is asked.
 */
@Command(
        name = "search",
        description = "Quality and latency of search by words, by meaning, and by both.",
        mixinStandardHelpOptions = true)
final class SearchCommand implements Callable<Integer> {
    @Option(names = "--size", paramLabel = "N", description = "Further documents, for the latency (0)")
    private int size;

    @Option(names = "--organisations", paramLabel = "N", description = "Organisations of the further documents (1000)")
    private int organisations = 1_000;

    @Option(names = "--rounds", paramLabel = "N", description = "How often each question is asked for the latency (5)")
    private int rounds = 5;

    @Option(names = "--misses", description = "Name the questions whose best answer is not the first")
    private boolean misses;

    @Override
    public Integer call() throws Exception {
        JudgedCorpus corpus = JudgedCorpus.read();
        Vertx vertx = Vertx.vertx();
        try (TestDatabase testDatabase = TestDatabase.create();
                Database database = Database.open(vertx, DatabaseSettings.parse(testDatabase.url()))) {
            SearchCorpus stored = new SearchCorpus(testDatabase);
            stored.write(corpus);
            try (Search search = Search.start(database, SearchSettings.MINILM, Neighbours.NONE)) {
                search.awaitIndexed(OrganisationId.LOCAL, 0, Duration.ofMinutes(2));
                stored.awaitEmbedded();
                quality(search, corpus);
                latency(search, corpus, OrganisationId.LOCAL, corpus.groups().size() + " boards");
                if (size > 0) {
                    OrganisationId largest = stored.addDocuments(size, organisations);
                    latency(search, corpus, largest, stored.documents(largest) + " documents of " + size);
                }
                embedding(search, corpus);
            }
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
        return 0;
    }

    private void quality(Search search, JudgedCorpus corpus) {
        System.out.printf(
                Locale.ROOT, "%-10s %-8s %5s %8s %10s%n", "questions", "ways", "count", "nDCG@10", "recall@10");
        for (Ways ways : List.of(Ways.WORDS, Ways.MEANING, Ways.ALL)) {
            Map<String, RankQuality> byKind = new TreeMap<>();
            RankQuality all = new RankQuality();
            for (JudgedCorpus.Query query : corpus.queries()) {
                List<String> found = found(search, query.text(), ways);
                byKind.computeIfAbsent(query.kind(), _ -> new RankQuality()).add(found, query.grades());
                all.add(found, query.grades());
                if (misses
                        && ways == Ways.ALL
                        && (found.isEmpty() || !query.grades().containsKey(found.getFirst()))) {
                    System.out.println("miss: " + query.kind() + " \"" + query.text() + "\" found " + found);
                }
            }
            byKind.forEach((kind, quality) -> line(kind, ways, quality));
            line("all", ways, all);
        }
    }

    private static void line(String kind, Ways ways, RankQuality quality) {
        System.out.printf(
                Locale.ROOT,
                "%-10s %-8s %5d %8.3f %10.3f%n",
                kind,
                name(ways),
                quality.questions(),
                quality.ndcg(),
                quality.recall());
    }

    private static String name(Ways ways) {
        return switch (ways) {
            case ALL -> "fused";
            case WORDS -> "words";
            case MEANING -> "meaning";
        };
    }

    /** The items that are found, as the corpus names them. */
    private static List<String> found(Search search, String question, Ways ways) {
        return search.find(request(OrganisationId.LOCAL, question), ways).hits().stream()
                .filter(hit -> !hit.element().isEmpty())
                .map(hit -> hit.name() + "/" + hit.element())
                .toList();
    }

    private static SearchRequest request(OrganisationId organisation, String question) {
        return new SearchRequest(organisation, question, null, null, null, null, null, 20);
    }

    private void latency(Search search, JudgedCorpus corpus, OrganisationId organisation, String what) {
        System.out.printf(Locale.ROOT, "%-34s %-8s %9s %9s%n", what, "ways", "p50 ms", "p95 ms");
        for (Ways ways : List.of(Ways.WORDS, Ways.MEANING, Ways.ALL)) {
            Latencies latencies = new Latencies();
            for (int round = 0; round <= rounds; round++) {
                for (JudgedCorpus.Query query : corpus.queries()) {
                    long start = System.nanoTime();
                    SearchAnswer answer = search.find(request(organisation, query.text()), ways);
                    if (round > 0 && answer.asOf() > 0) {
                        latencies.add(System.nanoTime() - start);
                    }
                }
            }
            System.out.printf(
                    Locale.ROOT,
                    "%-34s %-8s %9.2f %9.2f%n",
                    "",
                    name(ways),
                    latencies.millisAt(0.5),
                    latencies.millisAt(0.95));
        }
    }

    private static void embedding(Search search, JudgedCorpus corpus) {
        Latencies latencies = new Latencies();
        List<JudgedCorpus.Query> queries = new ArrayList<>(corpus.queries());
        for (JudgedCorpus.Query query : queries) {
            long start = System.nanoTime();
            try {
                if (search.embed(query.text() + ".").length > 0) {
                    latencies.add(System.nanoTime() - start);
                }
            } catch (EmbedderUnavailable unknownScript) {
                // Takes no time: the model is not run.
            }
        }
        System.out.printf(
                Locale.ROOT,
                "vector of a question that is not cached: p50 %.2f ms, p95 %.2f ms%n",
                latencies.millisAt(0.5),
                latencies.millisAt(0.95));
        System.out.println("resident memory of this process, model included: " + residentMemory());
    }

    /** As Linux says it; elsewhere unknown. */
    private static String residentMemory() {
        try {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .map(line -> line.substring("VmRSS:".length()).strip())
                    .findFirst()
                    .orElse("unknown");
        } catch (IOException notLinux) {
            return "unknown";
        }
    }
}
