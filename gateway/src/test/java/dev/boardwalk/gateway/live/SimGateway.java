package dev.boardwalk.gateway.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A simulated gateway around one live entity: its ticker, flusher, loader, native engine and relay, each of which takes
 * one step when the simulation says so.
 */
final class SimGateway {
    private final SimDatabase database;
    private final LiveLimits limits;
    private final SplittableRandom random;
    private final List<SimGateway> others = new ArrayList<>();
    final List<SimSocket> sockets = new ArrayList<>();
    private final SimEffects effects = new SimEffects(sockets);

    private @Nullable LiveEntity entity;
    private boolean loading;
    private SimTicker ticker;
    private @Nullable FlushWork flushing;
    private final ArrayDeque<List<ValidUpdate>> relayed = new ArrayDeque<>();
    private long nowMillis;

    SimGateway(SimDatabase database, LiveLimits limits, SplittableRandom random) {
        this.database = database;
        this.limits = limits;
        this.random = random;
        this.ticker = new SimTicker(database);
        effects.journalTo(ticker);
    }

    void knows(List<SimGateway> all) {
        others.addAll(all);
        others.remove(this);
    }

    SimTicker ticker() {
        return ticker;
    }

    @Nullable
    LiveEntity entity() {
        return entity;
    }

    private void handle(LiveEvent event) {
        LiveEntity live = entity;
        if (live != null) {
            live.handle(event);
            LiveEntityInvariants.check(live, limits);
        }
    }

    /** A socket opens; the first one opens the entity. */
    void accept(SimSocket socket) {
        if (entity == null) {
            entity = new LiveEntity(limits, effects);
            loading = true;
        }
        sockets.add(socket);
        handle(new LiveEvent.PeerJoined(socket));
    }

    boolean finishLoading(boolean mayFail) {
        if (!loading || !database.isUp()) {
            return false;
        }
        loading = false;
        if (mayFail && random.nextInt(20) == 0) {
            handle(new LiveEvent.LoadFailed(new CloseReason(1013, "simulated")));
            drop();
        } else {
            handle(new LiveEvent.Loaded(database.load(random)));
        }
        return true;
    }

    /** The next frame of a socket reaches the entity. */
    boolean deliverToServer(SimSocket socket) {
        LiveEvent event = socket.toServer.poll();
        if (event == null) {
            return false;
        }
        handle(event);
        return true;
    }

    /** The server notices how full the queue to the client is. */
    boolean tellPressure(SimSocket socket) {
        boolean full = socket.toClient.size() > SimSocket.HIGH_WATER;
        boolean low = socket.toClient.size() <= SimSocket.LOW_WATER;
        if (!socket.openAtServer || (socket.toldStalled ? !low : !full)) {
            return false;
        }
        socket.toldStalled = !socket.toldStalled;
        handle(socket.toldStalled ? new LiveEvent.PeerStalled(socket) : new LiveEvent.PeerWritable(socket));
        return true;
    }

    /** The server notices that a socket is gone. */
    void lose(SimSocket socket) {
        if (socket.openAtServer) {
            socket.openAtServer = false;
            sockets.remove(socket);
            handle(new LiveEvent.PeerLeft(socket));
        }
        socket.toServer.clear();
        socket.toClient.clear();
    }

    boolean answerTick(boolean mayLoseRelay) {
        if (!ticker.isCommitted()) {
            return false;
        }
        List<ValidUpdate> updates = ticker.updates();
        long through = ticker.end();
        for (SimGateway other : others) {
            if (other.entity != null && !(mayLoseRelay && random.nextInt(8) == 0)) {
                other.relayed.add(updates);
            }
        }
        handle(new LiveEvent.Committed(through));
        return true;
    }

    boolean deliverRelayed() {
        List<ValidUpdate> updates = relayed.poll();
        if (updates == null) {
            return false;
        }
        handle(new LiveEvent.RelayedUpdates(updates));
        return true;
    }

    boolean reread() {
        if (!database.isUp() || !effects.takeReread()) {
            return false;
        }
        handle(new LiveEvent.RelayedUpdates(database.rows()));
        return true;
    }

    /** What the slow anti-entropy round does. */
    void compareWithDatabase() {
        if (entity != null && !loading) {
            handle(new LiveEvent.RelayedUpdates(database.rows()));
        }
    }

    boolean beginFlush() {
        LiveEntity live = entity;
        if (live == null || loading || flushing != null) {
            return false;
        }
        flushing = live.beginFlush();
        return flushing != null;
    }

    boolean endFlush(boolean mayFail) {
        FlushWork work = flushing;
        if (work == null || !database.isUp()) {
            return false;
        }
        flushing = null;
        if (mayFail && random.nextInt(10) == 0) {
            handle(new LiveEvent.FlushFailed(work));
        } else {
            List<byte[]> pieces = new ArrayList<>(work.base().pieces());
            pieces.addAll(work.updates());
            MiniDoc replica = MiniDoc.of(pieces);
            assertThat(replica.pending()).isEmpty();
            handle(new LiveEvent.FlushDone(work, replica.toBase()));
        }
        return true;
    }

    boolean endDiff(boolean mayFail) {
        DiffRequest request = effects.takeDiff();
        if (request == null) {
            return false;
        }
        if (mayFail && random.nextInt(30) == 0) {
            handle(new LiveEvent.DiffFailed(request));
        } else {
            handle(new LiveEvent.DiffReady(
                    request, List.of(MiniDoc.of(request.pieces()).diff(request.stateVector()))));
        }
        return true;
    }

    void passTime(long millis) {
        nowMillis += millis;
        handle(new LiveEvent.TimePassed(nowMillis));
        answerAsked();
    }

    /** The pings of peers that others say they are come back, or do not. */
    private void answerAsked() {
        for (SimSocket[] pair = effects.takeAsked(); pair != null; pair = effects.takeAsked()) {
            if (pair[0].owner == null) {
                lose(pair[0]);
            } else {
                handle(new LiveEvent.ClientIdTaken(pair[1]));
            }
        }
    }

    /** Lets go of an entity that nobody has open and that is flushed. */
    boolean evict() {
        LiveEntity live = entity;
        if (live == null || loading || live.peers() > 0 || live.isDirty() || flushing != null) {
            return false;
        }
        drop();
        return true;
    }

    /** The process is killed: all that is not in the database is gone; a tick on its way may still arrive. */
    void crash() {
        if (random.nextBoolean() && database.isUp()) {
            boolean _ = ticker.commit();
        }
        drop();
    }

    private void drop() {
        entity = null;
        loading = false;
        ticker = new SimTicker(database);
        flushing = null;
        relayed.clear();
        effects.journalTo(ticker);
        effects.closeAll();
    }
}
