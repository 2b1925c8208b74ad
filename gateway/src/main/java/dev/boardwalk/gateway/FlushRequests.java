package dev.boardwalk.gateway;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What the flusher was asked for. Asking may happen on any thread; what was taken in belongs to the flusher's.
 */
final class FlushRequests {

    private sealed interface Request {
        record One(LiveSlot slot, @Nullable Promise<Void> done) implements Request {}

        record Everything(Promise<Void> done) implements Request {}

        record Abandoned(LiveSlot slot) implements Request {}

        record WakeUp() implements Request {}
    }

    private final BlockingQueue<Request> incoming = new LinkedBlockingQueue<>();

    private final Map<LiveSlot, List<Promise<Void>>> wanted = new LinkedHashMap<>();
    private final List<Promise<Void>> everything = new ArrayList<>();
    private final Set<LiveSlot> abandoned = new LinkedHashSet<>();

    void one(LiveSlot slot) {
        incoming.add(new Request.One(slot, null));
    }

    Future<Void> oneNow(LiveSlot slot) {
        Promise<Void> done = Promise.promise();
        incoming.add(new Request.One(slot, done));
        return done.future();
    }

    Future<Void> everything() {
        Promise<Void> done = Promise.promise();
        incoming.add(new Request.Everything(done));
        return done.future();
    }

    void abandoned(LiveSlot slot) {
        incoming.add(new Request.Abandoned(slot));
    }

    void wakeUp() {
        incoming.add(new Request.WakeUp());
    }

    /** Takes in what came; waits for the first request if nothing is left to do. */
    void await(long nanos) throws InterruptedException {
        if (wanted.isEmpty() && everything.isEmpty()) {
            Request request = incoming.poll(Math.max(0, nanos), TimeUnit.NANOSECONDS);
            if (request != null) {
                take(request);
            }
        }
        take();
    }

    /** Takes in what came. */
    void take() {
        Request request;
        while ((request = incoming.poll()) != null) {
            take(request);
        }
    }

    private void take(Request request) {
        switch (request) {
            case Request.One(LiveSlot slot, Promise<Void> done) -> {
                List<Promise<Void>> waiters = wanted.computeIfAbsent(slot, _ -> new ArrayList<>());
                if (done != null) {
                    waiters.add(done);
                }
            }
            case Request.Everything(Promise<Void> done) -> everything.add(done);
            case Request.Abandoned(LiveSlot slot) -> abandoned.add(slot);
            case Request.WakeUp() -> {}
        }
    }

    /** Some of the slots that are wanted; empty if none are. */
    List<LiveSlot> next(int max) {
        return wanted.keySet().stream().limit(max).toList();
    }

    void done(List<LiveSlot> slots) {
        for (LiveSlot slot : slots) {
            List<Promise<Void>> waiters = wanted.remove(slot);
            if (waiters != null) {
                waiters.forEach(Promise::complete);
            }
        }
    }

    boolean everythingWanted() {
        return !everything.isEmpty();
    }

    void everythingDone() {
        everything.forEach(Promise::complete);
        everything.clear();
    }

    /** Slots that left memory with ticks that are not flushed. */
    Set<LiveSlot> abandonedSlots() {
        return abandoned;
    }

    /** Disappoints everybody who waits. */
    void fail(Throwable cause) {
        take();
        wanted.values().forEach(waiters -> waiters.forEach(waiter -> waiter.fail(cause)));
        wanted.clear();
        everything.forEach(waiter -> waiter.fail(cause));
        everything.clear();
    }
}
