package dev.boardwalk.gateway.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.boardwalk.crdt.sync.AwarenessUpdate;
import dev.boardwalk.crdt.sync.ClockVector;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A live entity on the bench: feeds it events, records its effects, and checks its invariants after each event. */
final class EntityRig implements LiveEffects {
    final LiveEntity entity;
    private final LiveLimits limits;
    private final Set<TestPeer> audience = new LinkedHashSet<>();
    final List<byte[]> journaled = new ArrayList<>();
    final List<DiffRequest> diffs = new ArrayList<>();
    final List<Refusal> refusals = new ArrayList<>();
    final List<byte[]> presence = new ArrayList<>();
    /** Of whom it was asked whether they are alive, and for whom. */
    final List<TestPeer[]> asked = new ArrayList<>();
    /** Of whom it was asked on behalf of another gateway. */
    final List<TestPeer> askedFor = new ArrayList<>();
    /** The clients that other gateways were told of, and of which they were told that they are taken. */
    final List<Long> claims = new ArrayList<>();

    final List<String> taken = new ArrayList<>();

    /** Of whom is to be said when all that was sent to them is written. */
    final List<TestPeer> writing = new ArrayList<>();

    int broadcasts;
    int flushesAsked;
    int rereadsAsked;
    private long lastSequence;

    /** An entity that is still loading. */
    EntityRig(TestLimits limits) {
        this.limits = limits.build();
        entity = new LiveEntity(this.limits, this);
    }

    /** An entity that is new and has loaded. */
    static EntityRig empty() {
        return loaded(new TestLimits(), Base.empty());
    }

    static EntityRig loaded(TestLimits limits, Base base) {
        EntityRig rig = new EntityRig(limits);
        rig.handle(new LiveEvent.Loaded(base));
        return rig;
    }

    void handle(LiveEvent event) {
        entity.handle(event);
        LiveEntityInvariants.check(entity, limits);
    }

    TestPeer join() {
        TestPeer peer = new TestPeer(PeerKind.CLIENT);
        handle(new LiveEvent.PeerJoined(peer));
        return peer;
    }

    /** Joins with an empty replica, and has read what it was sent. */
    TestPeer joinFresh() {
        TestPeer peer = join();
        step1(peer);
        step2(peer, new byte[] {0, 0});
        peer.messages();
        return peer;
    }

    /** SyncStep1 with a state vector of clients and their clocks, alternating. */
    void step1(TestPeer peer, long... vector) {
        ClockVector stateVector = new ClockVector();
        for (int i = 0; i < vector.length; i += 2) {
            stateVector.advance(vector[i], (int) vector[i + 1]);
        }
        handle(new LiveEvent.PeerSyncStep1(peer, stateVector));
    }

    void step2(TestPeer peer, byte[] update) {
        handle(new LiveEvent.PeerSyncStep2(peer, MiniUpdate.valid(update)));
    }

    void update(TestPeer peer, byte[] update) {
        handle(new LiveEvent.PeerUpdate(peer, MiniUpdate.valid(update)));
    }

    /** Inserts as client {@code client} at a clock, to the right of nothing. */
    void insert(TestPeer peer, long client, int clock, String text) {
        update(peer, MiniUpdate.insert(client, clock, text, null));
    }

    void mark(TestPeer peer, String payload) {
        handle(new LiveEvent.PeerMark(peer, payload.getBytes(StandardCharsets.UTF_8)));
    }

    /** Awareness entries as {@code client@clock=json}. */
    void awareness(TestPeer peer, String... entries) {
        handle(new LiveEvent.PeerAwareness(
                peer,
                new AwarenessUpdate(Arrays.stream(entries).map(EntityRig::entry).toList())));
    }

    void relayPresence(long gateway, String... entries) {
        handle(new LiveEvent.RelayedPresence(
                gateway,
                new AwarenessUpdate(Arrays.stream(entries).map(EntityRig::entry).toList())));
    }

    /** What the other gateways were told since the last call. */
    List<String> drainPresence() {
        List<String> words = presence.stream().map(TestPeer::awarenessWords).toList();
        presence.clear();
        return words;
    }

