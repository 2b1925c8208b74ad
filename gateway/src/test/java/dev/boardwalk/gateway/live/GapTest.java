package dev.boardwalk.gateway.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.boardwalk.crdt.sync.IdSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Updates that refer to what is not here: held, asked for, never applied over a hole. */
class GapTest {
    private final TestLimits limits = new TestLimits();
    private EntityRig rig = EntityRig.empty();
    private TestPeer writer = rig.joinFresh();
    private TestPeer reader = rig.joinFresh();

    private void restart() {
        rig = EntityRig.loaded(limits, Base.empty());
        writer = rig.joinFresh();
        reader = rig.joinFresh();
    }

    @Test
    void an_update_above_a_gap_reaches_nobody_and_is_asked_for() {
        rig.insert(writer, 7, 3, "d");
        assertThat(reader.drain()).isEmpty();
        assertThat(rig.journaled).isEmpty();
        assertThat(writer.drain()).containsExactly("step1 nothing");
    }

    @Test
    void many_updates_above_a_gap_are_asked_for_once() {
        rig.insert(writer, 7, 3, "d");
        rig.insert(writer, 7, 4, "e");
        rig.insert(writer, 7, 9, "f");
        assertThat(writer.drain()).containsExactly("step1 nothing");
        rig.step2(writer, new byte[] {0, 0});
        rig.insert(writer, 7, 12, "g");
        assertThat(writer.drain()).containsExactly("step1 nothing");
    }

    @Test
    void what_was_held_follows_as_soon_as_the_gap_is_filled() {
        rig.insert(writer, 7, 4, "e");
        rig.insert(writer, 7, 3, "d");
        rig.insert(reader, 7, 0, "abc");
        assertThat(reader.drain()).containsExactly("update 7@3+1", "update 7@4+1");
        assertThat(rig.journaled).hasSize(3);
        assertThat(rig.entity.heldUpdates()).isZero();
        writer.messages();
        rig.commit();
        assertThat(writer.drain()).containsExactly("update 7@4+1", "update 7@3+1");
    }

    @Test
    void references_to_unknown_ids_of_others_are_gaps_as_well() {
        rig.update(writer, MiniUpdate.insert(7, 0, "a", new MiniUpdate.Id(8, 2)));
        rig.update(writer, MiniUpdate.delete(9, 0, 1));
        assertThat(rig.entity.heldUpdates()).isEqualTo(2);
        rig.insert(reader, 8, 0, "xyz");
        assertThat(rig.entity.heldUpdates()).isEqualTo(1);
        rig.insert(reader, 9, 0, "q");
        assertThat(rig.entity.heldUpdates()).isZero();
        assertThat(rig.journaled).hasSize(4);
    }

    @Test
    void later_confirmations_wait_behind_a_held_update() {
        rig.insert(writer, 7, 3, "d");
        rig.mark(writer, "after");
        writer.messages();
        rig.insert(reader, 8, 0, "x");
        rig.commit();
        assertThat(writer.drain()).containsExactly("update 8@0+1");
        rig.insert(reader, 7, 0, "abc");
        rig.commit();
        assertThat(writer.drain()).containsExactly("update 7@0+3", "update 7@3+1", "mark after");
    }

    @Test
    void a_dropped_update_is_never_confirmed_and_what_follows_waits_for_the_answer_that_has_it() {
        limits.heldUpdatesMax = 1;
        restart();
        rig.insert(writer, 7, 3, "d");
        rig.mark(writer, "after the dropped");
        rig.insert(reader, 8, 3, "y");
        assertThat(rig.refusals).containsExactly(Refusal.HELD_FULL);
        rig.step2(writer, MiniUpdate.insert(7, 0, "abcd", null));
        writer.messages();
        rig.commit();
        assertThat(writer.drain())
                .as("not the dropped update, but the answer that contains it, and then the mark")
                .containsExactly("mark after the dropped", "update 7@0+4");
    }

    @Test
    void what_is_dropped_after_the_answer_is_asked_for_again() {
        limits.heldUpdatesMax = 1;
        restart();
        rig.insert(writer, 7, 3, "d");
        rig.step2(writer, new byte[] {0, 0});
        writer.messages();
        rig.insert(reader, 8, 3, "y");
        assertThat(writer.drain()).containsExactly("step1 nothing");
    }

