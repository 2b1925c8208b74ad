package dev.boardwalk.store;

import java.util.List;

/** The updates of one entity in one tick, in the order in which they came. */
public record JournalEntry(EntityId entity, List<byte[]> updates) {

    public JournalEntry {
        if (updates.isEmpty()) {
            throw new IllegalArgumentException("a journal entry of " + entity + " without updates");
        }
    }
}
