package dev.boardwalk.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The partitions of the operations that are old enough to go: what is in them, and how they go. Blocks; safe from any
 * thread and from several processes at once.
 */
public final class OperationPartitions {

    /** A transaction that began before a partition's end may still add to it, so those partitions wait. */
    private static final String EXPIRED = """
            select inhrelid::regclass::text as name,
                   crdt.partition_from(inhrelid) as from_at, crdt.partition_until(inhrelid) as until_at
            from pg_inherits
            where inhparent = 'crdt.operation'::regclass and not inhdetachpending
              and crdt.partition_until(inhrelid)
                <= least(clock_timestamp() - ? * interval '1 microsecond', crdt.oldest_beginning())
            order by until_at
            """;

    private static final String DETACHING = """
            select inhrelid::regclass::text as name from pg_inherits
            where inhparent = 'crdt.operation'::regclass and inhdetachpending
            """;

    /** What was detached and is not dropped yet. */
    private static final String DETACHED = """
            select c.oid::regclass::text as name, p.from_at, p.until_at
            from crdt.archived_partition p
            join pg_class c on c.relname = 'operation_' || to_char(p.from_at at time zone 'UTC', 'YYYYMMDD_HH24MISS')
             and c.relnamespace = 'crdt'::regnamespace and c.relkind = 'r' and not c.relispartition
            where p.dropped_at is null
            order by p.from_at
            """;

    private static final String DIGEST = "select count(*), coalesce(bit_xor(hash_record_extended(o, 0)), 0) from %s o";

    /** So many bytes of rows at a time, but one row at least. */
    private static final String ROWS = """
            select org_id, entity_id, operation_id, format, update_bytes, authors, gateway_id, first_tick, last_tick,
                   position, created_at
            from (
                select *, sum(octet_length(update_bytes)) over (order by org_id, entity_id, created_at, operation_id)
                       as bytes_so_far,
                       row_number() over (order by org_id, entity_id, created_at, operation_id) as number
                from (
                    select * from %s
                    where (org_id, entity_id, created_at, operation_id) > (?, ?, ?, ?)
                    order by org_id, entity_id, created_at, operation_id
                    limit ?
                ) next
            ) measured
            where number = 1 or bytes_so_far <= ?
            order by org_id, entity_id, created_at, operation_id
            """;

    private static final int ROWS_PER_PAGE = 5_000;
    private static final long BYTES_PER_PAGE = 8L << 20;

    /** Documents whose newest snapshot does not contain all that is in the partition. */
    private static final String UNCOVERED = """
            select o.org_id, o.entity_id, bool_or(q.entity_id is not null) as quarantined
            from %s o
            join public.entity e on e.org_id = o.org_id and e.entity_id = o.entity_id
            left join crdt.snapshot s
              on s.org_id = e.org_id and s.entity_id = e.entity_id and s.snapshot_id = e.snapshot_id
            left join crdt.quarantine q on q.org_id = e.org_id and q.entity_id = e.entity_id
            where o.position >= coalesce(s.covered_position, 0)
            group by o.org_id, o.entity_id
            """;

    private static final String KEEP = """
            insert into crdt.kept_operation
                (org_id, entity_id, operation_id, format, update_bytes, authors, gateway_id, first_tick, last_tick,
                 position, created_at)
            select org_id, entity_id, operation_id, format, update_bytes, authors, gateway_id, first_tick, last_tick,
                   position, created_at
            from %s where org_id = ? and entity_id = ?
            on conflict do nothing
            """;

    private static final String ARCHIVED = """
            select operations, digest from crdt.archived_partition
            where from_at = ? and until_at = ? and archived_at is not null
            """;

    /** Holds the row, so that no writer claims the partition until it is gone. */
    private static final String DROPPED = """
            update crdt.archived_partition set dropped_at = clock_timestamp()
            where from_at = ? and until_at = ? and operations = ? and digest = ? and archived_at is not null
            """;

    private final DataSource connections;

    OperationPartitions(DataSource connections) {
        this.connections = connections;
    }

    /** A document with operations that its newest snapshot does not contain. */
    public record Uncovered(EntityId entity, boolean quarantined) {}

    /** Partitions that ended so long ago and to which nothing will be added any more, the oldest first. */
    public List<OperationPartition> expired(Duration retention) {
        return Ask.ask(connections, "find operations past their retention", connection -> {
            try (PreparedStatement find = connection.prepareStatement(EXPIRED)) {
                find.setLong(1, Partitions.micros(retention));
                return partitions(find);
            }
        });
    }

    /** Partitions that a run which ended there has detached and not dropped; their detaching is finished first. */
    public List<OperationPartition> detached() {
        return Ask.ask(connections, "find detached partitions", connection -> {
            try (Statement statement = connection.createStatement()) {
                for (String name : names(statement)) {
                    statement.execute("alter table crdt.operation detach partition " + name + " finalize");
                }
            }
            try (PreparedStatement find = connection.prepareStatement(DETACHED)) {
                return partitions(find);
            }
        });
    }

    /** What its rows come to now. */
    public PartitionDigest digest(OperationPartition partition) {
        return Ask.ask(
                connections,
                "digest " + partition.table(),
                connection -> Transactions.run(connection, () -> {
                    try (Statement statement = connection.createStatement()) {
                        statement.execute("set local statement_timeout = 0");
                        try (ResultSet row = statement.executeQuery(DIGEST.formatted(partition.table()))) {
                            row.next();
                            return new PartitionDigest(row.getLong(1), row.getLong(2));
                        }
                    }
                }));
    }

