package dev.boardwalk.gateway.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.boardwalk.crdt.Document;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Runs {@link Simulation} from many seeds. A failure names its seed; {@code -Dboardwalk.simulation.seed=N} replays that one
 * alone, {@code -Dboardwalk.simulation.minutes=N} goes on with new seeds for so long.
 */
class SimulationTest {
    private static final int SEEDS = 100;
    private static final int STEPS = 2_000;
    private static final int NATIVE_SEEDS = 6;

    @Test
    void replicas_converge_and_whatever_is_confirmed_is_durable() {
        Long only = Long.getLong("boardwalk.simulation.seed");
        if (only != null) {
            run(only);
            return;
        }
        for (long seed = 1; seed <= SEEDS; seed++) {
            run(seed);
        }
        Duration longer = Duration.ofMinutes(Integer.getInteger("boardwalk.simulation.minutes", 0));
        long until = System.nanoTime() + longer.toNanos();
        for (long seed = System.currentTimeMillis(); System.nanoTime() < until; seed++) {
            run(seed);
        }
    }

    /** The simulation's replicas compare ids and texts; the engine also compares where in the text they stand. */
    @Test
    void the_native_engine_makes_the_same_text_of_what_every_client_received() {
        for (long seed = 1; seed <= NATIVE_SEEDS; seed++) {
            Set<String> texts = new HashSet<>();
            for (List<byte[]> history : run(seed).histories()) {
                try (Document document = Document.open()) {
                    document.apply(history);
                    assertThat(document.pending()).isFalse();
                    texts.add(document.json());
                }
            }
            assertThat(texts).as("different texts after seed %d", seed).hasSize(1);
        }
    }

    @CanIgnoreReturnValue
    private static Simulation run(long seed) {
        try {
            Simulation simulation = new Simulation(seed);
            simulation.run(STEPS);
            return simulation;
        } catch (AssertionError | RuntimeException failure) {
            throw new AssertionError("simulation of seed " + seed + " failed: " + failure.getMessage(), failure);
        }
    }
}
