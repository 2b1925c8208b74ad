package dev.boardwalk.gateway.live;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Two connections that say they are the same Yjs client, and peers that speak for others. */
class ClientIdTest {
    private final EntityRig rig = EntityRig.empty();

    /** A client's handshake: its question, its own awareness, and then its answer. */
    private TestPeer come(String own) {
        TestPeer peer = rig.join();
        rig.step1(peer);
        rig.awareness(peer, own);
        rig.step2(peer, new byte[] {0, 0});
        peer.messages();
        return peer;
    }

    @Test
    void the_later_of_two_that_live_is_closed_with_4409() {
        TestPeer first = come("7@1={}");
        TestPeer second = come("7@0={}");
        assertThat(rig.asked).containsExactly(new TestPeer[] {first, second});
        assertThat(second.closed).isNull();
        rig.handle(new LiveEvent.ClientIdTaken(second));
        assertThat(second.closed).isEqualTo(CloseReason.CLIENT_ID_TAKEN);
        assertThat(CloseReason.CLIENT_ID_TAKEN.code()).isEqualTo(4409);
        assertThat(first.closed).isNull();
        assertThat(rig.refusals).contains(Refusal.CLIENT_ID_TAKEN);
    }

    @Test
    void a_client_back_on_a_new_socket_has_its_id_once_the_dead_one_is_cut() {
        TestPeer dead = come("7@3={}");
        TestPeer watcher = come("9@1={}");
        TestPeer again = come("7@3={}");
        watcher.messages();
        rig.leave(dead);
        assertThat(watcher.drain()).containsExactly("awareness 7@4=null");
        // Told that it is gone, a client says that it is not.
        rig.awareness(again, "7@5={}");
        assertThat(watcher.drain()).containsExactly("awareness 7@5={}");
        rig.handle(new LiveEvent.ClientIdTaken(again));
        assertThat(again.closed).as("an answer that came too late").isNull();
    }

    @Test
    void its_edits_are_taken_meanwhile() {
        TestPeer dead = come("7@3={}");
        rig.insert(dead, 7, 0, "a");
        TestPeer again = come("7@3={}");
        rig.insert(again, 7, 1, "b");
        rig.commit();
        assertThat(again.drain()).contains("update 7@1+1");
    }

    @Test
    void a_third_one_waits_for_the_next_holder() {
        TestPeer first = come("7@1={}");
        TestPeer second = come("7@1={}");
        TestPeer third = come("7@1={}");
        rig.asked.clear();
        rig.leave(first);
        assertThat(rig.asked).containsExactly(new TestPeer[] {second, third});
        rig.leave(second);
        rig.leave(third);
        assertThat(rig.entity.clientIds.size()).isZero();
    }

    @Test
    void who_shows_no_cursor_is_known_by_its_first_edit() {
        TestPeer first = rig.joinFresh();
        TestPeer second = rig.joinFresh();
        rig.insert(first, 7, 0, "a");
        assertThat(rig.asked).isEmpty();
        rig.insert(second, 7, 1, "b");
        assertThat(rig.asked).containsExactly(new TestPeer[] {first, second});
    }

    @Test
    void nobody_sets_or_removes_the_awareness_of_another() {
        TestPeer ann = come("7@1={\"name\":\"ann\"}");
        TestPeer mallory = come("8@1={}");
        TestPeer late = rig.joinFresh();
        ann.messages();
        rig.awareness(mallory, "7@2={\"name\":\"mallory\"}", "8@2={}");
        rig.awareness(mallory, "7@9=null");
        rig.awareness(late, "7@2={}");
        assertThat(ann.drain()).containsExactly("awareness 8@2={}");
        assertThat(rig.refusals)
                .containsExactly(Refusal.AWARENESS_NOT_OWN, Refusal.AWARENESS_NOT_OWN, Refusal.AWARENESS_NOT_OWN);
        rig.awareness(ann, "7@2={}");
        assertThat(mallory.drain()).contains("awareness 7@2={}");
    }

    @Test
    void whoever_brought_a_client_here_gives_it_up_to_the_client_itself() {
        TestPeer sibling = come("8@1={}");
        rig.awareness(sibling, "7@4={}");
        TestPeer itself = come("7@4={}");
        assertThat(rig.asked).isEmpty();
        rig.awareness(sibling, "7@5={}");
        assertThat(rig.refusals).containsExactly(Refusal.AWARENESS_NOT_OWN);
        sibling.messages();
        rig.leave(itself);
        assertThat(sibling.drain()).containsExactly("awareness 7@5=null");
    }

    @Test
    void a_client_of_another_gateway_may_come_over_and_nobody_else_speak_for_it() {
        rig.relayPresence(5, "7@3={}");
        TestPeer mallory = come("8@1={}");
        rig.awareness(mallory, "7@4={}");
        assertThat(rig.refusals).containsExactly(Refusal.AWARENESS_NOT_OWN);
        TestPeer itself = come("7@4={}");
        assertThat(itself.closed).isNull();
        assertThat(rig.refusals).hasSize(1);
        mallory.messages();
        rig.leave(itself);
        assertThat(mallory.drain()).containsExactly("awareness 7@5=null");
    }

    @Test
    void the_later_of_two_at_different_gateways_is_closed_with_4409() {
        TestPeer here = come("7@1={}");
        assertThat(rig.claims).as("what the other gateways hear").containsExactly(7L);
        rig.handle(new LiveEvent.ClientIdClaimed(5, 7));
        rig.handle(new LiveEvent.ClientIdClaimed(5, 8));
        assertThat(rig.askedFor).containsExactly(here);
        rig.handle(new LiveEvent.HolderAlive(here, 5));
        assertThat(rig.taken).containsExactly("7 at 5");
        // What that gateway does when it hears so: here the other way round.
        TestPeer later = come("9@1={}");
        rig.handle(new LiveEvent.ClientIdTakenElsewhere(5, 9, true));
        assertThat(later.closed).isEqualTo(CloseReason.CLIENT_ID_TAKEN);
        assertThat(here.closed).isNull();
    }

    @Test
    void of_two_gateways_that_claimed_a_client_at_once_one_lets_go() {
        TestPeer keeps = come("7@1={}");
        TestPeer goes = come("8@1={}");
        rig.handle(new LiveEvent.ClientIdClaimed(5, 7));
        rig.handle(new LiveEvent.ClientIdClaimed(2, 8));
        rig.handle(new LiveEvent.ClientIdTakenElsewhere(5, 7, true));
        rig.handle(new LiveEvent.ClientIdTakenElsewhere(2, 8, false));
        assertThat(keeps.closed).isNull();
        assertThat(goes.closed).isEqualTo(CloseReason.CLIENT_ID_TAKEN);
    }

    @Test
    void a_holder_that_has_left_keeps_no_client_from_another_gateway() {
        TestPeer here = come("7@1={}");
        rig.handle(new LiveEvent.ClientIdClaimed(5, 7));
        rig.leave(here);
        rig.handle(new LiveEvent.HolderAlive(here, 5));
        assertThat(rig.taken).isEmpty();
        rig.handle(new LiveEvent.ClientIdTakenElsewhere(5, 7, false));
        rig.handle(new LiveEvent.ClientIdClaimed(5, 7));
        assertThat(rig.askedFor).containsExactly(here);
    }
}
