package dev.boardwalk.gateway.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Whom a flush names as writers, also of deletions, which say nothing of their maker. */
class AuthorshipTest {
    private final EntityRig rig = EntityRig.empty();
    private final TestPeer writer = rig.joinFresh();

    private List<Long> clientsOfNextFlush() {
        rig.commit();
        FlushWork work = Objects.requireNonNull(rig.entity.beginFlush());
        rig.endFlush(work);
        return work.writers().stream().map(Writer::client).toList();
    }

    @Test
    void who_deletes_in_a_later_flush_is_known_by_what_they_wrote() {
        rig.insert(writer, 7, 0, "abc");
        assertThat(clientsOfNextFlush()).containsExactly(7L);
        rig.update(writer, MiniUpdate.delete(7, 0, 1));
        assertThat(clientsOfNextFlush()).containsExactly(7L);
    }

    @Test
    void who_wrote_as_several_clients_is_not_guessed() {
        rig.insert(writer, 7, 0, "abc");
        rig.insert(writer, 8, 0, "d");
        assertThat(clientsOfNextFlush()).containsExactly(7L, 8L);
        rig.update(writer, MiniUpdate.delete(7, 0, 1));
        assertThat(clientsOfNextFlush()).containsExactly(Writer.UNKNOWN);
    }

    @Test
    void what_one_peer_wrote_does_not_name_another() {
        rig.insert(writer, 7, 0, "abc");
        TestPeer eraser = rig.joinFresh();
        rig.update(eraser, MiniUpdate.delete(7, 0, 1));
        assertThat(clientsOfNextFlush()).containsExactly(7L, Writer.UNKNOWN);
    }
}
