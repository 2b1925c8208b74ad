package dev.boardwalk.bench;

import io.vertx.core.Future;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The bridge from Vert.x's futures to the thread of a command, which may wait. */
final class Waits {
    private static final long LONGEST_SECONDS = 60;

    private Waits() {}

    /** The result of {@code future}, for which this thread waits up to a minute. */
    static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(LONGEST_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted during a benchmark", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a step of the benchmark failed", e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException("a step of the benchmark took more than " + LONGEST_SECONDS + " s", e);
        }
    }
}
