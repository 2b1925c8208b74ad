package dev.boardwalk.gateway.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What a client that counts its edits is told: one sign for each that it counts, in order, never before the commit, and
 * never one more, which would hide an edit that is not saved.
 */
class CountingClientTest {
    private static final byte[] EMPTY = {0, 0};

    private final EntityRig rig = EntityRig.empty();
    private final TestPeer reader = rig.joinFresh();
    private final TestPeer writer = joinFresh();

    private TestPeer join() {
        TestPeer peer = new TestPeer(PeerKind.COUNTING_CLIENT);
        rig.handle(new LiveEvent.PeerJoined(peer));
        return peer;
    }

    private TestPeer joinFresh() {
        TestPeer peer = join();
        rig.step1(peer);
        rig.step2(peer, EMPTY);
        peer.messages();
        return peer;
    }

    @Test
    void the_handshake_is_answered_with_a_question_the_content_and_one_sign() {
        TestPeer peer = join();
        rig.step1(peer);
        rig.step2(peer, EMPTY);
        assertThat(peer.drain()).containsExactly("step1 nothing", "step2 nothing", "durable");
    }

    @Test
    void an_edit_is_signed_after_the_commit_and_not_sent_back() {
        rig.insert(writer, 7, 0, "abc");
        assertThat(reader.drain()).containsExactly("update 7@0+3");
        assertThat(writer.drain()).isEmpty();
        rig.commit();
        assertThat(writer.drain()).containsExactly("durable");
    }

    @Test
    void each_edit_has_a_sign_of_its_own() {
        rig.insert(writer, 7, 0, "abc");
        rig.insert(writer, 7, 3, "d");
        rig.insert(writer, 7, 0, "abc");
        rig.commit();
        assertThat(writer.drain()).containsExactly("durable", "durable", "durable");
    }

    @Test
    void an_answer_that_brings_content_is_signed_after_the_commit() {
        TestPeer peer = join();
        rig.step1(peer);
        rig.step2(peer, MiniUpdate.insert(8, 0, "offline", null));
        assertThat(peer.drain()).containsExactly("step1 nothing", "step2 nothing");
        rig.commit();
        assertThat(peer.drain()).containsExactly("durable");
    }

    @Test
    void an_empty_answer_does_not_wait_for_the_edits_of_others() {
        rig.insert(writer, 7, 0, "abc");
        TestPeer peer = join();
        rig.step1(peer);
        rig.step2(peer, EMPTY);
        assertThat(peer.drain()).endsWith("durable");
        assertThat(writer.drain()).isEmpty();
    }

    @Test
    void a_forced_synchronisation_is_answered_like_the_first_and_signed_once() {
        rig.step1(writer);
        assertThat(writer.drain()).containsExactly("step1 nothing", "step2 nothing");
        rig.step2(writer, EMPTY);
        assertThat(writer.drain()).containsExactly("durable");
    }

    @Test
    void an_edit_over_a_gap_is_signed_once_and_the_answer_to_our_question_is_not_counted() {
        rig.insert(writer, 7, 3, "d");
        assertThat(writer.drain()).containsExactly("step1 nothing");
        rig.step2(writer, MiniUpdate.insert(7, 0, "abcd", null));
        rig.commit();
        assertThat(writer.drain()).containsExactly("durable");
    }

    @Test
    void an_unreadable_edit_is_asked_for_and_signed_when_it_came_again() {
        rig.handle(new LiveEvent.PeerUnreadable(writer, false));
        assertThat(writer.drain()).containsExactly("step1 nothing");
        rig.insert(writer, 7, 3, "d");
        rig.step2(writer, MiniUpdate.insert(7, 0, "abcd", null));
        assertThat(writer.drain()).isEmpty();
        rig.commit();
        assertThat(writer.drain()).as("one for each edit, none for the answer").containsExactly("durable", "durable");
    }

