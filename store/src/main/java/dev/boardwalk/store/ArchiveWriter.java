package dev.boardwalk.store;

import com.github.f4b6a3.ulid.UlidCreator;
import java.io.ByteArrayOutputStream;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Puts the operations of one partition into objects and notes where they are. Blocks; belongs to one thread.
 *
 * <p>Opening claims the partition: another writer of the same partition, dead or slow, then writes nothing more, and what
 * it has noted is forgotten (its objects are removed later, as no row names them).
 */
public final class ArchiveWriter {
    /** Compressed bytes after which an object is closed. */
    private static final int OBJECT_BYTES = 8 << 20;

    /** Bytes of operations after which a block is closed: what one read of an entity has in memory at a time. */
    private static final int BLOCK_BYTES = 4 << 20;

    private static final String CLAIM = """
            insert into crdt.archived_partition (from_at, until_at, claim) values (?, ?, ?)
            on conflict (from_at, until_at) do update
            set claim = excluded.claim, operations = null, digest = null, archived_at = null
            where archived_partition.dropped_at is null
            """;

    private static final String FORGET_BLOCKS = """
            delete from crdt.archive where object_id in
                (select object_id from crdt.archive_object where from_at = ? and until_at = ?)
            """;

    private static final String FORGET_OBJECTS = "delete from crdt.archive_object where from_at = ? and until_at = ?";

    private static final String HOLD =
            "select from crdt.archived_partition where from_at = ? and until_at = ? and claim = ? for key share";

    /** Nothing, should the object have been taken for an orphan and be on its way out. */
    private static final String OBJECT = """
            insert into crdt.archive_object (object, from_at, until_at)
            select given.object, ?, ? from (select ?::text as object) given
            where not exists (select from crdt.orphan_object o
                              where o.object = given.object and o.doomed_position is not null)
            returning object_id
            """;

    private static final String BLOCKS = """
            insert into crdt.archive
                (org_id, entity_id, from_at, to_at, to_position, operations, object_id, object_offset, object_length,
                 size, sha256_bytes)
            select org_id, entity_id, from_at, to_at, to_position, operations, ?, object_offset, object_length, size,
                   sha256_bytes
            from unnest(?::bigint[], ?::bigint[], ?::timestamptz[], ?::timestamptz[], ?::bigint[], ?::integer[],
                ?::bigint[], ?::bigint[], ?::bigint[], ?::bytea[])
              as block (org_id, entity_id, from_at, to_at, to_position, operations, object_offset, object_length, size,
                sha256_bytes)
            """;

    private static final String PAGE = OperationArchive.BLOCK + """
            where b.from_at = ? and b.until_at = ? and (a.object_id, a.object_offset) > (?, ?)
            order by a.object_id, a.object_offset
            limit ?
            """;

    private static final String COMPLETE = """
            update crdt.archived_partition set operations = ?, digest = ?, archived_at = clock_timestamp()
            where from_at = ? and until_at = ? and claim = ?
            """;

    private final DataSource connections;
    private final BlobStore objects;
    private final OperationPartition partition;
    private final UUID claim = UUID.randomUUID();
    private final List<LoggedOperation> block = new ArrayList<>();
    private final List<ArchivedBlock> blocks = new ArrayList<>();
    private String key;
    private ByteArrayOutputStream object = new ByteArrayOutputStream();
    private long blockBytes;
    private long storedBytes;

    ArchiveWriter(DataSource connections, BlobStore objects, OperationPartition partition) {
        this.connections = connections;
        this.objects = objects;
        this.partition = partition;
        this.key = newKey();
        Ask.ask(connections, "claim " + partition.table() + " for the archive", this::claim);
    }

    /** Takes the next operation, in the order of entities and times. */
    public void add(LoggedOperation operation) {
        if (!block.isEmpty() && (!block.getFirst().entity().equals(operation.entity()) || blockBytes >= BLOCK_BYTES)) {
            closeBlock();
        }
        block.add(operation);
        blockBytes += operation.bytes().length;
    }

    /** Puts what is left. Answers the bytes of all objects. */
    public long finish() {
        closeBlock();
        closeObject();
        return storedBytes;
    }

    /** Blocks that were put, in the order of their operations. */
    public List<ArchivedBlock> page(@Nullable ArchivedBlock after, int limit) {
        return Ask.ask(connections, "list the archive of " + partition.table(), connection -> {
            try (PreparedStatement list = connection.prepareStatement(PAGE)) {
                list.setObject(1, partition.from());
                list.setObject(2, partition.until());
                list.setLong(3, after == null ? -1 : after.objectId());
                list.setLong(4, after == null ? -1 : after.place().offset());
                list.setInt(5, limit);
                return OperationArchive.blocks(list);
            }
        });
    }

