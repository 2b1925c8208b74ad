package dev.boardwalk.gateway;

import dev.boardwalk.crdt.Engine;
import dev.boardwalk.crdt.sync.StateVectors;
import dev.boardwalk.gateway.live.DiffRequest;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;

/**
 * What needs a replica of a document in native memory: diffs and states, on virtual threads, so many at a time. May be
 * used from any thread; futures complete on the caller's context.
 */
final class Replicas {

    /** Each call computes without blocking, so more than the processors gain nothing and cost native memory. */
    private final Semaphore atOnce =
            new Semaphore(Math.max(2, Runtime.getRuntime().availableProcessors()));

    private final Vertx vertx;

    Replicas(Vertx vertx) {
        this.vertx = vertx;
    }

    /** What the pieces of the request hold beyond its state vector, in parts that can be sent one by one. */
    Future<List<byte[]>> diff(DiffRequest request) {
        return call(() -> {
            byte[] diff = Engine.diff(request.pieces(), StateVectors.encode(request.stateVector()));
            return StoredContent.parts(diff);
        });
    }

    /** The pieces as one update. */
    Future<byte[]> state(List<byte[]> pieces) {
        return call(() -> Engine.fold(null, pieces, Engine.Projection.NONE).state());
    }

    /** Anything else that takes one. */
    <T> Future<T> call(Callable<T> work) {
        return Blocking.call(vertx.getOrCreateContext(), () -> {
            atOnce.acquire();
            try {
                return work.call();
            } finally {
                atOnce.release();
            }
        });
    }
}
