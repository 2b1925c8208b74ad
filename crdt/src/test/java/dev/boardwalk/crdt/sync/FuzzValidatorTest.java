package dev.boardwalk.crdt.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.boardwalk.testkit.Mutator;
import dev.boardwalk.testkit.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Damaged updates, frames, state vectors and awareness: nothing but {@link MalformedInput} ever comes out. */
class FuzzValidatorTest {
    private static final int RUNS = 100;
    private static final int MUTATIONS = 1_000;

    private final UpdateValidator validator = new UpdateValidator(UpdateLimits.defaults());

    static List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>(Recorded.updates().values());
        Recorded.histories().forEach(history -> seeds.addAll(history.updates()));
        seeds.removeIf(update -> update.length > 2_000);
        return seeds;
    }

    @Test
    void a_hundred_thousand_damaged_updates_are_accepted_or_refused() {
        List<byte[]> seeds = seeds();
        int[] accepted = new int[1];
        Seed.each(RUNS, seed -> {
            Mutator mutator = new Mutator(seeds, seed.random());
            for (int i = 0; i < MUTATIONS; i++) {
                accepted[0] += validate(mutator.next()) ? 1 : 0;
            }
        });
        assertThat(accepted[0])
                .as("accepted, so that the mutations are not all gross")
                .isPositive();
    }

    private boolean validate(byte[] update) {
        try {
            UpdateOutline outline = validator.validate(update);
            assertThat(outline.bytes()).isEqualTo(update.length);
            for (int i = 0; i < outline.sections(); i++) {
                assertThat(outline.endClock(i)).isGreaterThan(outline.firstClock(i));
            }
            // What fits on nothing is a gap; what does must be known afterwards.
            ClockVector known = new ClockVector();
            Admission verdict = Admission.admit(known, new IdSet(), outline);
            assertThat(known.covers(outline)).isEqualTo(verdict != Admission.GAP || outline.sections() == 0);
            return true;
        } catch (MalformedInput refusal) {
            assertThat(refusal.position()).isBetween(0, update.length);
            return false;
        }
    }

    @Test
    void random_bytes_are_accepted_or_refused_by_every_codec() {
        Seed.each(RUNS, seed -> {
            Random random = seed.random();
            for (int i = 0; i < MUTATIONS; i++) {
                byte[] bytes = new byte[random.nextInt(40)];
                random.nextBytes(bytes);
                if (bytes.length > 0 && random.nextBoolean()) {
                    bytes[0] = (byte) random.nextInt(4);
                }
                decodeAll(bytes);
            }
        });
    }

    private void decodeAll(byte[] bytes) {
        swallow(() -> validator.validate(bytes));
        swallow(() -> StateVectors.decode(bytes));
        swallow(() -> IdSet.decode(bytes));
        swallow(() -> AwarenessUpdate.decode(bytes, 0, bytes.length, AwarenessLimits.defaults()));
        swallow(() -> YWebsocketFrame.decode(bytes, 0, bytes.length, AwarenessLimits.defaults()));
        swallow(() -> HocuspocusFrame.decode(bytes, 0, bytes.length, AwarenessLimits.defaults()));
        swallow(() -> HocuspocusFrame.head(bytes, 0, bytes.length));
    }

    private static void swallow(Runnable decoding) {
        try {
            decoding.run();
        } catch (MalformedInput _) {
            // A refusal is one of the two right answers.
        }
    }
}
