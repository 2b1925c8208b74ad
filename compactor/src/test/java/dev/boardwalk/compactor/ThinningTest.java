package dev.boardwalk.compactor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.boardwalk.store.BackgroundContext;
import dev.boardwalk.store.BackgroundService.Findings;
import dev.boardwalk.store.BackgroundService.Progress;
import dev.boardwalk.store.BlobKeys;
import dev.boardwalk.store.EntityId;
import dev.boardwalk.store.NewAttachment;
import dev.boardwalk.store.ObjectDigest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What retention keeps and what it removes; time passes by setting rows back. */
class ThinningTest extends CompactorTest {
    private static final Duration GRACE = Duration.ofDays(7);

    @Test
    void snapshots_are_thinned_to_one_an_hour_a_day_and_a_month() {
        EntityId entity = typist.entity("aging");
        // Ages in hours; the rows are in order of time, and the last two are the newest.
        List<Integer> ages = List.of(24 * 400, 24 * 399, 24 * 200, 24 * 50 + 1, 24 * 50, 24 * 20, 30, 29, 1, 0);
        snapshots(entity, ages);
        server.execute("update crdt.snapshot set created_at = date_trunc('month', created_at) + interval '1 day'"
                + " where created_at < now() - interval '300 days'");
        server.execute("update crdt.snapshot set created_at = date_trunc('day', created_at) + interval '2 hours'"
                + " where created_at between now() - interval '60 days' and now() - interval '40 days'");

        assertThat(run().snapshotsThinned()).isBetween(1L, 2L);
        assertThat(server.number("select count(*) from crdt.snapshot where created_at < now() - interval '300 days'"))
                .isEqualTo(server.number("select count(distinct date_trunc('month', created_at)) from crdt.snapshot"
                        + " where created_at < now() - interval '300 days'"));
        assertThat(run().snapshotsThinned()).isZero();
        typist.assertNothingLost(database);
    }

    @Test
    void the_newest_two_and_named_ones_stay_whatever_the_policy() {
        EntityId entity = typist.entity("kept");
        snapshots(entity, List.of(9, 8, 7, 6, 5));
        server.execute("insert into crdt.retention_policy (org_id, project_id, hourly_for, daily_for, monthly_for)"
                + " select org_id, project_id, '0', '0', '1 hour' from public.entity");
        server.execute("insert into crdt.version (org_id, entity_id, name, snapshot_id)"
                + " select org_id, entity_id, 'first', min(snapshot_id) from crdt.snapshot group by 1, 2");

        assertThat(preview()).hasSize(2).allMatch(line -> line.startsWith("snapshot "));
        assertThat(run().snapshotsThinned()).isEqualTo(2);
        assertThat(server.column("select row_number() over (order by snapshot_id) || ' ' || snapshot_id"
                        + " from crdt.snapshot order by snapshot_id"))
                .hasSize(3)
                .first()
                .asString()
                .startsWith("1 ");
        typist.assertNothingLost(database);
    }

    @Test
    void objects_go_when_no_row_names_them_and_their_grace_is_over() throws IOException {
        EntityId entity = typist.entity("large");
        typist.type(entity, 2 << 20);
        run();
        snapshots(entity, List.of(5, 4, 3));
        server.execute("insert into crdt.retention_policy (org_id, project_id, hourly_for, daily_for, monthly_for)"
                + " select org_id, project_id, '0', '0', '1 hour' from public.entity");
        Files.createDirectories(folder.resolve("pack"));
        Files.writeString(folder.resolve("pack/leftbehind"), "by a run that was killed");

        CompactionReport first = run();
        assertThat(first.snapshotsThinned()).isPositive();
        assertThat(first.objectsRemoved()).isZero();
        assertThat(verify().wrong()).isEmpty();
        assertThat(verify().checked()).contains("wait for their removal");

        server.execute("update crdt.orphan_object set since = since - interval '8 days'");
        assertThat(preview()).anyMatch(line -> line.startsWith("object pack/leftbehind"));
        CompactionReport second = run();
        assertThat(second.objectsRemoved()).isEqualTo(1 + first.snapshotsThinned());
        assertThat(Files.exists(folder.resolve("pack/leftbehind"))).isFalse();
        assertThat(verify().wrong()).isEmpty();
        typist.assertNothingLost(database);
    }

