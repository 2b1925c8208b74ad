package dev.boardwalk.gateway.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Loading, limits on what is let in, and the end. */
class LifecycleTest {
    private static final CloseReason DELETED = new CloseReason(4404, "deleted");

    private final TestLimits limits = new TestLimits();

    @Test
    void what_arrives_while_loading_is_handled_in_order_afterwards() {
        EntityRig rig = new EntityRig(limits);
        TestPeer peer = rig.join();
        rig.step1(peer, 7, 4);
        rig.insert(peer, 7, 3, "d");
        rig.mark(peer, "m");
        assertThat(peer.drain()).isEmpty();
        rig.handle(new LiveEvent.Loaded(
                MiniDoc.of(List.of(MiniUpdate.insert(7, 0, "abc", null))).toBase()));
        assertThat(peer.drain()).containsExactly("step1 7:3", "step2 nothing");
        rig.commit();
        assertThat(peer.drain()).containsExactly("update 7@3+1", "mark m");
    }

    @Test
    void the_edits_of_a_peer_that_left_while_loading_are_kept() {
        EntityRig rig = new EntityRig(limits);
        TestPeer peer = rig.join();
        rig.insert(peer, 7, 0, "abc");
        rig.leave(peer);
        rig.handle(new LiveEvent.Loaded(Base.empty()));
        assertThat(rig.journaled).hasSize(1);
        assertThat(rig.entity.peers()).isZero();
    }

    @Test
    void relayed_updates_wait_for_the_load_and_do_not_double_what_it_brought() {
        EntityRig rig = new EntityRig(limits);
        rig.relay(MiniUpdate.insert(7, 0, "abc", null), MiniUpdate.insert(7, 3, "d", null));
        rig.handle(new LiveEvent.Loaded(
                MiniDoc.of(List.of(MiniUpdate.insert(7, 0, "abc", null))).toBase()));
        assertThat(rig.entity.committedPieces()).hasSize(2);
    }

    @Test
    void a_failed_load_closes_everybody() {
        EntityRig rig = new EntityRig(limits);
        TestPeer peer = rig.join();
        CloseReason reason = new CloseReason(1013, "cannot be loaded");
        rig.handle(new LiveEvent.LoadFailed(reason));
        assertThat(peer.closed).isEqualTo(reason);
        assertThat(rig.entity.peers()).isZero();
    }

    @Test
    void too_many_events_while_loading_close_their_sender() {
        limits.loadingEventsMax = 3;
        EntityRig rig = new EntityRig(limits);
        TestPeer noisy = rig.join();
        for (int i = 0; i < 4; i++) {
            rig.insert(noisy, 7, i, "x");
        }
        assertThat(noisy.closed).isEqualTo(CloseReason.TOO_MUCH_WHILE_LOADING);
        assertThat(rig.refusals).containsExactly(Refusal.LOADING_FULL);
    }

    @Test
    void too_many_bytes_while_loading_close_their_sender() {
        limits.loadingBytesMax = 1_000;
        EntityRig rig = new EntityRig(limits);
        TestPeer noisy = rig.join();
        rig.insert(noisy, 7, 0, "x".repeat(1_000));
        assertThat(noisy.closed).isEqualTo(CloseReason.TOO_MUCH_WHILE_LOADING);
    }

    @Test
    void too_much_relayed_while_loading_is_read_again_afterwards() {
        limits.loadingBytesMax = 1_000;
        EntityRig rig = new EntityRig(limits);
        rig.relay(MiniUpdate.insert(8, 0, "x".repeat(1_000), null));
        assertThat(rig.rereadsAsked).isZero();
        rig.handle(new LiveEvent.Loaded(Base.empty()));
        assertThat(rig.rereadsAsked).isEqualTo(1);
    }

    @Test
    void one_peer_too_many_is_closed() {
        limits.peersMax = 1;
        EntityRig rig = EntityRig.loaded(limits, Base.empty());
        TestPeer first = rig.join();
        TestPeer second = rig.join();
        assertThat(first.closed).isNull();
        assertThat(second.closed).isEqualTo(CloseReason.TOO_MANY_PEERS);
        rig.insert(second, 7, 0, "x");
        assertThat(rig.journaled).isEmpty();
    }