    @Test
    void held_bytes_are_bounded() {
        limits.heldBytesMax = 1_500;
        restart();
        for (int i = 1; i < 20; i++) {
            rig.insert(writer, 7, i * 10, "held");
        }
        assertThat(rig.entity.heldUpdates()).isBetween(1, 19);
        assertThat(rig.refusals).contains(Refusal.HELD_FULL);
    }

    @Test
    void an_update_that_waits_for_itself_is_not_held() {
        rig.update(
                writer,
                MiniUpdate.encode(
                        List.of(
                                new MiniUpdate.Item(7, 0, "x", new MiniUpdate.Id(8, 0)),
                                new MiniUpdate.Item(8, 0, "y", new MiniUpdate.Id(7, 0))),
                        new byte[] {0}));
        assertThat(rig.entity.heldUpdates()).isZero();
        assertThat(rig.refusals).containsExactly(Refusal.GAP);
        assertThat(rig.journaled).isEmpty();
    }

    @Test
    void an_answer_with_a_gap_is_not_asked_for_again() {
        writer.messages();
        rig.step2(writer, MiniUpdate.insert(7, 3, "d", null));
        assertThat(writer.drain()).isEmpty();
        assertThat(rig.entity.heldUpdates()).isEqualTo(1);
    }

    @Test
    void what_a_peer_left_behind_still_comes_to_fit() {
        rig.insert(writer, 7, 3, "d");
        rig.leave(writer);
        rig.insert(reader, 7, 0, "abc");
        assertThat(reader.drain()).containsExactly("update 7@3+1");
        rig.commit();
        assertThat(reader.drain()).containsExactly("update 7@0+3");
    }

    @Test
    void a_relayed_update_above_a_gap_makes_the_owner_read_the_journal() {
        rig.relay(MiniUpdate.insert(7, 3, "d", null));
        assertThat(rig.rereadsAsked).isEqualTo(1);
        rig.relay(MiniUpdate.insert(7, 0, "abc", null), MiniUpdate.insert(7, 3, "d", null));
        assertThat(reader.drain()).containsExactly("update 7@0+3", "update 7@3+1");
        assertThat(rig.journaled).as("it is another gateway's").isEmpty();
    }

    @Test
    void what_is_lost_for_good_is_read_again_only_now_and_then_and_held_once() {
        byte[] orphan = MiniUpdate.insert(7, 3, "d", null);
        for (int i = 0; i < 10; i++) {
            rig.relay(orphan);
        }
        assertThat(rig.rereadsAsked).isEqualTo(1);
        assertThat(rig.entity.heldUpdates()).isEqualTo(1);
        rig.handle(new LiveEvent.TimePassed(1_000));
        rig.handle(new LiveEvent.TimePassed(1_000 + Reread.PAUSE_MILLIS - 1));
        assertThat(rig.rereadsAsked).isEqualTo(1);
        rig.handle(new LiveEvent.TimePassed(1_000 + Reread.PAUSE_MILLIS));
        assertThat(rig.rereadsAsked).isEqualTo(2);
    }

    @Test
    void a_relayed_update_counts_as_committed_after_what_was_here_before_it() {
        rig.insert(writer, 7, 0, "abc");
        rig.relay(MiniUpdate.insert(9, 0, "far", null));
        TestPeer returning = rig.join();
        rig.step1(returning, 5, 1);
        assertThat(returning.drain()).containsExactly("step1 7:3 9:3", "step2 nothing");
        rig.handle(new LiveEvent.Committed(1));
        assertThat(returning.drain()).containsExactly("update 7@0+3", "update 9@0+3");
        assertThat(rig.entity.uncommittedBytes()).isZero();
    }

    /** A client that waits for content itself puts what waits into each of its answers, its own edits beside it. */
    @Test
    void what_joins_of_an_answer_with_a_gap_is_taken_and_the_rest_held() {
        byte[] answer = MiniUpdate.encode(
                List.of(
                        new MiniUpdate.Item(9, 0, "own", null),
                        new MiniUpdate.Item(7, 3, "d", new MiniUpdate.Id(7, 2))),
                new IdSet().encode());
        rig.step2(writer, answer);
        assertThat(reader.drain()).containsExactly("update 9@0+3");
        assertThat(rig.journaled).hasSize(1);
        assertThat(rig.entity.heldUpdates()).isEqualTo(1);
        writer.messages();
        rig.commit();
        assertThat(writer.drain()).containsExactly("update 9@0+3");
        rig.insert(reader, 7, 0, "abc");
        assertThat(rig.entity.heldUpdates()).isZero();
        assertThat(reader.drain()).contains("update 9@0+3 7@3+1");
    }
}
