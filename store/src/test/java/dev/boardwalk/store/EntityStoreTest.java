package dev.boardwalk.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EntityStoreTest extends DatabaseTest {

    @Test
    void an_entity_nobody_made_is_not_found() {
        assertThat(answer(database.entities().load(key("nobody")))).isEmpty();
        assertThat(answer(database.entities().load(new EntityId(OrganisationId.LOCAL, 1_000_000))))
                .isEmpty();
    }

    @Test
    void the_first_use_makes_project_and_entity_and_the_second_finds_them() {
        EntityKey key = new EntityKey(OrganisationId.LOCAL, "fresh project", "a/b ü");
        StoredEntity made = answer(database.entities().loadOrCreate(key));
        StoredEntity found = answer(database.entities().loadOrCreate(key));

        assertThat(made.key()).isEqualTo(key);
        assertThat(found).isEqualTo(made);
        assertThat(made.pieces()).isEmpty();
        assertThat(EntityUlid.text(made.ulid())).matches("[0-7][0-9A-HJKMNP-TV-Z]{25}");
    }

    @Test
    void many_gateways_that_make_the_same_entity_at_once_make_one() {
        try (Database other = open()) {
            List<Future<StoredEntity>> loads = IntStream.range(0, 200)
                    .mapToObj(at -> (at % 2 == 0 ? database : other)
                            .entities()
                            .loadOrCreate(new EntityKey(OrganisationId.LOCAL, "race-" + at / 20, "entity-" + at / 10)))
                    .toList();
            List<StoredEntity> entities =
                    loads.stream().map(DatabaseTest::answer).distinct().toList();

            assertThat(entities).hasSize(20);
            assertThat(server.number("select count(*) from public.project where name like 'race-%'"))
                    .isEqualTo(10);
            assertThat(server.number(
                            "select count(*) from public.change c join public.entity e using (org_id, entity_id)"
                                    + " where e.name like 'entity-%' and c.kind = 'created'"))
                    .isEqualTo(20);
        }
    }

    @Test
    void organisations_do_not_see_each_other() {
        server.execute("insert into public.organisation (name) values ('other')");
        OrganisationId other = answer(database.catalog().organisation("other"));
        StoredEntity mine = entity("same name");
        StoredEntity theirs = answer(database.entities().loadOrCreate(new EntityKey(other, "default", "same name")));

        assertThat(theirs.id()).isNotEqualTo(mine.id());
        assertThat(answer(database.entities().load(new EntityId(other, mine.id().number()))))
                .isEmpty();
    }

    @Test
    void an_organisation_that_does_not_exist_is_refused() {
        assertThatThrownBy(() -> answer(database.entities()
                        .loadOrCreate(new EntityKey(new OrganisationId(4_711), "default", "homeless"))))
                .isInstanceOf(StoreException.class);
        assertThatThrownBy(() -> answer(database.catalog().organisation("nobody")))
                .isInstanceOf(StoreException.NotFound.class);
    }

    @Test
    void pieces_come_as_snapshot_then_operations_it_does_not_cover_then_live_ticks() {
        StoredEntity entity = entity("pieces");
        GatewayLease lease = database.leases().register("pieces");
        Journal journal = database.journal(lease);
        CommittedTick first = answer(journal.append(1, List.of(entry(entity.id(), "a"))));
        database.flushWriter().write(lease, List.of(flushed(entity.id(), "covered", 1, 1)), first);
        publishSnapshot(entity.id(), "snapshot");
        CommittedTick second = answer(journal.append(2, List.of(entry(entity.id(), "b"))));
        database.flushWriter().write(lease, List.of(flushed(entity.id(), "operation", 2, 2)), second);
        answer(journal.append(3, List.of(entry(entity.id(), "tick"))));

        assertThat(texts(entity("pieces"))).containsExactly("snapshot", "operation", "tick");
        assertThat(answer(database.entities().load(entity.id())).orElseThrow().pieces())
                .hasSize(3)
                .first()
                .isInstanceOfSatisfying(
                        StoredPiece.Snapshot.class,
                        snapshot -> assertThat(snapshot.stateVector()).containsExactly(1));
    }

    @Test
    void a_flush_between_two_loads_never_hides_content() throws InterruptedException {
        StoredEntity entity = entity("moving");
        GatewayLease lease = database.leases().register("moving");
        Journal journal = database.journal(lease);
        FlushWriter writer = database.flushWriter();
        Thread editing = Thread.ofVirtual().start(() -> {
            for (int tick = 1; tick <= 60; tick++) {
                CommittedTick committed = answer(journal.append(tick, List.of(entry(entity.id(), "u" + tick))));
                writer.write(lease, List.of(flushed(entity.id(), "u" + tick, tick, tick)), committed);
            }
        });
        int seenBefore = 0;
        while (editing.isAlive()) {
            List<String> seen = texts(entity("moving")).stream().distinct().toList();
            List<String> expected =
                    IntStream.rangeClosed(1, seen.size()).mapToObj(n -> "u" + n).toList();
            assertThat(seen).containsExactlyElementsOf(expected);
            assertThat(seen.size()).isGreaterThanOrEqualTo(seenBefore);
            seenBefore = seen.size();
        }
        editing.join();
        assertThat(texts(entity("moving"))).hasSize(60);
    }

    @Test
    void a_deleted_entity_is_loaded_by_id_only() {
        StoredEntity entity = entity("deleted");
        answer(database.catalog().delete(entity.key()));

        assertThat(answer(database.entities().load(entity.key()))).isEmpty();
        assertThat(answer(database.entities().load(entity.id())))
                .hasValueSatisfying(found -> assertThat(found.deleted()).isTrue());
    }

    @Test
    void a_snapshot_that_lies_elsewhere_is_said_and_not_taken_for_empty() {
        StoredEntity entity = entity("object");
        publishSnapshot(entity.id(), "inline");
        server.execute("update crdt.snapshot set object = 'sha256/ab', object_offset = 0, object_length = 5,"
                + " state_bytes = null where entity_id = " + entity.id().number());

        assertThatThrownBy(() -> answer(database.entities().load(entity.key())))
                .isInstanceOf(StoreException.Unsuitable.class)
                .hasMessageContaining("sha256/ab");
    }

    @Test
    void a_snapshot_in_an_object_is_fetched_and_one_that_was_tampered_with_is_not_served(@TempDir Path folder) {
        StoredEntity entity = entity("large");
        byte[] state = bytes("state ".repeat(1000));
        byte[] packed = PackedState.pack(state);
        publishSnapshot(entity.id(), "inline");
        try (BlobStore objects = BlobStores.folder(folder);
                Database other = Database.open(vertx, database.settings(), objects)) {
            objects.put("pack/a", packed);
            placeSnapshot(entity.id(), "pack/a", packed.length, state);
            assertThat(answer(other.entities().load(entity.key())).orElseThrow().pieces())
                    .singleElement()
                    .satisfies(piece -> assertThat(piece.updates()).containsExactly(state));

            byte[] wrong = PackedState.pack(bytes("stale ".repeat(1000)));
            objects.put("pack/b", wrong);
            placeSnapshot(entity.id(), "pack/b", wrong.length, state);
            assertThatThrownBy(() -> answer(other.entities().load(entity.key())))
                    .isInstanceOf(StoreException.ObjectDamaged.class)
                    .hasMessageContaining("pack/b");

            placeSnapshot(entity.id(), "pack/c", wrong.length, state);
            assertThatThrownBy(() -> answer(other.entities().load(entity.key())))
                    .isInstanceOf(StoreException.ObjectMissing.class);
        }
    }

    private void placeSnapshot(EntityId id, String object, int length, byte[] state) {
        server.execute("update crdt.snapshot set object = '%s', object_offset = 0, object_length = %d, size = %d,"
                        .formatted(object, length, state.length)
                + " sha256_bytes = '\\x%s', state_bytes = null where entity_id = %d"
                        .formatted(HexFormat.of().formatHex(BlobKeys.sha256(state)), id.number()));
    }

    private void publishSnapshot(EntityId id, String state) {
        server.execute("""
                with made as (
                    insert into crdt.snapshot (org_id, entity_id, sha256_bytes, size, state_vector_bytes,
                                               covered_position, covered_from, state_bytes)
                    select 1, %d, '\\x00', 1, '\\x01', public.position_horizon(), now() - interval '1 hour', '%s'
                    returning snapshot_id
                )
                update public.entity set snapshot_id = made.snapshot_id from made where entity_id = %d
                """.formatted(id.number(), state, id.number()));
    }
}