    @Test
    void an_unreadable_answer_is_asked_for_again_and_signed_once() {
        TestPeer peer = join();
        rig.step1(peer);
        peer.messages();
        rig.handle(new LiveEvent.PeerUnreadable(peer, true));
        assertThat(peer.drain()).containsExactly("step1 nothing");
        rig.step2(peer, EMPTY);
        assertThat(peer.drain()).containsExactly("durable");
    }

    @Test
    void what_a_reader_brings_is_refused_in_order_and_what_is_known_confirmed() {
        rig.insert(writer, 7, 0, "abc");
        ValidUpdate known = MiniUpdate.valid(MiniUpdate.insert(7, 0, "abc", null));
        ValidUpdate foreign = MiniUpdate.valid(MiniUpdate.insert(9, 0, "mine", null));
        TestPeer peer = join();
        rig.step1(peer);
        rig.handle(new LiveEvent.PeerRefusedUpdate(peer, known, true));
        rig.handle(new LiveEvent.PeerRefusedUpdate(peer, foreign, false));
        peer.messages();
        rig.commit();
        assertThat(peer.drain()).containsExactly("durable", "refused");
        assertThat(rig.journaled).hasSize(1);
    }

    @Test
    void a_client_that_reads_too_slowly_gets_its_signs_when_it_reads_again() {
        rig.insert(writer, 7, 0, "abc");
        rig.stall(writer);
        rig.commit();
        assertThat(writer.drain()).isEmpty();
        rig.resume(writer);
        assertThat(writer.drain()).containsExactly("durable");
    }

    @Test
    void no_sign_comes_before_a_large_answer_is_out_which_a_client_would_take_for_its_end() {
        TestLimits limits = new TestLimits();
        limits.dueBytesMax = 1;
        byte[] a = MiniUpdate.insert(7, 0, "a", null);
        byte[] b = MiniUpdate.insert(7, 1, "b", null);
        Base whole = MiniDoc.of(List.of(a, b)).toBase();
        EntityRig large = EntityRig.loaded(limits, new Base(List.of(a, b), whole.known(), whole.deletes()));
        TestPeer peer = new TestPeer(PeerKind.COUNTING_CLIENT);
        large.handle(new LiveEvent.PeerJoined(peer));
        large.step1(peer);
        large.step2(peer, EMPTY);
        large.insert(peer, 8, 0, "x");
        large.commit();
        assertThat(peer.drain()).containsExactly("step1 7:2", "update 7@0+1");
        large.written();
        assertThat(peer.drain()).containsExactly("step2 7@1+1", "durable", "durable");
    }

    @Test
    void nor_before_an_answer_that_has_to_be_computed() {
        TestLimits limits = new TestLimits();
        limits.wholeBytesMax = 1;
        EntityRig large = EntityRig.loaded(
                limits,
                MiniDoc.of(List.of(MiniUpdate.insert(7, 0, "abc", null))).toBase());
        TestPeer peer = new TestPeer(PeerKind.COUNTING_CLIENT);
        large.handle(new LiveEvent.PeerJoined(peer));
        large.step1(peer, 7, 1);
        large.step2(peer, EMPTY);
        assertThat(peer.drain()).containsExactly("step1 7:3");
        large.finishDiff();
        assertThat(peer.drain()).containsExactly("step2 7@1+2", "durable");
    }

    @Test
    void an_entity_begins_with_its_seed_before_anybody_is_answered() {
        EntityRig seeded = new EntityRig(new TestLimits());
        TestPeer early = new TestPeer(PeerKind.COUNTING_CLIENT);
        seeded.handle(new LiveEvent.PeerJoined(early));
        seeded.step1(early);
        seeded.handle(new LiveEvent.Seeded(MiniUpdate.valid(MiniUpdate.insert(5, 0, "seed", null))));
        seeded.handle(new LiveEvent.Loaded(Base.empty()));
        assertThat(early.drain()).containsExactly("step1 5:4", "step2 5@0+4");
        assertThat(seeded.journaled).hasSize(1);
        seeded.commit();
        assertThat(seeded.entity.isDirty()).isTrue();
    }
}
