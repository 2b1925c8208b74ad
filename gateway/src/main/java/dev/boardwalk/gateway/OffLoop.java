package dev.boardwalk.gateway;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.concurrent.Callable;

/** The bridge from an event loop to work that blocks or computes for long, each on a virtual thread of its own. */
final class OffLoop {
    private OffLoop() {}

    /** Runs the work elsewhere; the future completes on the caller's context. */
    static <T> Future<T> call(Vertx vertx, Callable<T> work) {
        Context caller = vertx.getOrCreateContext();
        Promise<T> promise = Promise.promise();
        Thread.startVirtualThread(() -> {
            try {
                T result = work.call();
                caller.runOnContext(_ -> promise.complete(result));
            } catch (Throwable failure) {
                caller.runOnContext(_ -> promise.fail(failure));
            }
        });
        return promise.future();
    }
}