    private static AwarenessUpdate.Entry entry(String words) {
        int at = words.indexOf('@');
        int equals = words.indexOf('=');
        String json = words.substring(equals + 1);
        return new AwarenessUpdate.Entry(
                Long.parseLong(words.substring(0, at)),
                Long.parseLong(words.substring(at + 1, equals)),
                json.equals("null") ? null : json.getBytes(StandardCharsets.UTF_8));
    }

    void relay(byte[]... updates) {
        handle(new LiveEvent.RelayedUpdates(
                Arrays.stream(updates).map(MiniUpdate::valid).toList()));
    }

    void stall(TestPeer peer) {
        handle(new LiveEvent.PeerStalled(peer));
    }

    void resume(TestPeer peer) {
        handle(new LiveEvent.PeerWritable(peer));
    }

    void leave(TestPeer peer) {
        handle(new LiveEvent.PeerLeft(peer));
    }

    /** The journal commits all that it was given. */
    void commit() {
        handle(new LiveEvent.Committed(lastSequence));
    }

    /** A whole flush. */
    void flush() {
        endFlush(Objects.requireNonNull(entity.beginFlush(), "nothing to flush"));
    }

    void endFlush(FlushWork work) {
        List<byte[]> pieces = new ArrayList<>(work.base().pieces());
        pieces.addAll(work.updates());
        handle(new LiveEvent.FlushDone(work, MiniDoc.of(pieces).toBase()));
    }

    /** Computes the oldest diff that was asked for. */
    void finishDiff() {
        DiffRequest request = diffs.removeFirst();
        handle(new LiveEvent.DiffReady(
                request, List.of(MiniDoc.of(request.pieces()).diff(request.stateVector()))));
    }

    boolean isInAudience(TestPeer peer) {
        return audience.contains(peer);
    }

    @Override
    public void joinAudience(LivePeer peer) {
        assertThat(audience.add((TestPeer) peer)).isTrue();
    }

    @Override
    public void leaveAudience(LivePeer peer) {
        assertThat(audience.remove((TestPeer) peer)).isTrue();
    }

    @Override
    public void broadcast(Outgoing message, @Nullable LivePeer except) {
        broadcasts++;
        for (TestPeer peer : audience) {
            if (peer != except) {
                peer.put(message);
            }
        }
    }

    @Override
    public void send(LivePeer peer, Outgoing message) {
        ((TestPeer) peer).put(message);
    }

    @Override
    public void tellWhenWritten(LivePeer peer) {
        writing.add((TestPeer) peer);
    }

    /** What was sent to the peers has left the process. */
    void written() {
        List<TestPeer> all = List.copyOf(writing);
        writing.clear();
        all.forEach(peer -> handle(new LiveEvent.PeerWritten(peer)));
    }

    @Override
    public void confirmed(LivePeer peer) {
        ((TestPeer) peer).confirmations++;
    }

    @Override
    public void journal(long sequence, byte[] update) {
        assertThat(sequence).isGreaterThan(lastSequence);
        lastSequence = sequence;
        journaled.add(update);
    }

    @Override
    public void relayPresence(byte[] awareness) {
        presence.add(awareness);
    }

    @Override
    public void askAlive(LivePeer holder, LivePeer later) {
        asked.add(new TestPeer[] {(TestPeer) holder, (TestPeer) later});
    }

    @Override
    public void relayClaim(long client) {
        claims.add(client);
    }

    @Override
    public void askAliveFor(LivePeer holder, long gateway) {
        askedFor.add((TestPeer) holder);
    }

    @Override
    public void relayTaken(long gateway, long client) {
        taken.add(client + " at " + gateway);
    }

    @Override
    public void computeDiff(DiffRequest request) {
        diffs.add(request);
    }

    @Override
    public void close(LivePeer peer, CloseReason reason) {
        assertThat(peer.isPresent()).as("a closed peer has left").isFalse();
        ((TestPeer) peer).closed = reason;
    }

    @Override
    public void refused(@Nullable LivePeer peer, Refusal refusal) {
        refusals.add(refusal);
    }

    @Override
    public void flushNeeded() {
        flushesAsked++;
    }

    @Override
    public void rereadNeeded() {
        rereadsAsked++;
    }
}
