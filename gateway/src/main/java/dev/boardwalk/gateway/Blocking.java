package dev.boardwalk.gateway;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Work that blocks, on a virtual thread of its own, with its result as a future on the given context. */
final class Blocking {

    private Blocking() {}

    static <T extends @Nullable Object> Future<T> call(Context context, Callable<T> work) {
        Promise<T> done = Promise.promise();
        Thread.startVirtualThread(() -> {
            try {
                T result = work.call();
                context.runOnContext(_ -> done.complete(result));
            } catch (Exception failure) {
                context.runOnContext(_ -> done.fail(failure));
            } catch (Error bug) {
                context.runOnContext(_ -> done.fail(bug));
                throw bug;
            }
        });
        return done.future();
    }
}
