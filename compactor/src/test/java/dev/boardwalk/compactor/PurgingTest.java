package dev.boardwalk.compactor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.boardwalk.store.BackgroundContext;
import dev.boardwalk.store.BackgroundService.Progress;
import dev.boardwalk.store.BlobKeys;
import dev.boardwalk.store.EntityId;
import dev.boardwalk.store.EntityKey;
import dev.boardwalk.store.Member;
import dev.boardwalk.store.NewAttachment;
import dev.boardwalk.store.ObjectDigest;
import dev.boardwalk.store.OrganisationId;
import dev.boardwalk.store.ProjectStore.Change;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is left of organisations and projects when their grace is over; time passes by setting rows back. */
class PurgingTest extends CompactorTest {
    private static final Duration GRACE = Duration.ofDays(30);

    @Test
    void nothing_stays_of_an_organisation_but_its_audit() throws IOException {
        EntityId kept = filled(OrganisationId.LOCAL, "default");
        OrganisationId gone =
                Typist.answer(database.access().organisation("gone")).id();
        filled(gone, "default");
        filled(gone, "other");
        Typist.answer(database.access().putMember(gone, new Member("ada", "", "editor"), "root"));
        server.execute(
                "insert into public.idempotency_key (org_id, user_name, key, request_sha256_bytes, holder, held_until)"
                        + " values (" + gone.value() + ", '', 'k', '\\x00', gen_random_uuid(), now())");
        run();
        assertThat(objects()).isEqualTo(6);

        assertThat(Typist.answer(database.access().delete("gone", true, "root")))
                .isTrue();
        run();
        assertThat(server.number("select count(*) from public.entity where org_id = " + gone.value()))
                .as("within the grace")
                .isEqualTo(2);

        server.execute(
                "update public.organisation set deleted_at = deleted_at - interval '31 days' where deleted_at is not null");
        run();
        for (String table : tables()) {
            assertThat(server.number("select count(*) from " + table + " where org_id = " + gone.value()))
                    .as(table)
                    .isZero();
        }
        assertThat(server.number("select count(*) from relations.\"Entity\"")).isOne();
        assertThat(server.column("select name from public.organisation where org_id = " + gone.value()))
                .containsExactly("purged:" + gone.value());
        assertThat(server.column(
                        "select action from public.audit where org_id = " + gone.value() + " order by audit_id"))
                .containsExactly("member.put", "organisation.deleted", "organisation.purged");
        assertThat(objects()).as("until their own grace is over").isEqualTo(6);
        server.execute("update crdt.orphan_object set since = since - interval '8 days'");
        run();
        assertThat(objects()).isEqualTo(2);
        assertThat(new Verification(database, objects, Duration.ofDays(7)).run().wrong())
                .isEmpty();
        assertThat(server.number("select count(*) from public.entity where entity_id = " + kept.number()))
                .isOne();
        assertThat(Typist.answer(database.access().organisation("gone")).id()).isNotEqualTo(gone);
    }

    @Test
    void a_project_goes_alone() {
        EntityId kept = filled(OrganisationId.LOCAL, "default");
        EntityId gone = filled(OrganisationId.LOCAL, "passing");
        server.execute("insert into crdt.fork (org_id, entity_id, source_entity_id, source_time) values (1, "
                + kept.number() + ", " + gone.number() + ", now())");
        Typist.answer(database.projects().change(OrganisationId.LOCAL, "passing", Change.DELETE, "root"));
        run();
        server.execute(
                "update public.project set deleted_at = deleted_at - interval '31 days' where deleted_at is not null");
        run();
        run();
        assertThat(server.column("select name from public.project")).containsExactly("default");
        assertThat(server.column("select entity_id::text from public.entity"))
                .containsExactly(Long.toString(kept.number()));
        assertThat(server.column("select action || ' ' || subject from public.audit order by audit_id"))
                .containsExactly("project.deleted passing", "project.purged passing");
        assertThat(server.column("select distinct kind from public.change where entity_id = " + gone.number()))
                .as("readers of the feed hear of it")
                .contains("deleted");
    }

    /** An entity with a large document, a snapshot of it in an object, and an attachment in another. */
    private EntityId filled(OrganisationId organisation, String project) {
        EntityId entity = typist.entity(new EntityKey(organisation, project, "board"));
        typist.type(entity, 2 << 20);
        try {
            Path file = Files.write(folder.resolveSibling(folder.getFileName() + ".file"), new byte[] {1, 2, 3});
            ObjectDigest digest = new ObjectDigest(3, BlobKeys.sha256(Files.readAllBytes(file)));
            String key = BlobKeys.newAttachment();
            objects.put(key, file, digest);
            Typist.answer(database.attachments()
                    .add(new NewAttachment(entity, "file", "text/plain", digest, null), key, null));
            Files.delete(file);
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
        return entity;
    }

    private List<String> tables() {
        return server.column("""
                select n.nspname || '.' || c.relname
                from pg_class c join pg_namespace n on n.oid = c.relnamespace
                join pg_attribute a on a.attrelid = c.oid and a.attname = 'org_id' and not a.attisdropped
                where c.relkind in ('r', 'p') and not c.relispartition and n.nspname in ('public', 'crdt', 'graph', 'search')
                  and c.relname not in ('organisation', 'audit', 'change')
                """);
    }

    private long objects() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).count();
        }
    }

    private void run() {
        BackgroundContext context = new BackgroundContext(
                database, objects, Duration.ofHours(1), Duration.ofHours(24), Duration.ofDays(7), GRACE);
        CompactionReport report = new CompactorRun(context, CompactionLimits.DEFAULTS).run(true, Progress.NONE);
        assertThat(report.failed()).isZero();
    }
}
