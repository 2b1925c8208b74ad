package dev.boardwalk.bench;

import dev.boardwalk.bench.GraphCorpus.Hub;
import dev.boardwalk.graph.Direction;
import dev.boardwalk.graph.Graph;
import dev.boardwalk.graph.GraphLimits;
import dev.boardwalk.graph.Question;
import dev.boardwalk.graph.RelationshipIndex;
import dev.boardwalk.store.Database;
import dev.boardwalk.store.OrganisationId;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Who depends on what everybody depends on: by the index, by recursive SQL over the tables that it is loaded from, and by
 * Cypher in AGE, one after the other in one run, about the same hubs.
 *
 * <p>The questions come from one thread if nothing else is said. In the process they ask for ids alone; over HTTP for what
 * users get.
 */
@Command(
        name = "graph",
        description = "Dependents by the index, by recursive SQL and by Cypher in AGE.",
        mixinStandardHelpOptions = true)
final class GraphCommand implements Callable<Integer> {
    private static final Set<String> DEPENDS_ON = Set.of("DEPENDS_ON");
    private static final int HUBS_OF_EACH = 3;
    private static final int HUBS_MAX = 150;
    private static final int HUBS_OVER_HTTP = 50;
    /** The index answers within microseconds: until the compiler is done with it, it is asked more often. */
    private static final int INDEX_ROUNDS = 20;

    private static final int HTTP_ROUNDS = 20;
    private static final int CLIENTS = 8;
    private static final double SECONDS_TOGETHER = 5;

    @Option(names = "--entities", defaultValue = "20000", description = "in all (default ${DEFAULT-VALUE})")
    private int entities;

    @Option(names = "--relationships", defaultValue = "58000", description = "in all (default ${DEFAULT-VALUE})")
    private int relationships;

    @Option(names = "--organisations", defaultValue = "50", description = "of 1/i of the largest (${DEFAULT-VALUE})")
    private int organisations;

    @Option(
            names = "--size",
            paramLabel = "full",
            description = "1,000,000 entities, 2,900,000 relationships, 1,000 organisations")
    private String size = "";

    @Option(names = "--rounds", defaultValue = "5", description = "after one that is not counted (${DEFAULT-VALUE})")
    private int rounds;

    @Option(
            names = "--windows",
            defaultValue = "6",
            description = "of editing, each without and with (${DEFAULT-VALUE})")
    private int windows;

    @Option(names = "--data", description = "a folder whose corpus is made once, used and kept")
    private @Nullable Path data;

    @Option(names = "--only", description = "make (the corpus), load or editing; all if none is said")
    private String only = "";

    private final GraphTable table = new GraphTable();

    /** One way of asking; answers how many vertices it came to. */
    private interface Way {
        int ask(Hub hub) throws SQLException, IOException, InterruptedException;
    }

    @Override
    public Integer call() throws SQLException, IOException, InterruptedException {
        if (size.equals("full")) {
            entities = 1_000_000;
            relationships = 2_900_000;
            organisations = 1_000;
        }
        if (organisations < 2 || entities < organisations || relationships < entities || rounds < 1) {
            throw new IllegalArgumentException(
                    "there are two organisations at least, an entity and a relationship each");
        }
        Vertx vertx = Vertx.vertx();
        try (BenchDatabase server = data == null ? BenchDatabase.start() : BenchDatabase.keptIn(data);
                Connection connection = server.connect();
                Database database = Database.open(vertx, server.settings())) {
            GraphCorpus corpus = corpus(connection);
            if (only.equals("make")) {
                return 0;
            }
            measure(vertx, server, database, corpus);
        } finally {
            Waits.await(vertx.close());
        }
        return 0;
    }

    private GraphCorpus corpus(Connection connection) throws SQLException {
        GraphCorpus corpus = new GraphCorpus(connection);
        boolean there = corpus.find(organisations);
        if (!there) {
            corpus.write(entities, relationships, organisations);
        }
        System.out.printf(
                Locale.ROOT,
                "%,d entities, %,d relationships, %,d organisations%n",
                entities,
                corpus.relationships(),
                organisations);
        if (!there) {
            System.out.printf(
                    Locale.ROOT,
                    "set by SQL, triggers and AGE included: %,.0f a second%n",
                    corpus.relationshipsPerSecond());
        }
        return corpus;
    }

    private void measure(Vertx vertx, BenchDatabase server, Database database, GraphCorpus corpus)
            throws SQLException, IOException, InterruptedException {
        GraphOverHttp http = new GraphOverHttp(server.address(), corpus.hubs(HUBS_OVER_HTTP, 1, 1));
        // What derives at flushes stays; the feed of this process' index does not run beside what is measured of the
        // server.
        try (Graph graph = Graph.open(database, GraphLimits.DEFAULT);
                GraphRivals rivals = new GraphRivals(server.connect())) {
            if (!only.equals("editing")) {
                load(graph.index(), corpus.hubs(1, 1, Long.MAX_VALUE));
            }
            if (only.isEmpty()) {
                inProcess(graph.index(), rivals, sample(corpus.hubs(HUBS_OF_EACH, 1, Long.MAX_VALUE)));
            }
        }
        if (only.isEmpty()) {
            overHttp(server, http);
        }
        if (!only.equals("load")) {
            GraphEditing.measure(vertx, server.address(), http, windows);
        }
        if (only.isEmpty()) {
            System.out.printf(
                    Locale.ROOT,
                    "%nderived at flushes of new boards: %,.0f relationships a second%n",
                    GraphDerivation.perSecond(database));
        }
    }

