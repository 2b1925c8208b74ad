package dev.boardwalk.bench;

import dev.boardwalk.crdt.sync.UpdateLimits;
import dev.boardwalk.crdt.sync.UpdateOutline;
import dev.boardwalk.crdt.sync.UpdateValidator;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the validator costs: one keystroke of about 45 bytes, one edit of about 100, and a whole board of 10,000 nodes
 * (3 MB) as it comes with a first sync. Targets: at most 1 µs for 100 bytes, at most 20 ms for the board.
 *
 * <p>{@code ./boardwalk bench jmh ValidatorBenchmark}
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ValidatorBenchmark {
    private static final long CLIENT = 2_345_678_901L;

    private final UpdateValidator validator = new UpdateValidator(UpdateLimits.defaults());
    private byte[] keystroke = new byte[0];
    private byte[] edit = new byte[0];
    private byte[] board = new byte[0];

    @Setup
    public void write() {
        TypingPeer peer = new TypingPeer(CLIENT);
        peer.next(1);
        keystroke = peer.next(2);
        edit = new Lib0Bytes(128)
                .varUint(1)
                .varUint(1)
                .varUint(CLIENT)
                .varUint(7_000)
                .octet(0x84)
                .varUint(CLIENT)
                .varUint(6_999)
                .string("x".repeat(80))
                .varUint(0)
                .toArray();
        board = BoardUpdate.ofNodes(CLIENT, 10_000);
    }

    @Benchmark
    public UpdateOutline keystroke() {
        return validator.validate(keystroke);
    }

    @Benchmark
    public UpdateOutline editOf100Bytes() {
        return validator.validate(edit);
    }

    @Benchmark
    public UpdateOutline boardOf10000Nodes() {
        return validator.validate(board);
    }
}
