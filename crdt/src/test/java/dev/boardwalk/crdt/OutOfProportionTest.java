package dev.boardwalk.crdt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.errorprone.annotations.MustBeClosed;
import dev.boardwalk.crdt.sync.UpdateLimits;
import dev.boardwalk.crdt.sync.UpdateValidator;
import dev.boardwalk.testkit.YjsBytes;
import java.io.ByteArrayOutputStream;
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
        byte[] nested = YjsBytes.nestedMaps(CLIENT, 100_000);
        try (Document document = accepted(nested)) {
            assertThat(document.state()).isNotEmpty();
            assertThatThrownBy(document::json).isInstanceOf(EngineFailure.TooDeep.class);

            document.apply(List.of(DELETE_THE_FIRST));
            assertThat(document.json()).isEqualTo("{\"deep\":{}}");
        }
    }

    @Test
    void two_billion_tombstones_cost_nothing() {
        try (Document document = accepted(YjsBytes.hex("0101050001010474657874ffffffff0700"))) {
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

    private static byte[] firstValues(int count) {
        ByteArrayOutputStream out = section(count);
        for (int i = 0; i < count; i++) {
            out.write(0x28);
            YjsBytes.varUint(out, 1);
            YjsBytes.string(out, "map");
            out.writeBytes(new byte[] {1, 'k', 1, 0x7e});
        }
        out.write(0);
        return out.toByteArray();
    }

    private static ByteArrayOutputStream section(int structs) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(1);
        YjsBytes.varUint(out, structs);
        out.write(CLIENT);
        out.write(0);
        return out;
    }
}