    /**
     * Notes that the whole partition is in the archive.
     *
     * @throws StoreException.Fenced if another writer has taken it over
     */
    public void complete(PartitionDigest digest) {
        int updated = Ask.ask(connections, "note that " + partition.table() + " is archived", connection -> {
            try (PreparedStatement complete = connection.prepareStatement(COMPLETE)) {
                complete.setLong(1, digest.operations());
                complete.setLong(2, digest.digest());
                complete.setObject(3, partition.from());
                complete.setObject(4, partition.until());
                complete.setObject(5, claim);
                return complete.executeUpdate();
            }
        });
        if (updated == 0) {
            throw overtaken();
        }
    }

    private Boolean claim(Connection connection) throws SQLException {
        return Transactions.run(connection, () -> {
            try (PreparedStatement take = connection.prepareStatement(CLAIM);
                    PreparedStatement forgetBlocks = connection.prepareStatement(FORGET_BLOCKS);
                    PreparedStatement forgetObjects = connection.prepareStatement(FORGET_OBJECTS)) {
                setBounds(take);
                take.setObject(3, claim);
                if (take.executeUpdate() == 0) {
                    throw new StoreException.Fenced(partition.table() + " was archived and dropped by another run");
                }
                setBounds(forgetBlocks);
                forgetBlocks.executeUpdate();
                setBounds(forgetObjects);
                forgetObjects.executeUpdate();
            }
            return true;
        });
    }

    private void closeBlock() {
        if (block.isEmpty()) {
            return;
        }
        byte[] bytes = OperationBlock.encode(block);
        byte[] packed = PackedState.pack(bytes);
        blocks.add(new ArchivedBlock(
                block.getFirst().entity(),
                0,
                block.getFirst().createdAt(),
                block.getLast().createdAt(),
                block.stream().mapToLong(LoggedOperation::position).max().orElseThrow(),
                block.size(),
                new SnapshotPlace(key, object.size(), packed.length, bytes.length, BlobKeys.sha256(bytes))));
        object.writeBytes(packed);
        block.clear();
        blockBytes = 0;
        if (object.size() >= OBJECT_BYTES) {
            closeObject();
        }
    }

    /** The object first, and only then rows that name it. */
    private void closeObject() {
        if (blocks.isEmpty()) {
            return;
        }
        objects.put(key, object.toByteArray());
        storedBytes += object.size();
        Ask.ask(
                connections,
                "note where " + key + " has what",
                connection -> Transactions.run(connection, () -> {
                    note(connection);
                    return true;
                }));
        blocks.clear();
        object = new ByteArrayOutputStream();
        key = newKey();
    }

    private void note(Connection connection) throws SQLException {
        try (PreparedStatement hold = connection.prepareStatement(HOLD)) {
            setBounds(hold);
            hold.setObject(3, claim);
            try (ResultSet held = hold.executeQuery()) {
                if (!held.next()) {
                    throw overtaken();
                }
            }
        }
        long objectId;
        try (PreparedStatement insert = connection.prepareStatement(OBJECT)) {
            setBounds(insert);
            insert.setString(3, key);
            try (ResultSet made = insert.executeQuery()) {
                if (!made.next()) {
                    throw overtaken();
                }
                objectId = made.getLong(1);
            }
        }
        try (PreparedStatement insert = connection.prepareStatement(BLOCKS)) {
            insert.setLong(1, objectId);
            insert.setArray(
                    2,
                    array(connection, "int8", it -> it.entity().organisation().value()));
            insert.setArray(3, array(connection, "int8", it -> it.entity().number()));
            insert.setArray(4, array(connection, "text", it -> it.from().toString()));
            insert.setArray(5, array(connection, "text", it -> it.to().toString()));
            insert.setArray(6, array(connection, "int8", ArchivedBlock::toPosition));
            insert.setArray(7, array(connection, "int4", ArchivedBlock::operations));
            insert.setArray(8, array(connection, "int8", it -> it.place().offset()));
            insert.setArray(9, array(connection, "int8", it -> (long) it.place().length()));
            insert.setArray(10, array(connection, "int8", it -> it.place().size()));
            insert.setArray(11, hashes(connection));
            insert.executeUpdate();
        }
    }

    private Array array(Connection connection, String type, Function<ArchivedBlock, Object> value) throws SQLException {
        return connection.createArrayOf(type, blocks.stream().map(value).toArray());
    }

    /** The driver takes bytes in an array of their own type only. */
    private Array hashes(Connection connection) throws SQLException {
        return connection.createArrayOf(
                "bytea", blocks.stream().map(it -> it.place().sha256()).toArray(byte[][]::new));
    }

    private void setBounds(PreparedStatement statement) throws SQLException {
        statement.setObject(1, partition.from());
        statement.setObject(2, partition.until());
    }

    private StoreException.Fenced overtaken() {
        return new StoreException.Fenced("the archive of " + partition.table() + " was taken over by another run");
    }

    /** By the hour of the operations, so that people find them. */
    private String newKey() {
        OffsetDateTime from = partition.from().withOffsetSameInstant(ZoneOffset.UTC);
        return "archive/%04d/%02d/%02d/%02d/%s"
                .formatted(
                        from.getYear(),
                        from.getMonthValue(),
                        from.getDayOfMonth(),
                        from.getHour(),
                        UlidCreator.getMonotonicUlid().toLowerCase());
    }
}