    @Test
    void who_sends_more_than_may_wait_for_its_commit_is_closed_and_the_others_go_on() {
        limits.uncommittedBytesMax = 60;
        EntityRig rig = EntityRig.loaded(limits, Base.empty());
        TestPeer writer = rig.joinFresh();
        TestPeer other = rig.joinFresh();
        rig.insert(writer, 7, 0, "x".repeat(40));
        rig.insert(writer, 7, 0, "x".repeat(40));
        assertThat(writer.closed).as("a repetition brings nothing more").isNull();
        rig.insert(writer, 7, 40, "y".repeat(40));
        assertThat(writer.closed).isEqualTo(CloseReason.NOT_BEING_SAVED);
        assertThat(rig.refusals).containsExactly(Refusal.UNCOMMITTED_FULL);
        assertThat(other.drain()).containsExactly("update 7@0+40");
        rig.commit();
        rig.insert(other, 7, 40, "y".repeat(40));
        assertThat(rig.journaled).hasSize(2);
    }

    @Test
    void one_update_of_any_size_may_wait() {
        limits.uncommittedBytesMax = 10;
        EntityRig rig = EntityRig.loaded(limits, Base.empty());
        TestPeer writer = rig.joinFresh();
        rig.insert(writer, 7, 0, "x".repeat(40));
        assertThat(writer.closed).isNull();
    }

    @Test
    void too_many_confirmations_that_wait_close_their_peer() {
        limits.receiptsPerPeerMax = 3;
        EntityRig rig = EntityRig.loaded(limits, Base.empty());
        TestPeer writer = rig.joinFresh();
        rig.insert(writer, 7, 0, "x");
        for (int i = 0; i < 3; i++) {
            rig.mark(writer, "m" + i);
        }
        assertThat(writer.closed).isEqualTo(CloseReason.TOO_MUCH_UNCONFIRMED);
        assertThat(rig.refusals).containsExactly(Refusal.RECEIPTS_FULL);
    }

    @Test
    void repetitions_that_wait_for_their_echo_are_bounded_in_bytes() {
        limits.receiptBytesPerPeerMax = 100;
        EntityRig rig = EntityRig.loaded(limits, Base.empty());
        TestPeer writer = rig.joinFresh();
        for (int i = 0; i < 3; i++) {
            rig.insert(writer, 7, 0, "x".repeat(40));
        }
        assertThat(writer.closed).isEqualTo(CloseReason.TOO_MUCH_UNCONFIRMED);
    }

    @Test
    void the_end_closes_all_peers_and_later_events_change_nothing() {
        EntityRig rig = EntityRig.empty();
        TestPeer writer = rig.joinFresh();
        TestPeer reader = rig.joinFresh();
        rig.insert(writer, 7, 0, "abc");
        reader.messages();
        rig.handle(new LiveEvent.Closed(DELETED));
        assertThat(writer.closed).isEqualTo(DELETED);
        assertThat(reader.closed).isEqualTo(DELETED);
        rig.commit();
        rig.insert(writer, 7, 3, "d");
        assertThat(writer.drain()).isEmpty();
        assertThat(rig.journaled).hasSize(1);
    }

    @Test
    void events_out_of_order_are_mistakes_of_the_owner() {
        EntityRig loading = new EntityRig(limits);
        assertThatThrownBy(() -> loading.entity.handle(new LiveEvent.Committed(1)))
                .isInstanceOf(IllegalStateException.class);
        EntityRig open = EntityRig.empty();
        assertThatThrownBy(() -> open.entity.handle(new LiveEvent.Loaded(Base.empty())))
                .isInstanceOf(IllegalStateException.class);
        TestPeer peer = open.join();
        assertThatThrownBy(() -> open.entity.handle(new LiveEvent.PeerJoined(peer)))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void an_update_must_come_with_its_own_outline() {
        ValidUpdate valid = MiniUpdate.valid(new byte[] {0, 0});
        assertThatThrownBy(() -> new ValidUpdate(new byte[] {0, 0, 0}, valid.outline()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void limits_below_one_are_refused_by_name() {
        limits.backlogUpdatesMax = 0;
        assertThatThrownBy(limits::build).hasMessageContaining("backlogUpdatesMax");
        assertThat(LiveLimits.standard().peersMax()).isPositive();
    }
}
