package dev.boardwalk.gateway.live;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the live entity of a simulated gateway wants done: messages go to the sockets at once, the rest waits until the
 * simulation takes it. Checks what an entity may ask for.
 */
final class SimEffects implements LiveEffects {
    private final List<SimSocket> sockets;
    private final Set<SimSocket> audience = new LinkedHashSet<>();
    private final ArrayDeque<DiffRequest> diffs = new ArrayDeque<>();
    /** Who is to be asked whether it is alive, and who waits for that. */
    private final ArrayDeque<SimSocket[]> asked = new ArrayDeque<>();

    private @Nullable SimTicker ticker;
    private boolean rereadNeeded;
    private int closedByServer;

    /** @param sockets of the gateway, open ones only */
    SimEffects(List<SimSocket> sockets) {
        this.sockets = sockets;
    }

    /** From now on updates are journaled there. */
    void journalTo(SimTicker next) {
        ticker = next;
    }

    /** The diff that was asked for first, or null. */
    @Nullable
    DiffRequest takeDiff() {
        return diffs.poll();
    }

    /** The socket that was to be asked first whether it is alive, with the one that waits for the answer; or null. */
    SimSocket @Nullable [] takeAsked() {
        return asked.poll();
    }

    /** Whether the journal is to be read again; says so once. */
    boolean takeReread() {
        boolean needed = rereadNeeded;
        rereadNeeded = false;
        return needed;
    }

    /** The entity is gone: so is all that it asked for, and whoever was in it. */
    void closeAll() {
        diffs.clear();
        asked.clear();
        rereadNeeded = false;
        audience.clear();
        for (SimSocket socket : List.copyOf(sockets)) {
            close(socket);
        }
    }

    private void close(SimSocket socket) {
        socket.openAtServer = false;
        socket.toServer.clear();
        socket.toClient.clear();
        sockets.remove(socket);
        SimPeer owner = socket.owner;
        if (owner != null) {
            socket.owner = null;
            owner.disconnected(socket);
        }
    }

    @Override
    public void joinAudience(LivePeer peer) {
        assertThat(audience.add((SimSocket) peer)).as("joins the audience once").isTrue();
    }

    @Override
    public void leaveAudience(LivePeer peer) {
        assertThat(audience.remove((SimSocket) peer)).as("was in the audience").isTrue();
    }

    @Override
    public void broadcast(Outgoing message, @Nullable LivePeer except) {
        if (except != null) {
            assertThat(audience).contains((SimSocket) except);
        }
        for (SimSocket socket : audience) {
            if (socket != except) {
                send(socket, message);
            }
        }
    }

    @Override
    public void send(LivePeer peer, Outgoing message) {
        SimSocket socket = (SimSocket) peer;
        assertThat(socket.toldStalled)
                .as("nothing is sent to a stalled peer, but %s was", message)
                .isFalse();
        SimPeer owner = socket.owner;
        if (owner != null) {
            owner.checkSent(message);
        }
        if (socket.openAtServer) {
            socket.toClient.add(message);
        }
    }

    @Override
    public void tellWhenWritten(LivePeer peer) {
        // Arrives in its turn among what the client sends.
        ((SimSocket) peer).toServer.add(new LiveEvent.PeerWritten(peer));
    }

    @Override
    public void confirmed(LivePeer peer) {
        SimPeer owner = ((SimSocket) peer).owner;
        if (owner instanceof SimWriter writer) {
            writer.confirmed();
        }
    }

    @Override
    public void journal(long sequence, byte[] update) {
        requireNonNull(ticker).add(sequence, update);
    }

    @Override
    public void relayPresence(byte[] awareness) {
        // The simulation is of content; awareness between gateways has tests of its own.
    }

    @Override
    public void askAlive(LivePeer holder, LivePeer later) {
        asked.add(new SimSocket[] {(SimSocket) holder, (SimSocket) later});
    }

    @Override
    public void relayClaim(long client) {
        // Nor are clients of different gateways.
    }

    @Override
    public void askAliveFor(LivePeer holder, long gateway) {
        throw new AssertionError("no gateway has claimed a client");
    }

    @Override
    public void relayTaken(long gateway, long client) {
        throw new AssertionError("no gateway has claimed a client");
    }

    @Override
    public void computeDiff(DiffRequest request) {
        diffs.add(request);
        assertThat(diffs.size())
                .as("one diff per peer at a time")
                .isLessThanOrEqualTo(sockets.size() + closedByServer + 50);
    }

    @Override
    public void close(LivePeer peer, CloseReason reason) {
        closedByServer++;
        close((SimSocket) peer);
    }

    @Override
    public void refused(@Nullable LivePeer peer, Refusal refusal) {
        if (peer != null && refusal == Refusal.GAP && ((SimSocket) peer).owner instanceof SimWriter writer) {
            writer.refused();
        }
    }

    @Override
    public void flushNeeded() {
        // The simulation flushes when it likes.
    }

    @Override
    public void rereadNeeded() {
        rereadNeeded = true;
    }
}
