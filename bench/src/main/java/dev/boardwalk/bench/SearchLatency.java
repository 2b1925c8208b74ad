package dev.boardwalk.bench;

import dev.boardwalk.search.EmbedderUnavailable;
import dev.boardwalk.search.Place;
import dev.boardwalk.search.Search;
import dev.boardwalk.search.SearchAnswer;
import dev.boardwalk.search.SearchRequest;
import dev.boardwalk.search.Ways;
import dev.boardwalk.store.OrganisationId;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** How long questions take, in the process and over HTTP, and how much of what is near in meaning they find. */
final class SearchLatency {
    private static final List<Ways> ALL_WAYS = List.of(Ways.WORDS, Ways.MEANING, Ways.ALL);

    /** Letters after which a search box asks. */
    private static final int PREFIX_LENGTH_MIN = 2;

    /** How many of the nearest have to be found: a page of hits. */
    private static final int NEAREST = 20;

    private final JudgedCorpus corpus;
    private final int rounds;

    /** @param rounds how often each question is asked */
    SearchLatency(JudgedCorpus corpus, int rounds) {
        this.corpus = corpus;
        this.rounds = rounds;
    }

    /** Whole questions but for HTTP: their statements, with vectors out of the cache. */
    void print(Search search, OrganisationId organisation, String what) {
        for (Ways ways : ALL_WAYS) {
            Latencies latencies = new Latencies();
            for (int round = 0; round <= rounds; round++) {
                for (JudgedCorpus.Query query : corpus.queries()) {
                    long start = System.nanoTime();
                    SearchAnswer answer = search.find(request(organisation, query.text(), 20), ways);
                    if (round > 0 && answer.asOf() > 0) {
                        latencies.add(System.nanoTime() - start);
                    }
                }
            }
            print(what + ", " + SearchQuality.name(ways), latencies);
        }
    }

    private static SearchRequest request(OrganisationId organisation, String question, int limit) {
        return new SearchRequest(organisation, question, null, null, null, null, null, limit);
    }

    private static void print(String what, Latencies latencies) {
        System.out.printf(
                Locale.ROOT,
                "%-64s p50 %7.2f ms  p95 %7.2f ms  (%d)%n",
                what,
                latencies.millisAt(0.5),
                latencies.millisAt(0.95),
                latencies.count());
    }

    /** How many of the documents that are nearest, all compared, are found by meaning. */
    void recall(Search search, SearchTruth truth, OrganisationId organisation, String what) throws SQLException {
        long wanted = 0;
        long found = 0;
        for (JudgedCorpus.Query query : corpus.queries()) {
            float[] vector;
            try {
                vector = search.embed(query.text());
            } catch (EmbedderUnavailable unknownScript) {
                continue;
            }
            Set<Place> places = Set.copyOf(search.nearest(organisation, query.text(), NEAREST));
            List<Place> nearest = truth.nearest(organisation, vector, NEAREST);
            wanted += nearest.size();
            found += nearest.stream().filter(places::contains).count();
        }
        System.out.printf(
                Locale.ROOT, "%-64s recall %.4f of %d%n", what, wanted == 0 ? 1 : (double) found / wanted, wanted);
    }

    /** Every question typed letter by letter: once with each vector computed, then with all of them cached. */
    void typing(URI server) throws IOException, InterruptedException {
        List<String> prefixes = new ArrayList<>();
        for (JudgedCorpus.Query query : corpus.queries()) {
            for (int end = PREFIX_LENGTH_MIN; end <= query.text().length(); end++) {
                if (!query.text().substring(0, end).isBlank()) {
                    prefixes.add(query.text().substring(0, end));
                }
            }
        }
        try (HttpClient http = HttpClient.newHttpClient()) {
            for (String what : List.of("the vector of each computed", "vectors cached")) {
                Latencies latencies = new Latencies();
                for (String prefix : prefixes) {
                    URI question = URI.create(
                            server + "/api/v1/search?q=" + URLEncoder.encode(prefix, StandardCharsets.UTF_8));
                    long start = System.nanoTime();
                    HttpResponse<String> answer =
                            http.send(HttpRequest.newBuilder(question).build(), HttpResponse.BodyHandlers.ofString());
                    latencies.add(System.nanoTime() - start);
                    // What has no letters yet is no question.
                    if (answer.statusCode() != 200 && answer.statusCode() != 400) {
                        throw new IllegalStateException(question + " answered " + answer.body());
                    }
                }
                print("typed letter by letter over HTTP, " + what, latencies);
            }
        }
    }

    /** The vectors of questions, computed anew. */
    void embedding(Search search) {
        Latencies latencies = new Latencies();
        for (JudgedCorpus.Query query : corpus.queries()) {
            long start = System.nanoTime();
            try {
                if (search.embed(query.text() + ".").length > 0) {
                    latencies.add(System.nanoTime() - start);
                }
            } catch (EmbedderUnavailable unknownScript) {
                // Takes no time: the model is not run.
            }
        }
        print("vector of a question, computed", latencies);
    }
}
