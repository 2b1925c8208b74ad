package dev.boardwalk.store;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Asks whether the database takes a write now, by writing: a row that fills a page, so that the file has to grow.
 *
 * <p>A standby answers queries, and a full disk answers updates in place; neither can be edited on.
 */
final class Probe {
    /** Less than a page of 8 KiB, more than half of one. */
    private static final String WRITE = """
            insert into public.probe (filler) values (repeat('.', 7000))
            returning pg_relation_size('public.probe') as size
            """;

    private static final long SIZE_MAX = 4 << 20;
    private static final long ANSWER_MILLIS_MAX = 5_000;
    /** How long an answer stands for those who ask again. */
    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(1);

    private record Asked(Future<Void> answer, long nanoTime) {}

    private final Pool queries;
    private final AtomicReference<@Nullable Asked> last = new AtomicReference<>();

    Probe(Pool queries) {
        this.queries = queries;
    }

    Future<Void> run() {
        Asked before = last.get();
        if (before != null && (!before.answer().isComplete() || System.nanoTime() - before.nanoTime() < FRESH_NANOS)) {
            return before.answer();
        }
        Asked now = new Asked(write(), System.nanoTime());
        last.set(now);
        return now.answer();
    }

    private Future<Void> write() {
        return queries.query(WRITE)
                .execute()
                .compose(rows -> rows.iterator().next().getLong("size") < SIZE_MAX
                        ? Future.succeededFuture()
                        : queries.query("truncate public.probe").execute())
                .timeout(ANSWER_MILLIS_MAX, TimeUnit.MILLISECONDS)
                .<Void>mapEmpty()
                .recover(failure -> Future.failedFuture(SqlErrors.of("write to the database", failure)));
    }
}
