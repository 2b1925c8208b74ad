package dev.boardwalk.gateway;

import dev.boardwalk.crdt.Engine;
import dev.boardwalk.crdt.Folded;
import dev.boardwalk.crdt.sync.ClockVector;
import dev.boardwalk.crdt.sync.StateVectors;
import dev.boardwalk.store.ChangeEntry;
import dev.boardwalk.store.Database;
import dev.boardwalk.store.EntityKey;
import dev.boardwalk.store.History;
import dev.boardwalk.store.HistorySubject;
import dev.boardwalk.store.Moment;
import dev.boardwalk.store.StoreException;
import dev.boardwalk.store.Version;
import dev.boardwalk.store.Versions;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;

/** Reads what entities were and folds it. Blocks; so many at a time, since each holds a document in native memory. */
final class PastReader {
    private final Semaphore atOnce =
            new Semaphore(Math.max(2, Runtime.getRuntime().availableProcessors()));

    private final History history;
    private final Versions versions;
    private final Counter damaged;

    PastReader(Database database, MeterRegistry meters) {
        this.history = database.history();
        this.versions = database.versions();
        this.damaged = Counter.builder("boardwalk_history_damaged_total")
                .description("Damaged snapshots that were met and not served")
                .register(meters);
    }

    /** Fails with {@link StoreException.NotFound} or {@link StoreException.Deleted}. */
    HistorySubject find(EntityKey key) {
        return history.find(key);
    }

    /**
     * The entity at some point.
     *
     * @throws ProblemException if there is no such point
     * @throws StoreException if what it takes is not kept, or is damaged and cannot be made up for
     */
    Past at(HistorySubject subject, Point point) throws InterruptedException {
        return inTurn(() -> folded(subject, moment(subject, point), Engine.Projection.JSON));
    }

    /** The same without its JSON, which is most of the work. */
    Folded contentAt(HistorySubject subject, Point point) throws InterruptedException {
        return inTurn(() ->
                folded(subject, moment(subject, point), Engine.Projection.NONE).folded());
    }

    /** Which roots and keys changes were about, by their number; see {@link TouchedParts#of}. */
    Map<Long, JsonObject> touched(HistorySubject subject, List<ChangeEntry> changes) throws InterruptedException {
        return inTurn(() -> new TouchedParts(history).of(subject, changes));
    }

    /** Does something that holds documents in native memory. */
    <T> T inTurn(Callable<T> work) throws InterruptedException {
        atOnce.acquire();
        try {
            return work.call();
        } catch (RuntimeException | InterruptedException failure) {
            throw failure;
        } catch (Exception impossible) {
            throw new IllegalStateException(impossible);
        } finally {
            atOnce.release();
        }
    }

    private Moment moment(HistorySubject subject, Point point) {
        return switch (point) {
            case Point.AtTime(Instant time) -> {
                if (time.isAfter(subject.now())) {
                    throw new ProblemException(
                            400, "time-in-future", time + " has not come yet; here it is " + subject.now());
                }
                if (time.isBefore(subject.createdAt())) {
                    throw new ProblemException(
                            404, "before-creation", "the entity was created at " + subject.createdAt());
                }
                yield history.at(subject, time);
            }
            case Point.OfVersion(String idOrName) -> history.of(subject, version(subject, idOrName));
        };
    }

    private Version version(HistorySubject subject, String idOrName) {
        Optional<Version> found = idOrName.matches("\\d{1,18}")
                ? versions.find(subject.id(), Long.parseLong(idOrName))
                : versions.find(subject.id(), idOrName);
        return found.orElseThrow(() -> new ProblemException(404, "no-such-version", "the entity has no such version"));
    }

    private Past folded(HistorySubject subject, Moment moment, Engine.Projection projection) {
        Folded folded = Engine.fold(null, moment.pieces(), projection);
        if (!moment.witnesses().isEmpty()) {
            damaged.increment(moment.witnesses().size());
            requireWhole(subject, moment, folded);
        }
        return new Past(subject, moment, folded);
    }

    /** What stands in for a damaged snapshot has to hold all that it held. */
    private static void requireWhole(HistorySubject subject, Moment moment, Folded folded) {
        ClockVector known = StateVectors.decode(folded.stateVector());
        boolean whole = !folded.pending()
                && moment.witnesses().stream().map(StateVectors::decode).allMatch(known::covers);
        if (!whole) {
            throw new StoreException.ObjectDamaged(
                    "a snapshot of entity " + subject.key() + " is damaged, and what else there is does not make up for"
                            + " it",
                    null);
        }
    }
}
