package dev.boardwalk.crdt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.errorprone.annotations.MustBeClosed;
import dev.boardwalk.crdt.sync.UpdateLimits;
import dev.boardwalk.crdt.sync.UpdateValidator;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Valid updates that ask for far more than their size: the engine answers at once, or says why it will not. */
@Timeout(20)
class OutOfProportionTest {
    private static final int CLIENT = 5;
    private static final byte[] DELETE_THE_FIRST = {0, 1, CLIENT, 1, 0, 1};

    @Test
    void shared_types_a_hundred_thousand_levels_deep_are_kept_but_not_projected() {
        byte[] nested = nested(100_000);
        try (Document document = accepted(nested)) {
            assertThat(document.state()).isNotEmpty();
            assertThatThrownBy(document::json).isInstanceOf(EngineFailure.TooDeep.class);

            document.apply(List.of(DELETE_THE_FIRST));
            assertThat(document.json()).isEqualTo("{\"map\":{}}");
        }
    }

    @Test
    void two_billion_tombstones_cost_nothing() {
        try (Document document = accepted(HexFormat.of().parseHex("0101050001010474657874ffffffff0700"))) {
            assertThat(document.json()).isEqualTo("{\"text\":\"\"}");
            assertThat(document.state()).hasSizeLessThan(40);
        }
    }

    @Test
    void fifty_thousand_values_that_claim_to_be_the_first_of_a_key_are_not_projected() {
        try (Document document = accepted(firstValues(50_000))) {
            assertThatThrownBy(document::json)
                    .isInstanceOf(EngineFailure.TooLarge.class)
                    .hasMessageContaining("5000");
        }
        try (Document document = accepted(firstValues(1_000))) {
            assertThat(document.json()).isEqualTo("{\"map\":{\"k\":null}}");
        }
    }

    @MustBeClosed
    @SuppressWarnings("MustBeClosed") // closed by the test
    private static Document accepted(byte[] update) {
        assertThat(new UpdateValidator(UpdateLimits.defaults()).validate(update).bytes())
                .isEqualTo(update.length);
        Document document = Document.open();
        document.apply(List.of(update));
        return document;
    }

    private static byte[] nested(int levels) {
        ByteArrayOutputStream out = section(levels);
        for (int level = 0; level < levels; level++) {
            out.write(0x27);
            if (level == 0) {
                root(out);
            } else {
                out.write(0);
                out.write(CLIENT);
                number(out, level - 1);
            }
            out.writeBytes(new byte[] {1, 'k', 1});
        }
        out.write(0);
        return out.toByteArray();
    }

    private static byte[] firstValues(int count) {
        ByteArrayOutputStream out = section(count);
        for (int i = 0; i < count; i++) {
            out.write(0x28);
            root(out);
            out.writeBytes(new byte[] {1, 'k', 1, 0x7e});
        }
        out.write(0);
        return out.toByteArray();
    }

    private static ByteArrayOutputStream section(int structs) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(1);
        number(out, structs);
        out.write(CLIENT);
        out.write(0);
        return out;
    }

    private static void root(ByteArrayOutputStream out) {
        out.write(1);
        out.write(3);
        out.writeBytes("map".getBytes(StandardCharsets.US_ASCII));
    }

    private static void number(ByteArrayOutputStream out, int value) {
        int rest = value;
        while (rest > 0x7f) {
            out.write(rest | 0x80);
            rest >>>= 7;
        }
        out.write(rest);
    }
}
