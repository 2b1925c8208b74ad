package dev.boardwalk.gateway.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.boardwalk.crdt.sync.ClockVector;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a client gets when it comes, comes back, or asks again. */
class CatchUpTest {
    private static final byte[] EMPTY = {0, 0};

    private final TestLimits limits = new TestLimits();
    private EntityRig rig = EntityRig.empty();
    private TestPeer writer = rig.joinFresh();

    private void restart(Base base) {
        rig = EntityRig.loaded(limits, base);
        writer = rig.joinFresh();
    }

    private static Base baseOf(byte[]... updates) {
        return MiniDoc.of(List.of(updates)).toBase();
    }

    @Test
    void a_large_answer_goes_in_parts_as_the_peer_reads_them_and_what_is_new_comes_after() {
        limits.dueBytesMax = 1;
        byte[] a = MiniUpdate.insert(7, 0, "a", null);
        byte[] b = MiniUpdate.insert(7, 1, "b", null);
        Base whole = baseOf(a, b);
        restart(new Base(List.of(a, b), whole.known(), whole.deletes()));
        TestPeer reader = rig.join();
        rig.step1(reader);
        assertThat(reader.drain()).containsExactly("step1 7:2", "update 7@0+1");
        rig.insert(writer, 9, 0, "x");
        rig.stall(reader);
        rig.written();
        assertThat(reader.drain()).isEmpty();
        rig.resume(reader);
        assertThat(reader.drain()).containsExactly("step2 7@1+1", "update 9@0+1");
        assertThat(rig.isInAudience(reader)).isTrue();
    }

    @Test
    void a_client_that_comes_is_asked_for_what_it_has() {
        rig.insert(writer, 7, 0, "abc");
        assertThat(rig.join().drain()).containsExactly("step1 7:3");
    }

    @Test
    void an_empty_entity_gives_an_empty_answer() {
        TestPeer peer = rig.join();
        rig.step1(peer);
        assertThat(peer.messages().getLast().payload()).containsExactly(0, 0);
    }

    @Test
    void an_empty_client_gets_everything_at_once_the_last_part_as_step2() {
        restart(new Base(List.of(MiniUpdate.insert(5, 0, "old", null)), vector(5, 3), new byte[] {0}));
        rig.insert(writer, 7, 0, "abc");
        TestPeer fresh = rig.join();
        rig.step1(fresh);
        assertThat(fresh.drain()).containsExactly("step1 5:3 7:3", "update 5@0+3", "step2 7@0+3");
        rig.insert(writer, 7, 3, "d");
        assertThat(fresh.drain()).containsExactly("update 7@3+1");
    }

    @Test
    void a_client_before_its_first_question_gets_no_updates() {
        TestPeer peer = rig.join();
        peer.messages();
        rig.insert(writer, 7, 0, "abc");
        rig.commit();
        assertThat(peer.drain()).isEmpty();
    }

    @Test
    void a_returning_client_gets_what_is_committed_and_the_rest_when_it_is() {
        rig.insert(writer, 7, 0, "abc");
        rig.commit();
        rig.insert(writer, 7, 3, "d");
        TestPeer returning = rig.join();
        rig.step1(returning, 5, 1);
        assertThat(returning.drain()).containsExactly("step1 7:4", "step2 7@0+3");
        rig.commit();
        assertThat(returning.drain()).containsExactly("update 7@3+1");
    }

    @Test
    void a_returning_client_is_live_once_its_own_answer_is_committed() {
        TestPeer returning = rig.join();
        rig.step1(returning, 5, 1);
        returning.messages();
        rig.insert(writer, 7, 0, "a");
        assertThat(returning.drain()).isEmpty();
        rig.step2(returning, MiniUpdate.insert(5, 0, "x", null));
        rig.insert(writer, 7, 1, "b");
        assertThat(returning.drain()).isEmpty();
        rig.handle(new LiveEvent.Committed(2));
        assertThat(rig.isInAudience(returning)).isTrue();
        assertThat(returning.drain())
                .as("its confirmation, what was committed, and what is not yet")
                .containsExactly("update 5@0+1", "update 7@0+1", "update 7@1+1");
        rig.insert(writer, 7, 2, "c");
        assertThat(returning.drain()).containsExactly("update 7@2+1");
    }

    @Test
    void a_client_is_not_shown_its_own_edits_from_its_old_socket_before_they_are_committed() {
        rig.insert(writer, 7, 0, "abc");
        TestPeer again = rig.join();
        rig.step1(again, 7, 4);
        rig.step2(again, MiniUpdate.insert(7, 3, "d", null));
        again.messages();
        rig.leave(writer);
        assertThat(again.drain()).isEmpty();
        rig.commit();
        assertThat(again.drain()).containsExactlyInAnyOrder("update 7@0+3", "update 7@3+1");
    }

    @Test
    void what_a_half_open_socket_still_brings_is_not_shown_to_the_new_socket_before_the_commit() {
        TestPeer again = rig.join();
        rig.step1(again, 7, 3);
        again.messages();
        rig.insert(writer, 7, 0, "abc");
        assertThat(again.drain()).isEmpty();
        rig.step2(again, MiniUpdate.insert(7, 0, "abc", null));
        assertThat(again.drain()).isEmpty();
        rig.commit();
        assertThat(again.drain()).contains("update 7@0+3");
        assertThat(rig.isInAudience(again)).isTrue();
    }

    @Test
    void updates_that_a_returning_client_has_are_left_out_unless_they_delete() {
        rig.insert(writer, 7, 0, "abc");
        rig.update(writer, MiniUpdate.delete(7, 1, 1));
        rig.commit();
        TestPeer returning = rig.join();
        rig.step1(returning, 7, 3);
        assertThat(returning.drain()).containsExactly("step1 7:3", "step2 -7@1+1");
    }

