package dev.boardwalk.gateway.live;

import dev.boardwalk.crdt.sync.ClockVector;
import dev.boardwalk.crdt.sync.IdSet;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/**
 * A replica of texts that are only appended to and deleted from: small enough to simulate thousands of them, yet its
 * updates are true Yjs v1 bytes. What arrives above a gap is kept and integrated later, as Yjs does.
 */
final class MiniDoc {
    private final TreeMap<Long, List<MiniUpdate.Item>> items = new TreeMap<>();
    private final ClockVector known = new ClockVector();
    private final IdSet deleted = new IdSet();
    private final List<MiniUpdate.Item> waitingItems = new ArrayList<>();
    private final List<MiniUpdate.Range> waitingDeletes = new ArrayList<>();

    static MiniDoc of(List<byte[]> updates) {
        MiniDoc doc = new MiniDoc();
        updates.forEach(doc::apply);
        return doc;
    }

    ClockVector known() {
        return known;
    }

    /** The clients of which something is known, in ascending order. */
    Set<Long> clients() {
        return items.keySet();
    }

    IdSet deleted() {
        return deleted;
    }

    /** What arrived and does not fit yet. */
    List<Object> pending() {
        List<Object> pending = new ArrayList<>(waitingItems);
        pending.addAll(waitingDeletes);
        return pending;
    }

    /** Applies an update; answers whether it changed anything. */
    boolean apply(byte[] bytes) {
        MiniUpdate update = MiniUpdate.decode(bytes);
        waitingItems.addAll(update.items());
        waitingDeletes.addAll(update.deletes());
        boolean changed = false;
        while (integrateItems()) {
            changed = true;
        }
        return integrateDeletes() | changed;
    }

    private boolean integrateItems() {
        boolean changed = false;
        for (Iterator<MiniUpdate.Item> i = waitingItems.iterator(); i.hasNext(); ) {
            MiniUpdate.Item item = i.next();
            int from = known.get(item.client());
            if (item.end() <= from) {
                i.remove();
            } else if (item.clock() <= from && (item.origin() == null || knows(item.origin()))) {
                items.computeIfAbsent(item.client(), _ -> new ArrayList<>()).add(item.from(from));
                known.advance(item.client(), item.end());
                i.remove();
                changed = true;
            }
        }
        return changed;
    }

    private boolean integrateDeletes() {
        boolean changed = false;
        for (Iterator<MiniUpdate.Range> i = waitingDeletes.iterator(); i.hasNext(); ) {
            MiniUpdate.Range range = i.next();
            if (known.get(range.client()) >= range.clock() + range.length()) {
                changed |= deleted.add(range.client(), range.clock(), range.length());
                i.remove();
            }
        }
        return changed;
    }

    private boolean knows(MiniUpdate.Id id) {
        return known.knows(id.client(), id.clock());
    }

    /** What the state vector lacks, and all deletions. */
    byte[] diff(ClockVector stateVector) {
        List<MiniUpdate.Item> lacking = new ArrayList<>();
        for (List<MiniUpdate.Item> ofClient : items.values()) {
            for (MiniUpdate.Item item : ofClient) {
                int from = stateVector.get(item.client());
                if (item.end() > from) {
                    lacking.add(item.from(from));
                }
            }
        }
        return MiniUpdate.encode(lacking, deleted.encode());
    }

    byte[] state() {
        return diff(new ClockVector());
    }

    Base toBase() {
        return new Base(known.isEmpty() ? List.of() : List.of(state()), known.copy(), deleted.encode());
    }

    /** All that there is, in words: equal for replicas with equal content. */
    String content() {
        StringBuilder text = new StringBuilder();
        items.forEach((client, ofClient) -> {
            text.append(client).append('=');
            ofClient.forEach(item -> text.append(item.text()));
            text.append('\n');
        });
        return text.append(deleted).toString();
    }
}
