package dev.boardwalk.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** One part of an entity's content as it lies in the database; all pieces in their order make the document. */
public sealed interface StoredPiece {

    /** The updates of this piece, in order. */
    List<byte[]> updates();

    /** The newest snapshot: its state is one update. */
    record Snapshot(long snapshotId, byte[] state, byte[] stateVector) implements StoredPiece {
        @Override
        public List<byte[]> updates() {
            return List.of(state);
        }
    }

    /** What one flush wrote. */
    record Operation(long operationId, OperationFormat format, byte[] bytes) implements StoredPiece {
        static Operation ofRow(ResultSet row) throws SQLException {
            return new Operation(
                    row.getLong("operation_id"),
                    OperationFormat.ofStored(row.getShort("format")),
                    row.getBytes("update_bytes"));
        }

        @Override
        public List<byte[]> updates() {
            return switch (format) {
                case MERGED -> List.of(bytes);
                case BATCH -> UpdateBatch.decode(bytes);
            };
        }
    }

    /** What one tick of a gateway wrote and no flush has covered yet. */
    record Tick(long gatewayId, long tick, byte[] batch) implements StoredPiece {
        @Override
        public List<byte[]> updates() {
            return UpdateBatch.decode(batch);
        }
    }
}