    @Test
    void updates_whose_sender_is_gone_are_sent_again_since_the_confirmation_may_have_been_lost() {
        rig.insert(writer, 7, 0, "abc");
        rig.leave(writer);
        rig.commit();
        TestPeer again = rig.join();
        rig.step1(again, 7, 3);
        assertThat(again.drain()).containsExactly("step1 7:3", "step2 7@0+3");
    }

    @Test
    void of_a_base_that_a_returning_client_has_only_the_deletions_are_sent() {
        restart(baseOf(MiniUpdate.insert(5, 0, "old", null), MiniUpdate.delete(5, 0, 2)));
        TestPeer returning = rig.join();
        rig.step1(returning, 5, 3);
        assertThat(returning.drain()).containsExactly("step1 5:3", "step2 -5@0+2");
    }

    @Test
    void a_small_base_is_sent_as_it_is_and_a_large_one_as_a_diff() {
        Base base = baseOf(MiniUpdate.insert(5, 0, "old", null), MiniUpdate.insert(6, 0, "new", null));
        restart(base);
        TestPeer returning = rig.join();
        rig.step1(returning, 5, 3);
        assertThat(returning.drain()).containsExactly("step1 5:3 6:3", "step2 6@0+3 5@0+3");
        limits.wholeBytesMax = 1;
        restart(base);
        TestPeer patient = rig.join();
        rig.step1(patient, 5, 3);
        assertThat(patient.drain()).containsExactly("step1 5:3 6:3");
        rig.finishDiff();
        assertThat(patient.drain()).containsExactly("step2 6@0+3");
    }

    @Test
    void clients_with_the_same_state_share_one_diff_and_miss_nothing_meanwhile() {
        limits.wholeBytesMax = 1;
        restart(baseOf(MiniUpdate.insert(5, 0, "old", null), MiniUpdate.insert(6, 0, "new", null)));
        TestPeer one = rig.join();
        TestPeer two = rig.join();
        rig.step1(one, 5, 3);
        rig.insert(writer, 7, 0, "a");
        rig.commit();
        rig.step1(two, 5, 3);
        assertThat(rig.diffs).hasSize(1);
        rig.flush();
        one.messages();
        two.messages();
        rig.finishDiff();
        assertThat(one.drain()).containsExactly("step2 6@0+3", "update 7@0+1");
        assertThat(two.drain()).containsExactly("step2 6@0+3", "update 7@0+1");
    }

    @Test
    void a_client_that_asks_again_while_it_waits_is_answered_again_after() {
        limits.wholeBytesMax = 1;
        restart(baseOf(MiniUpdate.insert(5, 0, "old", null), MiniUpdate.insert(6, 0, "new", null)));
        TestPeer peer = rig.join();
        rig.step1(peer, 5, 3);
        rig.step1(peer, 6, 3);
        rig.step1(peer, 6, 2);
        assertThat(rig.diffs).hasSize(1);
        peer.messages();
        rig.finishDiff();
        assertThat(peer.drain()).containsExactly("step2 6@0+3", "step1 5:3 6:3");
        rig.finishDiff();
        assertThat(peer.drain()).containsExactly("step2 6@2+1 5@0+3");
    }

    @Test
    void a_diff_that_fails_closes_those_who_wait_for_it() {
        limits.wholeBytesMax = 1;
        restart(baseOf(MiniUpdate.insert(5, 0, "old", null)));
        TestPeer peer = rig.join();
        rig.step1(peer, 6, 3);
        rig.handle(new LiveEvent.DiffFailed(rig.diffs.removeFirst()));
        assertThat(peer.closed).isEqualTo(CloseReason.DIFF_FAILED);
    }

    @Test
    void a_long_log_goes_to_an_empty_client_as_one_diff_and_the_uncommitted_rest() {
        limits.wholeUpdatesMax = 2;
        restart(Base.empty());
        for (int i = 0; i < 3; i++) {
            rig.insert(writer, 7, i, "x");
        }
        rig.commit();
        rig.insert(writer, 7, 3, "y");
        TestPeer fresh = rig.join();
        rig.step1(fresh);
        rig.finishDiff();
        assertThat(fresh.drain()).containsExactly("step1 7:4", "step2 7@0+1 7@1+1 7@2+1", "update 7@3+1");
    }

    @Test
    void a_live_client_that_asks_again_is_asked_and_answered_and_stays_live() {
        TestPeer peer = rig.joinFresh();
        rig.insert(writer, 7, 0, "abc");
        rig.commit();
        peer.messages();
        rig.step1(peer, 7, 3);
        assertThat(peer.drain()).containsExactly("step1 7:3", "step2 nothing");
        assertThat(rig.isInAudience(peer)).isTrue();
        rig.insert(writer, 7, 3, "d");
        assertThat(peer.drain()).containsExactly("update 7@3+1");
    }

    @Test
    void a_client_that_wrote_before_it_asked_is_not_taken_for_an_empty_one() {
        TestPeer peer = rig.join();
        rig.insert(peer, 8, 0, "x");
        peer.messages();
        rig.step1(peer);
        assertThat(peer.drain()).containsExactly("step2 nothing");
        rig.step2(peer, EMPTY);
        rig.commit();
        assertThat(peer.drain()).containsExactly("update 8@0+1");
    }

    private static ClockVector vector(long client, int clock) {
        var vector = new ClockVector();
        vector.advance(client, clock);
        return vector;
    }
}
