package dev.boardwalk.gateway.live;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A peer that does not read: nothing is queued for it, and it misses nothing in the end. */
class StallTest {
    private final TestLimits limits = new TestLimits();
    private EntityRig rig = EntityRig.empty();
    private TestPeer writer = rig.joinFresh();
    private TestPeer slow = rig.joinFresh();

    private void restart() {
        rig = EntityRig.loaded(limits, Base.empty());
        writer = rig.joinFresh();
        slow = rig.joinFresh();
    }

    @Test
    void a_stalled_peer_is_sent_nothing_and_then_what_it_missed() {
        rig.insert(writer, 7, 0, "a");
        rig.stall(slow);
        slow.messages();
        rig.insert(writer, 7, 1, "b");
        rig.insert(writer, 7, 2, "c");
        rig.awareness(writer, "7@1={}");
        assertThat(slow.drain()).isEmpty();
        rig.resume(slow);
        assertThat(slow.drain()).containsExactly("awareness 7@1={}", "update 7@1+1", "update 7@2+1");
        assertThat(rig.isInAudience(slow)).isTrue();
    }

    @Test
    void a_long_backlog_is_collapsed_to_one_diff() {
        limits.backlogUpdatesMax = 2;
        restart();
        rig.insert(writer, 7, 0, "a");
        rig.stall(slow);
        slow.messages();
        for (int i = 1; i < 5; i++) {
            rig.insert(writer, 7, i, "x");
        }
        rig.commit();
        rig.resume(slow);
        assertThat(slow.drain()).isEmpty();
        rig.insert(writer, 7, 5, "y");
        rig.finishDiff();
        assertThat(slow.drain()).containsExactly("update 7@1+1 7@2+1 7@3+1 7@4+1", "update 7@5+1");
    }

    @Test
    void what_a_flush_took_out_of_the_log_comes_as_a_diff() {
        rig.insert(writer, 7, 0, "a");
        rig.stall(slow);
        slow.messages();
        rig.insert(writer, 7, 1, "b");
        rig.commit();
        rig.flush();
        rig.resume(slow);
        rig.finishDiff();
        assertThat(slow.drain()).containsExactly("update 7@1+1");
    }

    @Test
    void a_peer_that_stalls_again_while_its_diff_is_computed_gets_it_later() {
        limits.backlogUpdatesMax = 1;
        restart();
        rig.stall(slow);
        rig.insert(writer, 7, 0, "a");
        rig.insert(writer, 7, 1, "b");
        rig.commit();
        rig.resume(slow);
        rig.stall(slow);
        rig.finishDiff();
        assertThat(slow.drain()).isEmpty();
        rig.resume(slow);
        rig.finishDiff();
        assertThat(slow.drain()).containsExactly("update 7@0+1 7@1+1");
    }

    @Test
    void its_own_edits_made_meanwhile_are_confirmed_only_after_their_commit() {
        rig.stall(slow);
        rig.insert(slow, 8, 0, "mine");
        rig.insert(writer, 7, 0, "a");
        rig.resume(slow);
        assertThat(slow.drain()).containsExactly("update 7@0+1");
        rig.commit();
        assertThat(slow.drain()).containsExactly("update 8@0+4");
    }

    @Test
    void confirmations_due_meanwhile_follow_when_it_reads_again() {
        rig.insert(slow, 8, 0, "mine");
        rig.mark(slow, "m");
        rig.stall(slow);
        rig.commit();
        assertThat(slow.drain()).isEmpty();
        rig.resume(slow);
        assertThat(slow.drain()).containsExactly("update 8@0+4", "mark m");
    }

    @Test
    void a_question_asked_while_stalled_is_answered_afterwards() {
        rig.insert(writer, 7, 0, "a");
        rig.commit();
        rig.stall(slow);
        slow.messages();
        rig.step1(slow, 7, 1);
        assertThat(slow.drain()).isEmpty();
        rig.resume(slow);
        assertThat(slow.drain()).containsExactly("step1 7:1", "step2 nothing");
    }

    @Test
    void only_the_newest_awareness_follows() {
        rig.stall(slow);
        rig.awareness(writer, "7@1={\"x\":1}");
        rig.awareness(writer, "7@2={\"x\":2}", "9@1={}");
        rig.awareness(writer, "9@2=null");
        rig.resume(slow);
        assertThat(slow.drain()).containsExactly("awareness 7@2={\"x\":2} 9@2=null");
    }

    @Test
    void who_stays_stalled_is_closed_as_too_slow() {
        rig.handle(new LiveEvent.TimePassed(1_000));
        rig.stall(slow);
        rig.handle(new LiveEvent.TimePassed(31_000));
        assertThat(slow.closed).isNull();
        rig.handle(new LiveEvent.TimePassed(31_001));
        assertThat(slow.closed).isEqualTo(CloseReason.TOO_SLOW);
        assertThat(rig.entity.peers()).isEqualTo(1);
        rig.handle(new LiveEvent.PeerLeft(slow));
    }

    @Test
    void who_is_stalled_and_reads_on_has_more_time() {
        rig.handle(new LiveEvent.TimePassed(1_000));
        rig.stall(slow);
        rig.handle(new LiveEvent.TimePassed(20_000));
        rig.stall(slow);
        rig.handle(new LiveEvent.TimePassed(50_000));
        assertThat(slow.closed).isNull();
        rig.handle(new LiveEvent.TimePassed(50_001));
        assertThat(slow.closed).isEqualTo(CloseReason.TOO_SLOW);
    }

    @Test
    void being_told_twice_changes_nothing() {
        rig.stall(slow);
        rig.stall(slow);
        rig.insert(writer, 7, 0, "a");
        rig.resume(slow);
        rig.resume(slow);
        assertThat(slow.drain()).containsExactly("update 7@0+1");
    }
}
