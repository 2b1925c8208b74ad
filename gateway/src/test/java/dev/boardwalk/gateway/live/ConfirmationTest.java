package dev.boardwalk.gateway.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.boardwalk.crdt.sync.IdSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a client may take as "your edit is safe", and when. */
class ConfirmationTest {
    private final EntityRig rig = EntityRig.empty();
    private final TestPeer writer = rig.joinFresh();
    private final TestPeer reader = rig.joinFresh();

    @Test
    void an_edit_goes_to_the_others_at_once_and_back_to_its_sender_after_the_commit() {
        rig.insert(writer, 7, 0, "abc");
        assertThat(reader.drain()).containsExactly("update 7@0+3");
        assertThat(writer.drain()).isEmpty();
        assertThat(rig.journaled).hasSize(1);
        rig.commit();
        assertThat(writer.drain()).containsExactly("update 7@0+3");
        assertThat(reader.drain()).isEmpty();
    }

    @Test
    void an_edit_to_many_peers_is_one_effect_with_one_shared_message() {
        TestPeer third = rig.joinFresh();
        int before = rig.broadcasts;
        rig.insert(writer, 7, 0, "abc");
        assertThat(rig.broadcasts).isEqualTo(before + 1);
        Outgoing atReader = reader.messages().getFirst();
        atReader.frame("encoded once");
        assertThat(third.messages()).containsExactly(atReader);
        rig.commit();
        assertThat(writer.messages()).containsExactly(atReader);
        assertThat(atReader.frame()).as("frame after its last use").isNull();
    }

    @Test
    void confirmations_come_in_the_order_of_sending() {
        rig.insert(writer, 7, 0, "abc");
        rig.mark(writer, "first");
        rig.insert(writer, 7, 3, "d");
        rig.mark(writer, "second");
        assertThat(writer.drain()).isEmpty();
        rig.commit();
        assertThat(writer.drain()).containsExactly("update 7@0+3", "mark first", "update 7@3+1", "mark second");
    }

    @Test
    void a_commit_confirms_only_what_it_covers() {
        rig.insert(writer, 7, 0, "abc");
        rig.insert(writer, 7, 3, "d");
        rig.handle(new LiveEvent.Committed(1));
        assertThat(writer.drain()).containsExactly("update 7@0+3");
        rig.handle(new LiveEvent.Committed(2));
        assertThat(writer.drain()).containsExactly("update 7@3+1");
    }

    @Test
    void an_update_that_brings_nothing_new_is_echoed_when_what_it_repeats_is_durable() {
        rig.insert(writer, 7, 0, "abc");
        rig.insert(reader, 7, 0, "abc");
        assertThat(rig.journaled).as("nothing is stored twice").hasSize(1);
        reader.messages();
        rig.commit();
        assertThat(reader.drain()).containsExactly("update 7@0+3");
        rig.insert(reader, 7, 0, "abc");
        assertThat(reader.drain()).as("repeated after the commit").containsExactly("update 7@0+3");
    }

    @Test
    void a_mark_waits_for_all_that_is_here_since_it_may_be_of_the_same_client() {
        rig.insert(writer, 7, 0, "abc");
        rig.mark(reader, "mine");
        reader.messages();
        rig.commit();
        assertThat(reader.drain()).containsExactly("mark mine");
        rig.mark(reader, "again");
        assertThat(reader.drain()).containsExactly("mark again");
    }

    @Test
    void deletions_that_somebody_repeats_do_not_reach_their_maker_before_they_are_durable() {
        rig.insert(writer, 7, 0, "abc");
        rig.commit();
        rig.update(writer, MiniUpdate.delete(7, 1, 1));
        writer.messages();
        reader.messages();
        IdSet deletes = new IdSet();
        deletes.add(7, 0, 2);
        rig.step2(reader, MiniUpdate.encode(List.of(new MiniUpdate.Item(8, 0, "x", null)), deletes.encode()));
        assertThat(writer.drain()).as("only what is new").containsExactly("update 8@0+1 -7@0+1");
        rig.commit();
        assertThat(writer.drain()).containsExactly("update -7@1+1");
        assertThat(reader.drain()).as("all it sent").containsExactly("update 8@0+1 -7@0+2");
    }

