package dev.boardwalk.gateway.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.boardwalk.crdt.sync.ClockVector;
import dev.boardwalk.crdt.sync.IdSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What holds of a live entity after every event; recomputes from scratch what the entity keeps up to date. */
final class LiveEntityInvariants {
    private final LiveEntity entity;
    private final Content content;
    private final UpdateLog log;
    private final LiveLimits limits;

    private LiveEntityInvariants(LiveEntity entity, LiveLimits limits) {
        this.entity = entity;
        this.limits = limits;
        content = entity.content;
        log = content.log();
    }

    static void check(LiveEntity entity, LiveLimits limits) {
        LiveEntityInvariants invariants = new LiveEntityInvariants(entity, limits);
        invariants.checkLog();
        invariants.checkKnown();
        invariants.checkPeers();
        invariants.checkHeld();
        invariants.checkAwareness();
    }

    private void checkLog() {
        assertThat(log.baseThrough()).isBetween(0L, log.committed());
        assertThat(log.committed()).isBetween(log.baseThrough(), log.end());
        assertThat(log.first()).isBetween(1L, log.baseThrough() + 1);
        long uncommitted = 0;
        long afterBase = 0;
        long weight = 0;
        for (long sequence = log.first(); sequence <= log.end(); sequence++) {
            LogEntry entry = log.get(sequence);
            assertThat(entry.sequence()).isEqualTo(sequence);
            weight += entry.weightBytes();
            afterBase += sequence > log.baseThrough() ? entry.bytes() : 0;
            uncommitted += sequence > log.committed() && !entry.durable() ? entry.bytes() : 0;
        }
        assertThat(log.weightBytes()).isEqualTo(weight);
        assertThat(log.bytesAfterBase()).isEqualTo(afterBase);
        assertThat(log.uncommittedBytes()).isEqualTo(uncommitted);
        if (log.committed() < log.end()) {
            assertThat(log.get(log.committed() + 1).durable())
                    .as("the first uncommitted entry waits for the journal")
                    .isFalse();
        }
    }

    /** The known ids are those of the base and of the log after it, no more and no less. */
    private void checkKnown() {
        ClockVector known = content.base().known().copy();
        IdSet deleted = IdSet.decode(content.base().deletes());
        for (LogEntry entry : log.between(log.baseThrough(), log.end())) {
            known.advance(entry.outline());
            deleted.addAll(entry.outline());
        }
        assertThat(content.known()).isEqualTo(known);
        assertThat(content.deleted()).isEqualTo(deleted);
    }

    private void checkPeers() {
        PeerTable peers = entity.peers;
        assertThat(peers.size()).isLessThanOrEqualTo(limits.peersMax());
        Set<LivePeer> waiting = new HashSet<>(peers.waiting());
        Set<LivePeer> outside = new HashSet<>(peers.outside());
        assertThat(waiting).hasSameSizeAs(peers.waiting());
        assertThat(outside).hasSameSizeAs(peers.outside());
        long lastNumber = 0;
        for (LivePeer peer : peers.all()) {
            assertThat(peer.number).isGreaterThan(lastNumber);
            lastNumber = peer.number;
            assertThat(peer.receipts.isEmpty()).isNotEqualTo(waiting.remove(peer));
            assertThat(outside.remove(peer)).isEqualTo(peer.isClient() && !peer.inAudience);
            checkStage(peer);
            checkReceipts(peer);
        }
        assertThat(waiting).isEmpty();
        assertThat(outside).isEmpty();
    }

    private void checkStage(LivePeer peer) {
        if (peer.inAudience) {
            assertThat(peer.follows).isEqualTo(LivePeer.Follows.EVERYTHING);
            assertThat(peer.stalled).isFalse();
        } else if (!peer.stalled && peer.awaits == null && peer.due == null) {
            assertThat(peer.follows)
                    .as("who follows everything and can be sent to is in the audience")
                    .isNotEqualTo(LivePeer.Follows.EVERYTHING);
            if (peer.follows == LivePeer.Follows.COMMITTED) {
                assertThat(peer.cursor).isEqualTo(log.committed());
            }
        }
        if (peer.awaits != null && !peer.inAudience) {
            assertThat(log.first())
                    .as("what follows on a diff is kept")
                    .isLessThanOrEqualTo(Math.max(peer.cursor, peer.awaits.throughSequence) + 1);
        }
    }

    private void checkReceipts(LivePeer peer) {
        assertThat(peer.receipts.size()).isLessThanOrEqualTo(limits.receiptsPerPeerMax());
        long bytes = 0;
        boolean first = true;
        for (Receipt receipt : peer.receipts.all()) {
            if (first && !peer.stalled && !peer.signsWait()) {
                assertThat(receipt.barrier).isGreaterThan(log.committed());
            }
            first = false;
            bytes += receipt.bytes();
            if (receipt.barrier != Receipt.UNKNOWN) {
                assertThat(receipt.barrier).isLessThanOrEqualTo(log.end());
            }
        }
        assertThat(peer.receipts.bytes()).isEqualTo(bytes);
    }

    private void checkHeld() {
        HeldGaps held = entity.edits.gaps().held();
        assertThat(held.size()).isLessThanOrEqualTo(limits.heldUpdatesMax());
        assertThat(held.weightBytes()).isBetween(0L, limits.heldBytesMax());
        for (HeldGaps.Held each : held.all()) {
            assertThat(content.known().get(each.missingClient()))
                    .as("what is held misses something")
                    .isLessThan(each.missingEnd());
            if (each.peer() != null) {
                assertThat(each.peer().isPresent()).isTrue();
            }
        }
        assertThat(held.isEmpty()).isEqualTo(held.weightBytes() == 0);
    }

    private void checkAwareness() {
        AwarenessTable table = entity.awarenessTable;
        assertThat(table.size()).isLessThanOrEqualTo(limits.awarenessClientsMax());
        long weight = 0;
        for (AwarenessState state : table.presentStates()) {
            weight += state.weightBytes();
            assertThat(state.json).isNotNull();
            LivePeer owner = state.owner;
            assertThat(owner != null && (owner.isPresent() || owner.kind() == PeerKind.GATEWAY))
                    .isTrue();
        }
        int departed = 0;
        for (AwarenessState state : table.departedStates()) {
            weight += state.weightBytes();
            departed++;
            assertThat(state.json).isNull();
            assertThat(state.owner).isNull();
        }
        assertThat(departed).isLessThanOrEqualTo(limits.awarenessClientsMax());
        assertThat(table.weightBytes()).isEqualTo(weight);
        for (LivePeer peer : entity.peers.all()) {
            assertThat(peer.awarenessClients).isEqualTo(ownedBy(table, peer));
        }
    }

    private static int ownedBy(AwarenessTable table, LivePeer peer) {
        int count = 0;
        for (AwarenessState state : table.presentStates()) {
            count += state.owner == peer ? 1 : 0;
        }
        return count;
    }

    /** The peers of the entity, for assertions. */
    static List<LivePeer> peersOf(LiveEntity entity) {
        return entity.peers.all();
    }
}
