package dev.boardwalk.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OperationArchiveTest extends DatabaseTest {
    private static final Instant HOUR = Instant.parse("2026-03-01T09:00:00Z");

    @TempDir
    Path folder;

    private BlobStore objects;
    private OperationPartition partition;

    @BeforeEach
    void aPartitionOfAnHourLongAgo() {
        objects = BlobStores.folder(folder);
        server.execute("create table crdt.operation_20260301_090000 partition of crdt.operation"
                + " for values from ('2026-03-01 09:00:00+00') to ('2026-03-01 10:00:00+00')");
        partition = database.operationPartitions().expired(Duration.ofHours(24)).getFirst();
    }

    @AfterEach
    void remove() {
        server.execute("drop table if exists crdt.operation_20260301_090000");
        server.execute("truncate crdt.archive, crdt.archive_object, crdt.archived_partition, crdt.kept_operation");
    }

    @Test
    void operations_come_back_from_the_archive_as_their_rows_were() {
        EntityId one = entity("one").id();
        EntityId two = entity("two").id();
        insert(one, 3, "09:00:00");
        insert(two, 1, "09:30:00.123456");
        insert(one, 2, "09:59:59.999999");
        List<LoggedOperation> rows = rows();

        archive();

        assertThat(rows).hasSize(6);
        assertThat(archived().read(one, HOUR, HOUR.plusSeconds(3600)))
                .isEqualTo(rows.stream().filter(row -> row.entity().equals(one)).toList())
                .hasSize(5);
        assertThat(archived().read(two, HOUR.plusSeconds(1800), HOUR.plusSeconds(3600)))
                .singleElement()
                .satisfies(operation -> {
                    assertThat(operation.authors()).isEqualTo("[\"mia\"]");
                    assertThat(operation.createdAt()).isEqualTo(Instant.parse("2026-03-01T09:30:00.123456Z"));
                    assertThat(operation.gatewayId()).isEqualTo(7);
                });
        assertThat(archived().read(one, HOUR.plusSeconds(10), HOUR.plusSeconds(1000)))
                .isEmpty();
        assertThat(archived().since(one, 4)).hasSize(2);
        assertThat(archived().floor(one)).isZero();
    }

    @Test
    void a_partition_goes_whole_and_only_when_no_older_transaction_runs() throws Exception {
        EntityId one = entity("one").id();
        insert(one, 3, "09:00:00");
        OperationPartitions partitions = database.operationPartitions();
        PartitionDigest digest = partitions.digest(partition);
        archive();

        partitions.detach(partition);
        assertThat(partitions.expired(Duration.ofHours(24))).isEmpty();
        assertThat(partitions.detached()).containsExactly(partition);
        assertThat(partitions.digest(partition)).isEqualTo(digest);
        partitions.attach(partition);
        assertThat(partitions.expired(Duration.ofHours(24))).containsExactly(partition);
        partitions.detach(partition);
        assertThat(partitions.drop(partition, new PartitionDigest(3, 0))).isFalse();
        assertThat(partitions.drop(partition, digest)).isTrue();
        assertThatThrownBy(this::archive).isInstanceOf(StoreException.class);
        assertThat(partitions.detached()).isEmpty();
        assertThat(server.column("select to_regclass('crdt.operation_20260301_090000')"))
                .containsExactly((String) null);

        Duration almostNothing = Duration.ofMillis(1);
        try (Connection other = server.connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("select 1");
            assertThat(partitions.expired(almostNothing))
                    .allSatisfy(
                            expired -> assertThat(expired.until().toInstant()).isBefore(Instant.now()));
        }
    }

    @Test
    void the_one_who_comes_later_takes_the_partition_over() {
        insert(entity("one").id(), 3, "09:00:00");
        ArchiveWriter slow = database.archiveWriter(partition, objects);
        rows().forEach(slow::add);
        archive();

        assertThatThrownBy(slow::finish).isInstanceOf(StoreException.Fenced.class);
        assertThatThrownBy(() -> slow.complete(new PartitionDigest(3, 0))).isInstanceOf(StoreException.Fenced.class);
        assertThat(server.number("select sum(operations) from crdt.archive")).isEqualTo(3);
    }

    @Test
    void what_no_snapshot_contains_is_known_and_can_be_kept() {
        EntityId one = entity("uncovered").id();
        insert(one, 2, "09:00:00");
        OperationPartitions partitions = database.operationPartitions();

        assertThat(partitions.uncovered(partition)).containsExactly(new OperationPartitions.Uncovered(one, false));
        partitions.keep(partition, one);
        partitions.keep(partition, one);
        archive();
        partitions.detach(partition);
        assertThat(partitions.drop(partition, partitions.digest(partition))).isTrue();

        assertThat(server.number("select count(*) from crdt.kept_operation")).isEqualTo(2);
        assertThat(texts(answer(database.entities().load(one)).orElseThrow())).hasSize(2);
    }

    @Test
    void a_damaged_block_is_never_answered() throws Exception {
        EntityId one = entity("one").id();
        insert(one, 3, "09:00:00");
        archive();
        Path object = folder.resolve(
                server.column("select object from crdt.archive_object").getFirst());
        byte[] bytes = Files.readAllBytes(object);
        bytes[bytes.length / 2] ^= 1;
        Files.write(object, bytes);

        assertThatThrownBy(() -> archived().read(one, HOUR, HOUR.plusSeconds(3600)))
                .isInstanceOf(StoreException.ObjectDamaged.class)
                .hasMessageContaining("archive/2026/03/01/09/");
        Files.delete(object);
        assertThatThrownBy(() -> archived().since(one, 0)).isInstanceOf(StoreException.ObjectMissing.class);
    }

    @Test
    void pages_show_every_block_once() {
        List<EntityId> entities = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            EntityId entity = entity("paged-" + i).id();
            insert(entity, 1 + i, "09:10:00");
            entities.add(entity);
        }
        archive();

        List<EntityId> seen = new ArrayList<>();
        @Nullable ArchivedBlock last = null;
        do {
            List<ArchivedBlock> page = archived().page(last, 2);
            page.forEach(block -> seen.add(block.entity()));
            last = page.isEmpty() ? null : page.getLast();
        } while (last != null);
        assertThat(seen).containsExactlyElementsOf(entities);
    }

    private void archive() {
        ArchiveWriter writer = database.archiveWriter(partition, objects);
        rows().forEach(writer::add);
        assertThat(writer.finish()).isPositive();
        writer.complete(database.operationPartitions().digest(partition));
    }

    private OperationArchive archived() {
        return new OperationArchive(database.connections(), objects);
    }

    private List<LoggedOperation> rows() {
        List<LoggedOperation> rows = new ArrayList<>();
        List<LoggedOperation> page = database.operationPartitions().page(partition, null);
        while (!page.isEmpty()) {
            rows.addAll(page);
            page = database.operationPartitions().page(partition, page.getLast());
        }
        return rows;
    }

    /** With positions 1, 2, … in the order of insertion. */
    private void insert(EntityId entity, int count, String time) {
        server.execute("""
                insert into crdt.operation (org_id, entity_id, format, update_bytes, authors, gateway_id, first_tick,
                    last_tick, position, created_at)
                select %d, %d, 1, convert_to('update ' || n, 'UTF8'), '["mia"]', 7, n, n,
                       n + (select count(*) from crdt.operation), '2026-03-01 %s+00'
                from generate_series(1, %d) n
                """.formatted(entity.organisation().value(), entity.number(), time, count));
    }
}
