package dev.boardwalk.bench;

import dev.boardwalk.crdt.Engine;
import dev.boardwalk.store.BackgroundContext;
import dev.boardwalk.store.BackgroundService;
import dev.boardwalk.store.BlobStore;
import dev.boardwalk.store.BlobStores;
import dev.boardwalk.store.Database;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * What compaction costs: folding many small updates of one document, a run over many entities of which few changed, what
 * those who edit meanwhile feel of it, and the pruning of one hour of operations while others write.
 */
@Command(
        name = "compact",
        description =
                "Folding, a run over many entities of which few changed, live editing beside it, and pruning an hour.",
        mixinStandardHelpOptions = true)
final class CompactCommand implements Callable<Integer> {
    private static final int FOLD_ROUNDS = 15;

    @Option(names = "--updates", defaultValue = "16000", description = "small updates folded (${DEFAULT-VALUE})")
    private int updates;

    @Option(names = "--entities", defaultValue = "100000", description = "entities there are (${DEFAULT-VALUE})")
    private int entities;

    @Option(names = "--changed", defaultValue = "5000", description = "of which changed (${DEFAULT-VALUE})")
    private int changed;

    @Option(names = "--operations", defaultValue = "800000", description = "operations pruned (${DEFAULT-VALUE})")
    private int operations;

    @Option(
            names = "--parts",
            split = ",",
            defaultValue = "fold,run,live,prune",
            description = "what of it, by commas (${DEFAULT-VALUE})")
    private Set<Part> parts = EnumSet.allOf(Part.class);

    @Option(names = "--rounds", defaultValue = "5", description = "rounds of live editing (${DEFAULT-VALUE})")
    private int rounds;

    /** Of which the benchmark consists; each but the first begins with the entities of the run. */
    enum Part {
        FOLD,
        RUN,
        LIVE,
        PRUNE
    }

    @Override
    public Integer call() throws IOException, SQLException {
        if (parts.contains(Part.FOLD)) {
            fold();
        }
        if (parts.equals(EnumSet.of(Part.FOLD))) {
            return 0;
        }
        Path folder = Files.createTempDirectory("boardwalk-bench-objects");
        Vertx vertx = Vertx.vertx();
        try (BenchDatabase server = BenchDatabase.start();
                BlobStore objects = BlobStores.folder(folder);
                Database database = Database.open(vertx, server.settings(), objects)) {
            BackgroundService compactor = ServiceLoader.load(BackgroundService.class).stream()
                    .map(ServiceLoader.Provider::get)
                    .filter(service -> service.name().equals("compact"))
                    .findFirst()
                    .orElseThrow();
            CompactLoad load = new CompactLoad(server);
            BackgroundContext context = new BackgroundContext(
                    database, objects, Duration.ofHours(1), Duration.ofHours(24), Duration.ofDays(7));
            load.entities(entities, 2);
            System.out.printf(
                    "first run, %,d entities:%n%s%n",
                    entities, compactor.runOnce(context, BackgroundService.Progress.NONE));
            if (parts.contains(Part.RUN)) {
                sparse(load, compactor, context);
            }
            if (parts.contains(Part.LIVE)) {
                new LiveBesideCompaction(load, compactor, context).measure(vertx, server.address(), rounds, changed);
            }
            if (parts.contains(Part.PRUNE)) {
                prune(load, compactor, context);
            }
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
            BenchDatabase.delete(folder);
        }
        return 0;
    }

    /** One document, as the compactor folds it: in one crossing to the engine. */
    private void fold() {
        List<byte[]> small = CompactLoad.typing(updates);
        long bytes = small.stream().mapToLong(update -> update.length).sum();
        List<Long> nanos = new ArrayList<>();
        for (int round = 0; round < FOLD_ROUNDS; round++) {
            long start = System.nanoTime();
            Engine.fold(null, small, Engine.Projection.NONE);
            nanos.add(System.nanoTime() - start);
        }
        nanos.sort(null);
        System.out.printf(
                "fold of %,d updates (%,d bytes): median %.1f ms, first and worst %.1f ms%n",
                updates, bytes, nanos.get(FOLD_ROUNDS / 2) / 1e6, nanos.getLast() / 1e6);
    }

    private void sparse(CompactLoad load, BackgroundService compactor, BackgroundContext context) throws SQLException {
        load.change(changed);
        long before = ProcessMemory.residentBytes();
        long start = System.nanoTime();
        String report = compactor.runOnce(context, BackgroundService.Progress.NONE);
        System.out.printf(
                "run over %,d entities of which %,d changed: %.1f s, peak memory of the process %,d MiB (before the run %,d)%n%s%n",
                entities,
                changed,
                (System.nanoTime() - start) / 1e9,
                ProcessMemory.peakBytes() >> 20,
                before >> 20,
                report);
    }

    private void prune(CompactLoad load, BackgroundService compactor, BackgroundContext context) throws SQLException {
        load.oldHour(operations);
        // Folded first, with a retention that keeps it, so that only the pruning is measured.
        compactor.runOnce(
                new BackgroundContext(
                        context.database(),
                        context.objects(),
                        context.snapshotInterval(),
                        context.operationRetention().multipliedBy(2),
                        context.objectGrace()),
                BackgroundService.Progress.NONE);
        try (CompactLoad.Writer writer = load.writing()) {
            long start = System.nanoTime();
            String report = compactor.runOnce(context, BackgroundService.Progress.NONE);
            System.out.printf(
                    "pruning an hour of %,d operations: %.1f s, writers beside it waited %.0f ms at most%n%s%n",
                    operations, (System.nanoTime() - start) / 1e9, writer.worstNanos() / 1e6, report);
        }
    }
}
