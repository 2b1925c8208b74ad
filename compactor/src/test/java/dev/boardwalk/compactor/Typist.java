package dev.boardwalk.compactor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.boardwalk.crdt.Engine;
import dev.boardwalk.crdt.Folded;
import dev.boardwalk.store.CommittedTick;
import dev.boardwalk.store.Database;
import dev.boardwalk.store.EntityId;
import dev.boardwalk.store.EntityKey;
import dev.boardwalk.store.FlushedEntity;
import dev.boardwalk.store.GatewayLease;
import dev.boardwalk.store.Journal;
import dev.boardwalk.store.JournalEntry;
import dev.boardwalk.store.OperationFormat;
import dev.boardwalk.store.OrganisationId;
import dev.boardwalk.store.Projection;
import dev.boardwalk.store.StoredEntity;
import dev.boardwalk.store.StoredPiece;
import dev.boardwalk.testkit.Typing;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A gateway as the store sees it: edits, ticks, flushes, and keeps a ledger of all that was confirmed. One thread. */
final class Typist implements AutoCloseable {
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz ";

    private final Database database;
    private final GatewayLease lease;
    private final Journal journal;
    private final Random random;
    private final Map<EntityId, Typing> texts = new LinkedHashMap<>();
    private final Map<EntityId, List<byte[]>> ledger = new LinkedHashMap<>();
    private long tick;

    Typist(Database database, String name, Random random) {
        this.database = database;
        this.random = random;
        this.lease = database.leases().register(name);
        this.journal = database.journal(lease);
    }

    EntityId entity(String name) {
        return entity(new EntityKey(OrganisationId.LOCAL, "default", name));
    }

    EntityId entity(EntityKey key) {
        EntityId id = answer(database.entities().loadOrCreate(key)).id();
        texts.computeIfAbsent(id, _ -> new Typing("text", 1 + random.nextInt(1 << 30)));
        ledger.computeIfAbsent(id, _ -> new ArrayList<>());
        return id;
    }

    /** Types some words, and sometimes deletes a letter, in each of the entities; one tick and one flush. */
    void edit(List<EntityId> entities) {
        Map<EntityId, byte[]> updates = new LinkedHashMap<>();
        for (EntityId entity : entities) {
            Typing text = text(entity);
            boolean deletes = text.letters() > 0 && random.nextInt(4) == 0;
            updates.put(
                    entity,
                    deletes ? text.delete(random.nextLong(text.letters())) : text.type(words(1 + random.nextInt(40))));
        }
        write(updates);
    }

    void type(EntityId entity, int letters) {
        write(Map.of(entity, text(entity).type(words(letters))));
    }

    /** Journals, flushes, and only then notes in the ledger. */
    void write(Map<EntityId, byte[]> updates) {
        tick++;
        List<JournalEntry> entries = updates.entrySet().stream()
                .map(update -> new JournalEntry(update.getKey(), List.of(update.getValue())))
                .toList();
        CommittedTick committed = answer(journal.append(tick, entries));
        List<FlushedEntity> flushed = updates.entrySet().stream()
                .map(update -> FlushedEntity.projected(
                        update.getKey(),
                        OperationFormat.MERGED,
                        update.getValue(),
                        null,
                        tick,
                        tick,
                        new Projection("{}", "document", null, new byte[] {0}, 2)))
                .toList();
        assertThat(database.flushWriter().write(lease, flushed, committed)).isNotNull();
        updates.forEach(
                (entity, update) -> Objects.requireNonNull(ledger.get(entity)).add(update));
    }

    /** Every document, as it is loaded, is what the confirmed edits make. */
    void assertNothingLost(Database reader) {
        ledger.forEach((entity, updates) -> {
            Folded expected = Engine.fold(null, updates, Engine.Projection.JSON);
            Folded found = Engine.fold(null, updates(load(reader, entity)), Engine.Projection.JSON);
            assertThat(found.json()).as("entity %s", entity).isEqualTo(expected.json());
            assertThat(found.stateVector()).isEqualTo(expected.stateVector());
            assertThat(found.deleteSet()).isEqualTo(expected.deleteSet());
            assertThat(found.pending()).isFalse();
        });
    }

    static StoredEntity load(Database reader, EntityId entity) {
        return answer(reader.entities().load(entity)).orElseThrow();
    }

    private static List<byte[]> updates(StoredEntity entity) {
        return entity.pieces().stream()
                .map(StoredPiece::updates)
                .flatMap(List::stream)
                .toList();
    }

    private Typing text(EntityId entity) {
        return Objects.requireNonNull(texts.get(entity), "ask for the entity first");
    }

    private String words(int letters) {
        StringBuilder words = new StringBuilder(letters);
        for (int i = 0; i < letters; i++) {
            words.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return words.toString();
    }

    @Override
    public void close() {
        answer(journal.close());
    }

    static <T> T answer(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof RuntimeException known) {
                throw known;
            }
            throw new IllegalStateException(failure.getCause());
        } catch (InterruptedException | TimeoutException failure) {
            throw new IllegalStateException("no answer", failure);
        }
    }
}
