package dev.boardwalk.crdt;

import static dev.boardwalk.testkit.YjsBytes.hex;
import static dev.boardwalk.testkit.YjsBytes.nestedMaps;
import static dev.boardwalk.testkit.YjsBytes.varUint;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.boardwalk.crdt.Engine.Projection;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Updates that no client makes: the engine refuses them by itself, though the validator stands before it. */
class HostileUpdateTest extends EngineTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0106070004010174036865ec81", // a string that is not UTF-8: crashed the JVM with yrs 0.27.3
                "d482ed07", // 16 million sections announced in four bytes
                "",
                "00",
                "01",
                "000000",
                "01ffffffff0f0700",
                "0101070004010474657874ffffffffffffff7f68",
                "010107000801016101" + "75ffffffff0f",
                "01010700" + "0701016107", // a type that does not exist
                "010107000b0101610100",
                "0101070084070001" + "6100", // an origin that is the struct itself
                "0101ffffffffffffffffff01000401017401" + "6100",
                "0101078080808008" + "0004010174016100",
                "01010700050101740178" + "00" // an embed that is not JSON
            })
    void what_cannot_be_read_is_refused_and_changes_nothing(String killer) {
        try (Document document = Document.open()) {
            document.apply(List.of(HELLO));
            byte[] before = document.state();
            assertThatThrownBy(() -> document.apply(List.of(YOU, hex(killer))))
                    .isInstanceOf(EngineFailure.Refused.class)
                    .hasMessageContaining("update 2 of 2");
            assertThat(document.state()).isEqualTo(before);
            assertThat(document.json()).isEqualTo("{\"text\":\"hello\"}");
        }
        assertThatThrownBy(() -> Engine.merge(List.of(hex(killer)))).isInstanceOf(EngineFailure.Refused.class);
        assertThatThrownBy(() -> Engine.fold(hex(killer), List.of(), Projection.JSON))
                .isInstanceOf(EngineFailure.Refused.class);
    }

    @Test
    void mutated_updates_never_bring_the_process_down() {
        Random random = new Random(1);
        for (int round = 0; round < 20_000; round++) {
            byte[] mutated = (random.nextBoolean() ? HELLO : YOU).clone();
            for (int i = random.nextInt(3); i >= 0; i--) {
                mutated[random.nextInt(mutated.length)] = (byte) random.nextInt(256);
            }
            try {
                Engine.fold(HELLO, List.of(mutated), Projection.JSON);
            } catch (EngineFailure.Refused _) {
                // As it should be for most of them.
            }
        }
    }

    @Test
    void values_that_nest_too_deep_are_refused() {
        ByteArrayOutputStream update = new ByteArrayOutputStream();
        update.writeBytes(hex("010107000801016101"));
        for (int depth = 0; depth < 100_000; depth++) {
            update.writeBytes(hex("7501"));
        }
        update.writeBytes(hex("7e00"));
        assertThatThrownBy(() -> Engine.merge(List.of(update.toByteArray())))
                .isInstanceOf(EngineFailure.TooDeep.class)
                .hasMessageContaining("256");
    }

    @Test
    void types_that_nest_without_end_are_stored_and_deleted_but_have_no_json() {
        int depth = 200_000;
        byte[] nest = nestedMaps(7, depth);
        try (Document document = Document.open()) {
            document.apply(List.of(nest));
            assertThat(document.pending()).isFalse();
            assertThatThrownBy(document::json)
                    .isInstanceOf(EngineFailure.TooDeep.class)
                    .hasMessageContaining("256");
            assertThat(document.state()).isEqualTo(nest);
            document.apply(List.of(hex("0001070100" + "01")));
            assertThat(document.json()).isEqualTo("{\"deep\":{}}");
            assertThat(document.state().length).isLessThan(33);
        }
    }

    @Test
    void formats_that_would_expand_to_gigabytes_are_refused_before_they_do() {
        int formats = 20_000;
        ByteArrayOutputStream update = new ByteArrayOutputStream();
        update.write(1);
        varUint(update, formats + 1);
        update.writeBytes(hex("0700" + "07010178" + "06")); // root "x" with an XML text
        for (int clock = 1; clock <= formats; clock++) {
            if (clock == 1) {
                update.writeBytes(hex("06" + "000700"));
            } else {
                update.writeBytes(hex("8607"));
                varUint(update, clock - 1);
            }
            update.writeBytes(
                    ("\u0005" + String.format("%05d", clock) + "\u0001" + "1").getBytes(StandardCharsets.US_ASCII));
        }
        update.write(0);
        byte[] hostile = update.toByteArray();
        assertThat(Engine.merge(List.of(hostile))).hasValue(hostile);
        assertThatThrownBy(() -> Engine.fold(null, List.of(hostile), Projection.JSON))
                .isInstanceOf(EngineFailure.TooLarge.class)
                .hasMessageContaining("268435456");
    }

    @Test
    void the_deepest_content_that_is_let_in_fits_a_small_stack() throws Exception {
        ByteArrayOutputStream values = new ByteArrayOutputStream();
        values.writeBytes(hex("010107000801016101"));
        values.writeBytes(hex("7501".repeat(256) + "7e00"));
        List<byte[]> pieces = List.of(values.toByteArray(), nestedMaps(7, 256));
        AtomicInteger length = new AtomicInteger();
        Thread small = new Thread(
                null,
                () -> {
                    for (byte[] piece : pieces) {
                        Folded folded = Engine.fold(null, List.of(piece), Projection.JSON);
                        length.addAndGet(
                                folded.json() == null ? 0 : folded.json().length());
                    }
                },
                "small stack",
                256 * 1024);
        small.start();
        small.join();
        assertThat(length.get()).isGreaterThan(2 * 256);
    }
}
