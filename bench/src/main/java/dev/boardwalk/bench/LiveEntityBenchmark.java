package dev.boardwalk.bench;

import dev.boardwalk.crdt.sync.ClockVector;
import dev.boardwalk.crdt.sync.UpdateLimits;
import dev.boardwalk.crdt.sync.UpdateValidator;
import dev.boardwalk.gateway.live.Base;
import dev.boardwalk.gateway.live.CloseReason;
import dev.boardwalk.gateway.live.DiffRequest;
import dev.boardwalk.gateway.live.FlushWork;
import dev.boardwalk.gateway.live.LiveEffects;
import dev.boardwalk.gateway.live.LiveEntity;
import dev.boardwalk.gateway.live.LiveEvent;
import dev.boardwalk.gateway.live.LiveLimits;
import dev.boardwalk.gateway.live.LivePeer;
import dev.boardwalk.gateway.live.Outgoing;
import dev.boardwalk.gateway.live.PeerKind;
import dev.boardwalk.gateway.live.Refusal;
import dev.boardwalk.gateway.live.ValidUpdate;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the live entity costs per keystroke: validation, admission, one broadcast, the journal's call, the commit and
 * the echo, in an entity that so many clients have open. Sending itself is not in it. A flush follows every
 * {@value #EDITS_PER_FLUSH} edits, so that the log stays as long as it does in a running server.
 *
 * <p>{@code ./boardwalk bench jmh LiveEntityBenchmark}
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class LiveEntityBenchmark {
    private static final long CLIENT = 2_345_678_901L;
    private static final int EDITS_PER_FLUSH = 1_000;

    @Param({"1", "100"})
    public int clients;

    private final UpdateValidator validator = new UpdateValidator(UpdateLimits.defaults());
    private final Effects effects = new Effects();
    private LiveEntity entity = new LiveEntity(LiveLimits.standard(), effects);
    private LivePeer writer = new LivePeer(PeerKind.CLIENT);
    private TypingPeer typing = new TypingPeer(CLIENT);
    private int edits;

    @Setup(Level.Iteration)
    public void open() {
        entity = new LiveEntity(LiveLimits.standard(), effects);
        entity.handle(new LiveEvent.Loaded(Base.empty()));
        typing = new TypingPeer(CLIENT);
        edits = 0;
        for (int i = 0; i < clients; i++) {
            writer = new LivePeer(PeerKind.CLIENT);
            entity.handle(new LiveEvent.PeerJoined(writer));
            entity.handle(new LiveEvent.PeerSyncStep1(writer, new ClockVector()));
        }
    }

    @Benchmark
    public long keystroke() {
        byte[] update = typing.next(1);
        entity.handle(new LiveEvent.PeerUpdate(writer, new ValidUpdate(update, validator.validate(update))));
        entity.handle(new LiveEvent.Committed(effects.journaled));
        if (++edits % EDITS_PER_FLUSH == 0) {
            flush();
        }
        return effects.calls;
    }

    /** The new base is right in what it knows, which is what is checked; its content is left out. */
    private void flush() {
        FlushWork work = entity.beginFlush();
        if (work != null) {
            ClockVector known = new ClockVector();
            known.advance(CLIENT, edits * TypingPeer.STAMP_LENGTH);
            entity.handle(new LiveEvent.FlushDone(
                    work, new Base(List.of(), known, work.base().deletes())));
        }
    }

    /** Counts what is called, so that nothing is optimised away. */
    private static final class Effects implements LiveEffects {
        long calls;
        long journaled;

        @Override
        public void joinAudience(LivePeer peer) {
            calls++;
        }

        @Override
        public void leaveAudience(LivePeer peer) {
            calls++;
        }

        @Override
        public void broadcast(Outgoing message, @Nullable LivePeer except) {
            calls += message.payload().length;
        }

        @Override
        public void send(LivePeer peer, Outgoing message) {
            calls += message.payload().length;
        }

        @Override
        public void confirmed(LivePeer peer) {
            calls++;
        }

        @Override
        public void journal(long sequence, byte[] update) {
            journaled = sequence;
        }

        @Override
        public void relayPresence(byte[] awareness) {
            // There is one gateway.
        }

        @Override
        public void askAlive(LivePeer holder, LivePeer later) {
            throw new IllegalStateException("every peer is another client here");
        }

        @Override
        public void relayClaim(long client) {
            calls++;
        }

        @Override
        public void askAliveFor(LivePeer holder, long gateway) {
            throw new IllegalStateException("there is one gateway");
        }

        @Override
        public void relayTaken(long gateway, long client) {
            throw new IllegalStateException("there is one gateway");
        }

        @Override
        public void tellWhenWritten(LivePeer peer) {
            throw new IllegalStateException("nothing large is sent here");
        }

        @Override
        public void computeDiff(DiffRequest request) {
            throw new IllegalStateException("no peer returns here");
        }

        @Override
        public void close(LivePeer peer, CloseReason reason) {
            throw new IllegalStateException("closed: " + reason);
        }

        @Override
        public void refused(@Nullable LivePeer peer, Refusal refusal) {
            throw new IllegalStateException("refused: " + refusal);
        }

        @Override
        public void flushNeeded() {
            calls++;
        }

        @Override
        public void rereadNeeded() {
            throw new IllegalStateException("nothing is relayed here");
        }
    }
}
