package dev.boardwalk.store;

import dev.boardwalk.testkit.TestDatabase;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Measures the store on the server of {@value TestDatabase#SERVER}: ticks of 1, 50 and 1,000 rows one after the other,
 * loads of an entity of a few pieces, flushes of 50 entities. Prints medians; no assertion, so no test.
 *
 * <p>Run it from the test class path: {@code java -cp … dev.boardwalk.store.StoreSpeed}.
 */
final class StoreSpeed {
    private static final int ENTITIES = 1_000;
    private static final int UPDATE_BYTES = 200;

    private final Database database;
    private final List<EntityId> entities = new ArrayList<>();
    private final byte[] update = new byte[UPDATE_BYTES];

    private StoreSpeed(Database database) {
        this.database = database;
        ThreadLocalRandom.current().nextBytes(update);
    }

    public static void main(String[] arguments) {
        Vertx vertx = Vertx.vertx();
        try (TestDatabase server = TestDatabase.create();
                Database database = Database.open(vertx, DatabaseSettings.parse(server.url()))) {
            StoreSpeed speed = new StoreSpeed(database);
            speed.makeEntities();
            speed.ticks(1, 50);
            speed.ticks(1, 400);
            speed.flushes(20);
            speed.flushes(40);
            speed.ticks(1_000, 3);
            speed.loads(500);
            speed.loads(3_000);
            speed.ticks(50, 200);
            speed.ticks(1_000, 200);
        } finally {
            DatabaseTest.answer(vertx.close());
        }
    }

    private void makeEntities() {
        List<Future<StoredEntity>> made = new ArrayList<>();
        for (int at = 0; at < ENTITIES; at++) {
            made.add(database.entities().loadOrCreate(key(at)));
        }
        made.forEach(entity -> entities.add(DatabaseTest.answer(entity).id()));
    }

    private void ticks(int rows, int count) {
        Journal journal = database.journal(database.leases().register("speed"));
        DatabaseTest.answer(journal.connect());
        List<JournalEntry> entries = entities.subList(0, rows).stream()
                .map(entity -> new JournalEntry(entity, List.of(update)))
                .toList();
        long[] nanos = new long[count];
        for (int at = 0; at < count; at++) {
            long start = System.nanoTime();
            DatabaseTest.answer(journal.append(at + 1, entries));
            nanos[at] = System.nanoTime() - start;
        }
        print("tick of " + rows + " rows", rows, nanos);
        DatabaseTest.answer(journal.close());
    }

    private void loads(int count) {
        Random random = new Random(1);
        long[] nanos = new long[count];
        int pieces = 0;
        for (int at = 0; at < count; at++) {
            EntityKey key = key(random.nextInt(ENTITIES - 50) + 50);
            long start = System.nanoTime();
            pieces = DatabaseTest.answer(database.entities().load(key))
                    .orElseThrow()
                    .pieces()
                    .size();
            nanos[at] = System.nanoTime() - start;
        }
        print("load of " + pieces + " pieces", 1, nanos);
    }

    private void flushes(int count) {
        GatewayLease lease = database.leases().register("flush");
        FlushWriter writer = database.flushWriter();
        long[] nanos = new long[count];
        for (int at = 0; at < count; at++) {
            List<FlushedEntity> batch = new ArrayList<>();
            for (EntityId entity : entities.subList(at % 20 * 50, at % 20 * 50 + 50)) {
                batch.add(FlushedEntity.projected(
                        entity, OperationFormat.MERGED, update, null, at + 1, at + 1, DatabaseTest.projection("{}")));
            }
            long start = System.nanoTime();
            long position = writer.write(lease, batch, null).position();
            nanos[at] = System.nanoTime() - start;
            if (position == 0) {
                throw new IllegalStateException("flush without position");
            }
        }
        print("flush of 50 entities", 50, nanos);
    }

    private static EntityKey key(int at) {
        return new EntityKey(OrganisationId.LOCAL, "speed", "entity-" + at);
    }

    private static void print(String what, int rows, long[] nanos) {
        double seconds = Arrays.stream(nanos).sum() / 1e9;
        Arrays.sort(nanos);
        System.out.printf(
                "%-24s p50 %.2f ms  p95 %.2f ms  %,.0f/s  %,.0f rows/s%n",
                what,
                nanos[nanos.length / 2] / 1e6,
                nanos[nanos.length * 95 / 100] / 1e6,
                nanos.length / seconds,
                (double) nanos.length * rows / seconds);
    }
}