    /** Of organisations of every size. */
    private static List<Hub> sample(List<Hub> hubs) {
        int step = Math.max(1, hubs.size() / HUBS_MAX);
        return IntStream.range(0, hubs.size())
                .filter(at -> at % step == 0)
                .mapToObj(hubs::get)
                .toList();
    }

    private static void load(RelationshipIndex index, List<Hub> oneOfEach) {
        Question nothing = question(null, 1);
        Latencies latencies = new Latencies();
        long start = System.nanoTime();
        for (Hub hub : oneOfEach) {
            long began = System.nanoTime();
            if (!index.reach(new OrganisationId(hub.organisation()), 0, Direction.IN, nothing)
                    .isEmpty()) {
                throw new IllegalStateException("nothing may depend on vertex 0");
            }
            latencies.add(System.nanoTime() - began);
        }
        System.out.printf(
                Locale.ROOT,
                "index: loads all in %.2f s, one organisation in %.1f ms (p50), the slowest in %.0f ms; %.1f bytes a"
                        + " relationship%n",
                (System.nanoTime() - start) / 1e9,
                latencies.millisAt(0.5),
                latencies.millisAt(1),
                (double) index.bytes() / index.relationships());
    }

    private void inProcess(RelationshipIndex index, GraphRivals rivals, List<Hub> hubs)
            throws SQLException, IOException, InterruptedException {
        int indexRounds = rounds * INDEX_ROUNDS;
        table.title("all that depend on " + hubs.size() + " hubs");
        time("index", hubs, indexRounds, hub -> ask(index, hub, question(null, Question.ALL)));
        time("recursive SQL, UNION", hubs, rounds, rivals::all);
        table.title("up to depth 5");
        time("index", hubs, indexRounds, hub -> ask(index, hub, question(null, 5)));
        time("recursive SQL, UNION", hubs, rounds, rivals::depth5);
        table.title("direct, by DEPENDS_ON");
        time("index", hubs, indexRounds, hub -> ask(index, hub, question(DEPENDS_ON, 1)));
        time("SQL", hubs, rounds, rivals::direct);
        time("Cypher in AGE, fixed length", hubs, rounds, rivals::age);
    }

    private void overHttp(BenchDatabase server, GraphOverHttp http)
            throws SQLException, IOException, InterruptedException {
        GraphOverHttp.Ways sql = () -> new GraphRivals(server.connect()).asWay();
        http.warmUp();
        table.title("over HTTP, " + HUBS_OVER_HTTP + " hubs of the largest");
        http.alone(table, "GET dependents, depth=1", rounds * HTTP_ROUNDS, () -> http.http("1"));
        table.title("the same, depth=all");
        http.alone(table, "GET, up to 1,000 described", rounds * HTTP_ROUNDS, () -> http.http("all"));
        http.alone(table, "GET …&limit=100", rounds * HTTP_ROUNDS, () -> http.http("all&limit=100"));
        http.alone(table, "recursive SQL, all, ids alone", rounds, sql);
        System.out.printf(Locale.ROOT, "%n%d clients at once, depth=all%n", CLIENTS);
        double bySql = http.together(CLIENTS, SECONDS_TOGETHER, sql);
        System.out.println(GraphOverHttp.rate(
                "GET, up to 1,000 described", http.together(CLIENTS, SECONDS_TOGETHER, () -> http.http("all")), bySql));
        System.out.println(GraphOverHttp.rate(
                "GET …&limit=100", http.together(CLIENTS, SECONDS_TOGETHER, () -> http.http("all&limit=100")), bySql));
    }

    /** The first round of all warms caches and compilers up. */
    private void time(String title, List<Hub> hubs, int times, Way way)
            throws SQLException, IOException, InterruptedException {
        Latencies latencies = new Latencies();
        long reached = 0;
        for (int round = 0; round <= times; round++) {
            for (Hub hub : hubs) {
                long start = System.nanoTime();
                int count = way.ask(hub);
                if (round > 0) {
                    latencies.add(System.nanoTime() - start);
                    reached += count;
                }
            }
        }
        table.line(title, latencies, (double) reached / latencies.count());
    }

    private static Question question(@Nullable Set<String> types, int depth) {
        return new Question(types, null, depth, Integer.MAX_VALUE, Long.MAX_VALUE, () -> false);
    }

    private static int ask(RelationshipIndex index, Hub hub, Question question) {
        return index.reach(new OrganisationId(hub.organisation()), hub.vertex(), Direction.IN, question)
                .size();
    }
}
