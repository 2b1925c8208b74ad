package dev.boardwalk.gateway;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Frames on their way from one shard to its peers' sockets: gathered during a pass of the shard, then handed over as one
 * task for each event loop, which writes them all and flushes each touched socket once.
 *
 * <p>Belongs to one shard and its thread.
 */
final class Outbox {

    /** Where frames for the shard's own event loop are written at once instead of through its queue. */
    private final Executor own;

    private final List<Batch> batches = new ArrayList<>();

    Outbox(Executor own) {
        this.own = own;
    }

    /** Adds a frame for one socket; takes over one hold of the frame. */
    void add(WebSocketWire wire, WebSocketWire.Frame frame) {
        batchFor(wire.executor()).add(wire, frame);
    }

    /** Sends what was gathered. */
    void send() {
        for (int i = 0; i < batches.size(); i++) {
            Batch batch = batches.get(i);
            if (batch.size > 0 && batch.loop == own) {
                batch.write();
            } else if (batch.size > 0) {
                batches.set(i, new Batch(batch.loop));
                batch.loop.execute(batch::write);
            }
        }
    }

    private Batch batchFor(Executor loop) {
        // As many as event loops: a handful, so that a search by identity beats a map.
        for (Batch batch : batches) {
            if (batch.loop == loop) {
                return batch;
            }
        }
        Batch batch = new Batch(loop);
        batches.add(batch);
        return batch;
    }

    /** The frames for the sockets of one event loop, in order. */
    private static final class Batch {
        private static final int INITIAL_CAPACITY = 64;

        private final Executor loop;
        private @Nullable WebSocketWire[] wires = new WebSocketWire[INITIAL_CAPACITY];
        private WebSocketWire.@Nullable Frame[] frames = new WebSocketWire.Frame[INITIAL_CAPACITY];
        private int size;

        Batch(Executor loop) {
            this.loop = loop;
        }

        void add(WebSocketWire wire, WebSocketWire.Frame frame) {
            if (size == wires.length) {
                wires = Arrays.copyOf(wires, size * 2);
                frames = Arrays.copyOf(frames, size * 2);
            }
            wires[size] = wire;
            frames[size++] = frame;
        }

        void write() {
            int written = size;
            size = 0;
            for (int i = 0; i < written; i++) {
                WebSocketWire wire = wires[i];
                WebSocketWire.Frame frame = frames[i];
                frames[i] = null;
                if (wire != null && frame != null) {
                    wire.write(frame);
                }
            }
            for (int i = 0; i < written; i++) {
                WebSocketWire wire = wires[i];
                wires[i] = null;
                if (wire != null) {
                    wire.flush();
                }
            }
        }
    }
}
