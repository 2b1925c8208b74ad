package dev.boardwalk.store;

import java.time.OffsetDateTime;

/**
 * A partition of the operations, by its table and bounds.
 *
 * @param table the name as SQL takes it, schema included
 * @param from first {@code created_at} in it
 * @param until first one after it
 */
public record OperationPartition(String table, OffsetDateTime from, OffsetDateTime until) {

    public OperationPartition {
        if (!table.matches("crdt\\.operation_[0-9_]+")) {
            throw new IllegalArgumentException("not a partition of the operations: " + table);
        }
    }
}