    @Test
    void whether_an_update_brings_anything_can_be_asked_beforehand() {
        ValidUpdate edit = MiniUpdate.valid(MiniUpdate.insert(7, 0, "abc", null));
        assertThat(rig.entity.contains(edit)).isFalse();
        rig.insert(writer, 7, 0, "abc");
        assertThat(rig.entity.contains(edit)).isTrue();
        assertThat(rig.entity.contains(MiniUpdate.valid(MiniUpdate.delete(7, 0, 1))))
                .isFalse();
    }

    @Test
    void an_edit_that_is_refused_is_denied_before_a_later_mark_and_what_is_known_echoed() {
        rig.insert(writer, 7, 0, "abc");
        ValidUpdate known = MiniUpdate.valid(MiniUpdate.insert(7, 0, "abc", null));
        ValidUpdate foreign = MiniUpdate.valid(MiniUpdate.insert(9, 0, "mine", null));
        reader.drain();
        rig.handle(new LiveEvent.PeerRefusedUpdate(reader, known, false));
        rig.handle(new LiveEvent.PeerRefusedUpdate(reader, foreign, false));
        rig.mark(reader, "after");
        assertThat(reader.drain()).isEmpty();
        rig.commit();
        assertThat(reader.drain()).containsExactly("update 7@0+3", "denied", "mark after");
        assertThat(rig.journaled).hasSize(1);
    }

    @Test
    void an_empty_answer_is_not_echoed() {
        rig.step2(writer, new byte[] {0, 0});
        assertThat(writer.drain()).isEmpty();
        assertThat(rig.journaled).isEmpty();
    }

    @Test
    void the_edit_of_a_peer_that_left_is_journaled_and_nobody_is_told() {
        rig.insert(writer, 7, 0, "abc");
        rig.leave(writer);
        rig.commit();
        assertThat(writer.drain()).isEmpty();
        assertThat(rig.entity.committedPieces()).hasSize(1);
    }

    @Test
    void frames_of_a_peer_that_left_are_ignored() {
        rig.leave(writer);
        rig.insert(writer, 7, 0, "abc");
        rig.leave(writer);
        assertThat(rig.journaled).isEmpty();
    }

    @Test
    void a_commit_that_goes_back_or_ahead_is_a_mistake_of_the_owner() {
        rig.insert(writer, 7, 0, "abc");
        rig.commit();
        assertThatThrownBy(rig::commit)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("through 1");
        assertThatThrownBy(() -> rig.entity.handle(new LiveEvent.Committed(9)))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void a_write_on_the_server_is_confirmed_once_after_the_commit_and_gets_no_messages() {
        TestPeer call = new TestPeer(PeerKind.WRITER);
        rig.handle(new LiveEvent.PeerJoined(call));
        rig.insert(call, 9, 0, "rest");
        assertThat(reader.drain()).containsExactly("update 9@0+4");
        assertThat(call.confirmations).isZero();
        rig.commit();
        assertThat(call.confirmations).isEqualTo(1);
        rig.insert(call, 9, 0, "rest");
        assertThat(call.confirmations).as("a repeated write").isEqualTo(2);
        rig.insert(writer, 7, 0, "abc");
        assertThat(call.drain()).isEmpty();
    }

    @Test
    void a_write_on_the_server_that_does_not_fit_is_refused_at_once() {
        TestPeer call = new TestPeer(PeerKind.WRITER);
        rig.handle(new LiveEvent.PeerJoined(call));
        rig.insert(call, 9, 5, "rest");
        assertThat(rig.refusals).containsExactly(Refusal.GAP);
        assertThat(rig.entity.heldUpdates()).isZero();
        assertThat(call.drain()).isEmpty();
    }
}