    /**
     * Operations in the order of their entities and times, some megabytes at a time.
     *
     * @param after the last one of the page before, null at first
     */
    public List<LoggedOperation> page(OperationPartition partition, @Nullable LoggedOperation after) {
        return Ask.ask(connections, "read " + partition.table(), connection -> {
            try (PreparedStatement read = connection.prepareStatement(ROWS.formatted(partition.table()))) {
                read.setLong(
                        1, after == null ? 0 : after.entity().organisation().value());
                read.setLong(2, after == null ? 0 : after.entity().number());
                read.setObject(
                        3,
                        after == null
                                ? OffsetDateTime.MIN
                                : after.createdAt().atOffset(partition.from().getOffset()));
                read.setLong(4, after == null ? 0 : after.operationId());
                read.setInt(5, ROWS_PER_PAGE);
                read.setLong(6, BYTES_PER_PAGE);
                List<LoggedOperation> found = new ArrayList<>();
                try (ResultSet row = read.executeQuery()) {
                    while (row.next()) {
                        found.add(LoggedOperation.ofRow(row));
                    }
                }
                return found;
            }
        });
    }

    /** Documents of which something in this partition is in no snapshot. */
    public List<Uncovered> uncovered(OperationPartition partition) {
        return Ask.ask(connections, "see what of " + partition.table() + " is in snapshots", connection -> {
            try (PreparedStatement find = connection.prepareStatement(UNCOVERED.formatted(partition.table()));
                    ResultSet row = find.executeQuery()) {
                List<Uncovered> found = new ArrayList<>();
                while (row.next()) {
                    found.add(new Uncovered(EntityId.ofRow(row), row.getBoolean("quarantined")));
                }
                return found;
            }
        });
    }

    /** Saves a document's operations of this partition where every load finds them; repeating it changes nothing. */
    public void keep(OperationPartition partition, EntityId entity) {
        Ask.ask(connections, "keep the operations of entity " + entity, connection -> {
            try (PreparedStatement keep = connection.prepareStatement(KEEP.formatted(partition.table()))) {
                keep.setLong(1, entity.organisation().value());
                keep.setLong(2, entity.number());
                return keep.executeUpdate();
            }
        });
    }

    /** What was archived of it, empty as long as that is not everything. */
    public Optional<PartitionDigest> archived(OperationPartition partition) {
        return Ask.ask(connections, "see whether " + partition.table() + " is archived", connection -> {
            try (PreparedStatement find = connection.prepareStatement(ARCHIVED)) {
                find.setObject(1, partition.from());
                find.setObject(2, partition.until());
                try (ResultSet row = find.executeQuery()) {
                    return row.next()
                            ? Optional.of(new PartitionDigest(row.getLong("operations"), row.getLong("digest")))
                            : Optional.empty();
                }
            }
        });
    }

    /** Takes the partition out of the table without holding up anybody who writes or reads. */
    public void detach(OperationPartition partition) {
        Ask.ask(connections, "detach " + partition.table(), connection -> {
            try (Statement statement = connection.createStatement()) {
                return statement.execute(
                        "alter table crdt.operation detach partition " + partition.table() + " concurrently");
            }
        });
    }

    /** Puts a detached partition back: its rows are part of loads again. */
    public void attach(OperationPartition partition) {
        Ask.ask(connections, "attach " + partition.table(), connection -> {
            try (Statement statement = connection.createStatement()) {
                return statement.execute(
                        "alter table crdt.operation attach partition %s for values from ('%s') to ('%s')"
                                .formatted(partition.table(), partition.from(), partition.until()));
            }
        });
    }

    /**
     * Drops a detached partition if this is what was archived of it, and nobody is archiving it anew.
     *
     * @return whether it is gone
     */
    public boolean drop(OperationPartition partition, PartitionDigest digest) {
        return Ask.ask(
                connections,
                "drop " + partition.table(),
                connection -> Transactions.run(connection, () -> {
                    try (PreparedStatement hold = connection.prepareStatement(DROPPED);
                            Statement statement = connection.createStatement()) {
                        hold.setObject(1, partition.from());
                        hold.setObject(2, partition.until());
                        hold.setLong(3, digest.operations());
                        hold.setLong(4, digest.digest());
                        if (hold.executeUpdate() == 0) {
                            return false;
                        }
                        statement.execute("drop table " + partition.table());
                        return true;
                    }
                }));
    }

    private static List<String> names(Statement statement) throws SQLException {
        List<String> found = new ArrayList<>();
        try (ResultSet row = statement.executeQuery(DETACHING)) {
            while (row.next()) {
                found.add(row.getString("name"));
            }
        }
        return found;
    }

    private static List<OperationPartition> partitions(PreparedStatement find) throws SQLException {
        List<OperationPartition> found = new ArrayList<>();
        try (ResultSet row = find.executeQuery()) {
            while (row.next()) {
                found.add(new OperationPartition(
                        row.getString("name"),
                        row.getObject("from_at", OffsetDateTime.class),
                        row.getObject("until_at", OffsetDateTime.class)));
            }
        }
        return found;
    }
}
