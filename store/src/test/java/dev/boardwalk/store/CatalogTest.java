package dev.boardwalk.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CatalogTest extends DatabaseTest {

    @Test
    void an_entity_without_flush_is_an_empty_document() {
        StoredEntity entity = entity("blank");
        EntityDescription description = answer(database.catalog().describe(entity.key()));

        assertThat(description.id()).isEqualTo(entity.id());
        assertThat(description.ulid()).isEqualTo(entity.ulid());
        assertThat(description.type()).isEqualTo("document");
        assertThat(description.properties()).isEqualTo("{}");
        assertThat(description.stateVector()).containsExactly(0);
        assertThat(description.position()).isPositive();
        assertThat(description.updatedAt()).isEqualTo(description.createdAt());
    }

    @Test
    void pages_list_every_entity_once_in_the_order_of_name_bytes() {
        List<String> names = new ArrayList<>(List.of("Z", "a", "ä", "z/1", "z/2", "\uD83D\uDE00", "\uFB01"));
        for (int at = 0; at < 30; at++) {
            names.add("n%02d".formatted(at));
        }
        names.forEach(name -> make("paged", name));
        List<String> inOrder = names.stream()
                .sorted((one, other) -> Arrays.compareUnsigned(bytes(one), bytes(other)))
                .toList();

        List<String> listed = new ArrayList<>();
        @Nullable String cursor = null;
        do {
            EntityPage page = page("paged", null, cursor, 7);
            page.entities().forEach(entity -> listed.add(entity.key().name()));
            cursor = page.nextCursor();
        } while (cursor != null);

        assertThat(listed).containsExactlyElementsOf(inOrder);
    }

    @Test
    void a_full_last_page_has_no_cursor() {
        make("exact", "a");
        make("exact", "b");

        assertThat(page("exact", null, null, 2).nextCursor()).isNull();
        assertThat(page("exact", null, null, 1).nextCursor()).isNotNull();
    }

    @Test
    void entities_made_while_paging_appear_if_they_lie_ahead() {
        make("moving", "b");
        make("moving", "d");
        String cursor = page("moving", null, null, 1).nextCursor();
        make("moving", "a");
        make("moving", "c");

        assertThat(page("moving", null, cursor, 10).entities())
                .extracting(entity -> entity.key().name())
                .containsExactly("c", "d");
    }

    @Test
    void the_type_filters() {
        GatewayLease lease = database.leases().register("typed");
        StoredEntity board = make("typed", "board");
        make("typed", "other");
        Projection projection = new Projection("{}", "board", "A board", new byte[] {0}, 2);
        FlushOutcome outcome = database.flushWriter()
                .write(
                        lease,
                        List.of(FlushedEntity.projected(
                                board.id(), OperationFormat.MERGED, bytes("u"), null, 1, 1, projection)),
                        null);

        assertThat(outcome.quarantined()).isEmpty();
        assertThat(page("typed", "board", null, 10).entities())
                .extracting(EntitySummary::title)
                .containsExactly("A board");
    }

    @Test
    void a_project_or_entity_that_does_not_exist_is_said_by_name() {
        assertThatThrownBy(() -> page("nowhere", null, null, 10))
                .isInstanceOf(StoreException.NotFound.class)
                .hasMessageContaining("nowhere");
        assertThatThrownBy(() -> answer(database.catalog().describe(key("missing"))))
                .isInstanceOf(StoreException.NotFound.class)
                .hasMessageContaining("missing");
        assertThatThrownBy(() -> answer(database.catalog().delete(key("missing"))))
                .isInstanceOf(StoreException.NotFound.class);
    }

    @Test
    void a_foreign_cursor_is_refused() {
        make("cursors", "a");
        for (String cursor : List.of("x", "", "%%%", "AAAA", "bg", "bmEAYg")) {
            assertThatThrownBy(() -> page("cursors", null, cursor, 10))
                    .as(cursor)
                    .isInstanceOf(StoreException.InvalidCursor.class);
        }
    }

    @Test
    void limits_of_a_page_are_checked() {
        for (int limit : new int[] {0, -1, EntityFilter.LIMIT_MAX + 1}) {
            assertThatThrownBy(() -> new EntityFilter(OrganisationId.LOCAL, "p", null, null, limit))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("" + limit);
        }
    }

    @Test
    void a_deleted_name_is_free_for_a_new_entity_and_the_old_content_stays_apart() {
        StoredEntity old = entity("again");
        GatewayLease lease = database.leases().register("again");
        answer(database.journal(lease).append(1, List.of(entry(old.id(), "old"))));
        long position = answer(database.catalog().delete(old.key()));
        assertThatThrownBy(() -> answer(database.catalog().describe(old.key())))
                .isInstanceOf(StoreException.NotFound.class);

        StoredEntity renewed = entity("again");
        assertThat(renewed.id()).isNotEqualTo(old.id());
        assertThat(renewed.pieces()).isEmpty();
        assertThat(texts(answer(database.entities().load(old.id())).orElseThrow()))
                .containsExactly("old");
        assertThat(answer(database.catalog().describe(key("again"))).position()).isGreaterThan(position);
        assertThat(server.column("select kind from public.change where entity_id = "
                        + old.id().number() + " order by position"))
                .containsExactly("created", "deleted");
    }

    private StoredEntity make(String project, String name) {
        return answer(database.entities().loadOrCreate(new EntityKey(OrganisationId.LOCAL, project, name)));
    }

    private EntityPage page(String project, @Nullable String type, @Nullable String cursor, int limit) {
        return answer(database.catalog().page(new EntityFilter(OrganisationId.LOCAL, project, type, cursor, limit)));
    }
}
