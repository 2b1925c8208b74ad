package dev.boardwalk.gateway;

import dev.boardwalk.crdt.Engine;
import dev.boardwalk.crdt.EngineFailure;
import dev.boardwalk.store.ChangeEntry;
import dev.boardwalk.store.History;
import dev.boardwalk.store.HistorySubject;
import dev.boardwalk.store.LoggedOperation;
import dev.boardwalk.store.Moment;
import dev.boardwalk.store.StoreException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out which roots and keys of an entity's content changes were about. Blocks. */
final class TouchedParts {
    private static final Logger log = LoggerFactory.getLogger(TouchedParts.class);

    private final History history;

    TouchedParts(History history) {
        this.history = history;
    }

    /**
     * Roots and their keys by the number of the change; changes of which that cannot be told are not in it.
     *
     * @param changes one after the other, the newest first
     */
    Map<Long, JsonObject> of(HistorySubject subject, List<ChangeEntry> changes) {
        if (changes.isEmpty()) {
            return Map.of();
        }
        try {
            Moment span = history.over(
                    subject, changes.getLast().createdAt(), changes.getFirst().createdAt());
            return touched(span);
        } catch (StoreException.NotKept
                | StoreException.ObjectDamaged
                | StoreException.ObjectMissing
                | EngineFailure untold) {
            log.warn("changes without what they touched entity={} reason=\"{}\"", subject.key(), untold.getMessage());
            return Map.of();
        }
    }

    private static Map<Long, JsonObject> touched(Moment span) {
        List<byte[]> updates = new ArrayList<>();
        List<Long> numbers = new ArrayList<>();
        for (LoggedOperation operation : span.operations()) {
            for (byte[] update : operation.updates()) {
                updates.add(update);
                numbers.add(operation.operationId());
            }
        }
        List<String> found = Engine.touched(span.pieces(), updates);
        Map<Long, JsonObject> touched = new HashMap<>();
        for (int at = 0; at < found.size(); at++) {
            JsonObject roots = new JsonObject(found.get(at));
            touched.merge(numbers.get(at), roots, TouchedParts::together);
        }
        return touched;
    }

    /** Of an operation that holds several updates. */
    private static JsonObject together(JsonObject one, JsonObject other) {
        for (String root : other.fieldNames()) {
            JsonArray keys = one.getJsonArray(root, new JsonArray());
            for (Object key : other.getJsonArray(root)) {
                if (!keys.contains(key)) {
                    keys.add(key);
                }
            }
            one.put(root, keys);
        }
        return one;
    }
}
