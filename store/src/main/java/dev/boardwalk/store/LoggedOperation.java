package dev.boardwalk.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An operation with everything that is known about it, as its row had it.
 *
 * @param bytes what the flush wrote, in {@code format}
 * @param authors JSON array of who wrote it, null if unknown
 * @param firstTick first tick of the gateway that is in it
 * @param lastTick all of the entity's updates in the gateway's ticks up to this one are in this or an earlier operation
 */
@SuppressWarnings("ArrayRecordComponent")
public record LoggedOperation(
        EntityId entity,
        long operationId,
        long position,
        Instant createdAt,
        OperationFormat format,
        byte[] bytes,
        @Nullable String authors,
        long gatewayId,
        long firstTick,
        long lastTick) {

    /** From a row with all columns of the table. */
    static LoggedOperation ofRow(ResultSet row) throws SQLException {
        return new LoggedOperation(
                EntityId.ofRow(row),
                row.getLong("operation_id"),
                row.getLong("position"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                OperationFormat.ofStored(row.getShort("format")),
                row.getBytes("update_bytes"),
                row.getString("authors"),
                row.getLong("gateway_id"),
                row.getLong("first_tick"),
                row.getLong("last_tick"));
    }

    /** The updates in it, in order. */
    public List<byte[]> updates() {
        return piece().updates();
    }

    /** The same as a load has it. */
    public StoredPiece.Operation piece() {
        return new StoredPiece.Operation(operationId, format, bytes);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof LoggedOperation it
                && entity.equals(it.entity)
                && operationId == it.operationId
                && position == it.position
                && createdAt.equals(it.createdAt)
                && format == it.format
                && Arrays.equals(bytes, it.bytes)
                && Objects.equals(authors, it.authors)
                && gatewayId == it.gatewayId
                && firstTick == it.firstTick
                && lastTick == it.lastTick;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(operationId);
    }

    /** Without content. */
    @Override
    public String toString() {
        return "operation " + operationId + " of entity " + entity + " at " + createdAt;
    }
}
