package dev.boardwalk.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.boardwalk.store.OrganisationId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Relationships that are set by hand, beside contents, and lists of all. */
class RelationshipsTest extends OpenGraphTest {
    RelationshipsTest() {
        super(GraphLimits.DEFAULT);
    }

    @Test
    void what_is_set_by_hand_stays_whatever_the_content_says() {
        OrganisationId org = organisation("hand");
        entity(org, "default", "a");
        entity(org, "default", "b");
        Relationships relationships = graph.relationships();
        String content = "{\"r\": {\"to\": {\"$ref\": \"b\", \"type\": \"DEPENDS_ON\"}}}";
        long position = relationships.put(key(org, "a"), "DEPENDS_ON", "b", null, "{\"why\": \"x\"}");
        assertThat(relationships.put(key(org, "a"), "DEPENDS_ON", "default/b", null, "{\"why\": \"y\"}"))
                .isGreaterThan(position);
        flush(entity(org, "default", "a"), content);
        flush(entity(org, "default", "a"), "{}");
        assertThat(edges(org)).containsExactly("default/a -DEPENDS_ON-> default/b");
        assertThat(relationships
                        .page(key(org, "a"), null, new Relationships.Filter(null, null, null, null, 10))
                        .relationships())
                .singleElement()
                .satisfies(only -> {
                    assertThat(only.byHand()).isTrue();
                    assertThat(only.properties()).isEqualTo("{\"why\": \"y\"}");
                });
        flush(entity(org, "default", "a"), content);
        relationships.remove(key(org, "a"), "DEPENDS_ON", "b");
        assertThat(edges(org)).as("the content still says so").hasSize(1);
        flush(entity(org, "default", "a"), "{}");
        assertThat(edges(org)).isEmpty();
        assertThatThrownBy(() -> relationships.put(key(org, "a"), "DEPENDS_ON", "nobody", null, "{}"))
                .isInstanceOf(GraphException.NotFound.class)
                .hasMessageContaining("nobody");
        relationships.put(key(org, "a"), "VERSION_OF", "a", null, "{}");
        assertThat(edges(org)).containsExactly("default/a -VERSION_OF-> default/a");
    }

    @Test
    void pages_of_relationships_join_without_gaps() {
        OrganisationId org = organisation("pages");
        entity(org, "default", "hub");
        for (int n = 0; n < 7; n++) {
            entity(org, "default", "s" + n);
            graph.relationships()
                    .put(key(org, n % 2 == 0 ? "hub" : "s" + n), "LINKS_TO", n % 2 == 0 ? "s" + n : "hub", null, "{}");
        }
        List<String> names = new ArrayList<>();
        String cursor = null;
        do {
            Relationships.Page page = graph.relationships()
                    .page(key(org, "hub"), null, new Relationships.Filter(null, null, null, cursor, 3));
            page.relationships()
                    .forEach(each -> names.add(each.direction() + each.other().name()));
            cursor = page.nextCursor();
        } while (cursor != null);
        assertThat(names)
                .containsExactlyInAnyOrder("OUTs0", "OUTs2", "OUTs4", "OUTs6", "INs1", "INs3", "INs5")
                .doesNotHaveDuplicates();
    }
}
