package dev.boardwalk.gateway.live;

import dev.boardwalk.crdt.sync.AwarenessUpdate;
import dev.boardwalk.crdt.sync.ClockVector;
import dev.boardwalk.crdt.sync.IdSet;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** A simulated peer that sends what the codecs let pass but no honest client would send. */
final class SimHostile implements SimPeer {
    private final long id;
    private final SplittableRandom random;

    @Nullable
    SimSocket socket;

    SimHostile(long id, SplittableRandom random) {
        this.id = id;
        this.random = random;
    }

    void connect(SimGateway gateway) {
        SimSocket opened = new SimSocket(PeerKind.CLIENT, this, gateway);
        socket = opened;
        gateway.accept(opened);
    }

    @Override
    public void disconnected(SimSocket gone) {
        socket = null;
    }

    @Override
    public void checkSent(Outgoing message) {
        // It is told what it is told.
    }

    @Override
    public void receive(Outgoing message) {
        // It reads and does not care.
    }

    void act() {
        SimSocket open = socket;
        if (open != null) {
            open.toServer.add(
                    switch (random.nextInt(8)) {
                        case 0 -> new LiveEvent.PeerUpdate(open, gap());
                        case 1 -> new LiveEvent.PeerSyncStep2(open, gap());
                        case 2 -> new LiveEvent.PeerUpdate(open, cycle());
                        case 3 -> new LiveEvent.PeerSyncStep1(open, vector());
                        case 4 -> new LiveEvent.PeerMark(open, new byte[random.nextInt(40)]);
                        case 5 -> new LiveEvent.PeerAwareness(open, awareness());
                        case 6 -> new LiveEvent.PeerQueryAwareness(open);
                        default -> new LiveEvent.PeerSyncStep2(open, MiniUpdate.valid(new byte[] {0, 0}));
                    });
        }
    }

    /** Refers to ids that may never come, of itself and of others. */
    private ValidUpdate gap() {
        MiniUpdate.Id origin = new MiniUpdate.Id(random.nextInt(8), random.nextInt(2_000));
        int clock = 1 + random.nextInt(50);
        return MiniUpdate.valid(
                random.nextInt(4) == 0
                        ? MiniUpdate.delete(random.nextInt(8), 5_000 + random.nextInt(50), 3)
                        : MiniUpdate.insert(id, clock, "gap", origin));
    }

    /** Two items that wait for each other. */
    private ValidUpdate cycle() {
        long other = id + 500;
        return MiniUpdate.valid(MiniUpdate.encode(
                List.of(
                        new MiniUpdate.Item(id, 0, "x", new MiniUpdate.Id(other, 0)),
                        new MiniUpdate.Item(other, 0, "y", new MiniUpdate.Id(id, 0))),
                new IdSet().encode()));
    }

    private ClockVector vector() {
        ClockVector vector = new ClockVector();
        for (int i = random.nextInt(5); i > 0; i--) {
            vector.advance(random.nextInt(8), 1 + random.nextInt(3_000));
        }
        return vector;
    }

    private AwarenessUpdate awareness() {
        List<AwarenessUpdate.Entry> entries = new ArrayList<>();
        for (int i = random.nextInt(12); i > 0; i--) {
            byte[] json = random.nextBoolean() ? "{}".repeat(1).getBytes(StandardCharsets.UTF_8) : null;
            entries.add(new AwarenessUpdate.Entry(1_000 * id + random.nextInt(40), random.nextInt(5), json));
        }
        return new AwarenessUpdate(entries);
    }
}