    @Test
    void attachments_keep_their_objects_and_are_verified() throws IOException {
        EntityId entity = typist.entity("with files");
        Path file = Files.writeString(folder.resolveSibling(folder.getFileName() + ".file"), "a file of somebody");
        ObjectDigest digest = new ObjectDigest(Files.size(file), BlobKeys.sha256(Files.readAllBytes(file)));
        for (String key : List.of("attachment/kept", "attachment/left", "upload/never-ended")) {
            objects.put(key, file, digest);
        }
        NewAttachment attachment = new NewAttachment(entity, "file", "text/plain", digest, null);
        Typist.answer(database.attachments().add(attachment, "attachment/kept", null));
        Typist.answer(database.attachments().add(attachment, null, Files.readAllBytes(file)));
        assertThat(run().objectsRemoved()).isZero();

        server.execute("update crdt.orphan_object set since = since - interval '8 days'");
        assertThat(run().objectsRemoved()).isEqualTo(2);
        assertThat(Files.exists(folder.resolve("attachment/kept"))).isTrue();
        assertThat(Files.exists(folder.resolve("attachment/left"))).isFalse();
        assertThat(verify().wrong()).isEmpty();
        assertThat(verify().checked()).contains("2 attachments");

        Files.writeString(folder.resolve("attachment/kept"), "a file of somebody?");
        assertThat(verify().wrong()).singleElement().asString().contains("is not what it was");
        Files.delete(folder.resolve("attachment/kept"));
        assertThat(verify().wrong()).singleElement().asString().contains("attachment/kept");
        Files.delete(file);
    }

    @Test
    void an_object_that_is_named_again_stays() throws IOException {
        typist.type(typist.entity("named"), 2 << 20);
        run();
        String key = server.column("select object from crdt.snapshot").getFirst();
        database.objectReferences().note(List.of(key, "pack/other"));
        server.execute("update crdt.orphan_object set since = since - interval '8 days'");
        Files.createDirectories(folder.resolve("pack"));
        Files.writeString(folder.resolve("pack/other"), "nobody's");

        assertThat(run().objectsRemoved()).isEqualTo(1);
        assertThat(Files.exists(folder.resolve(key))).isTrue();
        typist.assertNothingLost(database);
    }

    @Test
    void a_doomed_key_cannot_be_published() {
        EntityId entity = typist.entity("doomed");
        typist.type(entity, 2 << 20);
        run();
        String key = server.column("select object from crdt.snapshot").getFirst();
        server.execute("update public.entity set snapshot_id = null; delete from crdt.snapshot;"
                + " update crdt.compaction set covered_from = '-infinity', covered_position = 0;"
                + " insert into crdt.orphan_object (object, doomed_position) values ('" + key + "', 1)");

        CompactionReport refused = new Compaction(database, objects, CompactionLimits.DEFAULTS).run();
        assertThat(refused.entities()).isZero();
        assertThat(refused.overtaken()).isEqualTo(1);
        typist.assertNothingLost(database);
        server.execute("delete from crdt.orphan_object");
        assertThat(run().entities()).isEqualTo(1);
    }

    /** One snapshot for each age in hours, in order. */
    private void snapshots(EntityId entity, List<Integer> ages) {
        for (int age : ages) {
            long before = server.number("select coalesce(max(snapshot_id), 0) from crdt.snapshot");
            typist.edit(List.of(entity));
            new Compaction(database, objects, CompactionLimits.DEFAULTS).run();
            server.execute("update crdt.snapshot set created_at = now() - interval '%d hours' where snapshot_id > %d"
                    .formatted(age, before));
        }
    }

    private List<String> preview() {
        return new CompactorRun(context(), CompactionLimits.DEFAULTS).removals(100);
    }

    private CompactionReport run() {
        return new CompactorRun(context(), CompactionLimits.DEFAULTS).run(true, Progress.NONE);
    }

    private Findings verify() {
        return new Verification(database, objects, GRACE).run();
    }

    private BackgroundContext context() {
        return new BackgroundContext(database, objects, Duration.ofHours(1), Duration.ofHours(24), GRACE);
    }
}
