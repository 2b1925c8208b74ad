package dev.boardwalk.gateway;

import dev.boardwalk.store.EntityId;
import dev.boardwalk.store.EntityUlid;
import dev.boardwalk.store.WebhookEvent;
import dev.boardwalk.store.Webhooks;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells an application what happened: takes the events from the feed into their table, and delivers them from there, each
 * at least once, those of one entity in order, again and again with longer and longer pauses until they are given up.
 *
 * <p>Passes follow one another on one context; {@link #connected} and {@link #disconnected} may be called from any thread.
 */
final class WebhookDelivery {
    /** When deliveries are tried. */
    record Timing(Duration pause, Duration retryFirst, Duration retryLast, int attemptsMax) {
        /** About a day until an event is given up. */
        static final Timing DEFAULT =
                new Timing(Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofHours(4), 16);
    }

    private static final Logger log = LoggerFactory.getLogger(WebhookDelivery.class);

    /** Deliveries under way at one time. */
    private static final int AT_ONCE = 32;

    /** Comings and goings that wait to be written; beyond, they are dropped and counted. */
    private static final int NOTES_MAX = 10_000;

    private static final int ERROR_CHARACTERS_MAX = 500;

    /** Nothing is wanted of an answer but its status. */
    private static final int ANSWER_BYTES_MAX = 64 * 1024;

    private final Context context;
    private final Webhooks webhooks;
    private final SignedCalls calls;
    private final Duration lease;
    private final Timing timing;
    private final GatewayMeters meters;
    private final ConcurrentLinkedQueue<Webhooks.Note> notes = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private boolean stopped;
    private Future<?> pass = Future.succeededFuture();

    WebhookDelivery(
            Context context,
            Webhooks webhooks,
            SignedCalls calls,
            HookSettings settings,
            Timing timing,
            GatewayMeters meters) {
        this.context = context;
        this.webhooks = webhooks;
        this.calls = calls;
        // Longer than a call can take, so that nobody else begins with the same event meanwhile.
        this.lease = settings.timeout().multipliedBy(2).plusSeconds(30);
        this.timing = timing;
        this.meters = meters;
    }

    /** As the settings say; null if they name nobody who wants to be told. */
    static @Nullable WebhookDelivery set(
            Vertx vertx, Context context, Webhooks webhooks, @Nullable HookSettings set, GatewayMeters meters) {
        return set == null
                ? null
                : new WebhookDelivery(
                        context,
                        webhooks,
                        new SignedCalls(vertx, set, 299, ANSWER_BYTES_MAX),
                        set,
                        Timing.DEFAULT,
                        meters);
    }

    /** Subscribes and begins; completes when whatever happens from now on will be told. */
    Future<Void> start() {
        return webhooks.subscribe().onSuccess(_ -> context.runOnContext(_ -> next(false)));
    }

    /** Writes down what is not written yet and ends. May be called from any thread. */
    Future<Void> stop() {
        return Future.<Void>future(done -> context.runOnContext(_ -> {
            stopped = true;
            pass.transform(_ -> write(drain())).<Void>mapEmpty().onComplete(done);
        }));
    }

    /** Stops without writing anything down, as a process that is killed. */
    void abandon() {
        context.runOnContext(_ -> stopped = true);
    }

    void connected(EntityId entity, Visitor visitor) {
        note(entity, "connected", visitor);
    }

    void disconnected(EntityId entity, Visitor visitor) {
        note(entity, "disconnected", visitor);
    }

    private void note(EntityId entity, String event, Visitor visitor) {
        if (waiting.incrementAndGet() > NOTES_MAX) {
            waiting.decrementAndGet();
            meters.refused("webhook-notes-full");
            return;
        }
        JsonObject details =
                new JsonObject().put("socketId", visitor.socketId()).put("user", visitor.user());
        notes.add(new Webhooks.Note(entity, event, details.encode()));
    }

    private void next(boolean atOnce) {
        if (stopped) {
            return;
        }
        if (atOnce) {
            run();
        } else {
            context.owner().setTimer(timing.pause.toMillis(), _ -> run());
        }
    }

    private void run() {
        if (stopped) {
            return;
        }
        // Drained first and written last: what brought an entity into being is told before who came to it.
        List<Webhooks.Note> noted = drain();
        pass = webhooks.feed()
                .onFailure(_ -> notes.addAll(noted))
                .compose(_ -> write(noted))
                .compose(_ -> webhooks.claim(AT_ONCE, lease))
                .compose(this::deliver)
                .onFailure(failure -> log.info("webhooks wait for the database cause=\"{}\"", failure.toString()))
                .onComplete(done -> context.runOnContext(_ -> next(done.succeeded() && done.result() == AT_ONCE)));
    }

    private List<Webhooks.Note> drain() {
        List<Webhooks.Note> batch = new ArrayList<>();
        for (Webhooks.Note note = notes.poll(); note != null; note = notes.poll()) {
            batch.add(note);
        }
        return batch;
    }

    private Future<Void> write(List<Webhooks.Note> batch) {
        if (batch.isEmpty()) {
            return Future.succeededFuture();
        }
        return webhooks.add(batch)
                .onSuccess(_ -> waiting.addAndGet(-batch.size()))
                .onFailure(_ -> notes.addAll(batch));
    }

    /** Answers how many events were delivered or not. */
    private Future<Integer> deliver(List<WebhookEvent> events) {
        return Future.join(events.stream().map(this::deliver).toList())
                .transform(_ -> Future.succeededFuture(events.size()));
    }

    private Future<?> deliver(WebhookEvent event) {
        return calls.post(body(event).toBuffer())
                .<Void>mapEmpty()
                .onComplete(result -> meters.webhookDelivered(result.succeeded()))
                .transform(result -> result.succeeded()
                        ? webhooks.delivered(event)
                        : webhooks.failed(event, error(result.cause()), pause(event), timing.attemptsMax)
                                .onSuccess(dead -> noteDeath(event, dead))
                                .<Void>mapEmpty());
    }

    private void noteDeath(WebhookEvent event, boolean dead) {
        if (dead) {
            meters.refused("webhook-dead");
            log.warn(
                    "webhook given up organisation={} event={} id={}",
                    event.organisation().value(),
                    event.event(),
                    event.id());
        }
    }

    private Duration pause(WebhookEvent event) {
        long factor = 1L << Math.min(event.attempts(), 30);
        Duration wanted = timing.retryFirst.multipliedBy(factor);
        return wanted.compareTo(timing.retryLast) < 0 ? wanted : timing.retryLast;
    }

    private static String error(Throwable failure) {
        String text = String.valueOf(failure.getMessage());
        return text.length() <= ERROR_CHARACTERS_MAX ? text : text.substring(0, ERROR_CHARACTERS_MAX);
    }

    /** An event as applications and the list of dead ones see it. */
    static JsonObject body(WebhookEvent event) {
        return new JsonObject()
                .put("id", Long.toString(event.id()))
                .put("event", event.event())
                .put("organisation", event.organisationName())
                .put("project", event.project())
                .put("documentName", event.name())
                .put("entityId", ulid(event.entity()))
                .put("position", event.position())
                .put("at", event.occurredAt().toString())
                .put("attempt", event.attempts() + 1)
                .mergeIn(new JsonObject(event.details()));
    }

    private static @Nullable String ulid(@Nullable UUID entity) {
        return entity == null ? null : EntityUlid.text(entity);
    }
}
