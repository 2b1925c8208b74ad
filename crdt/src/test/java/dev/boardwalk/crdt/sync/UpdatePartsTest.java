package dev.boardwalk.crdt.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.boardwalk.crdt.Engine;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A large update in parts; that each joins onto those before it, random histories show in {@code DifferentialTest}. */
class UpdatePartsTest {
    private static final UpdateValidator VALIDATOR = new UpdateValidator(UpdateLimits.defaults());
    private static final int PART_BYTES = 1_000;

    @Test
    void one_long_text_is_cut_between_its_characters() {
        // One, two, three and four bytes; the last of them takes two clocks.
        String text = "aß€🚗".repeat(1_000);
        byte[] update = UpdateBytes.section(2, 7, 0)
                .rootString("before ")
                .after(7, 6, text)
                .numbers(1, 7, 1, 0, 2)
                .bytes();
        List<byte[]> parts = UpdateParts.of(update, VALIDATOR.validate(update), PART_BYTES);
        assertThat(parts).hasSizeGreaterThan(text.length() * 2 / PART_BYTES);
        assertThat(parts).allSatisfy(part -> {
            VALIDATOR.validate(part);
            assertThat(part).hasSizeLessThan(PART_BYTES + 100);
        });
        assertThat(fold(parts)).isEqualTo(fold(List.of(update))).contains("fore " + text);
    }

    @Test
    void a_text_that_was_put_before_another_stays_there() {
        String text = "x".repeat(3 * PART_BYTES);
        byte[] update = UpdateBytes.of(2)
                .numbers(1, 9, 0)
                .rootString("end")
                // client 7: to the left of what 9 wrote, to the right of nothing
                .numbers(1, 7, 0, 0x44, 9, 0)
                .string(text)
                .numbers(0)
                .bytes();
        List<byte[]> parts = UpdateParts.of(update, VALIDATOR.validate(update), PART_BYTES);
        assertThat(parts).hasSizeGreaterThan(3);
        assertThat(fold(parts)).isEqualTo(fold(List.of(update))).contains(text + "end");
    }

    private static String fold(List<byte[]> updates) {
        return String.valueOf(Engine.fold(null, updates, Engine.Projection.JSON).json());
    }
}
