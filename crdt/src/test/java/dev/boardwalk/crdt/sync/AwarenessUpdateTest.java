package dev.boardwalk.crdt.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.boardwalk.crdt.sync.MalformedInput.Code;
import org.junit.jupiter.api.Test;

/** Awareness updates. */
class AwarenessUpdateTest {
    private static AwarenessUpdate decode(byte[] bytes) {
        return AwarenessUpdate.decode(bytes, 0, bytes.length, AwarenessLimits.defaults());
    }

    private static byte[] state(String json) {
        return UpdateBytes.of(1, 7, 1).string(json).bytes();
    }

    @Test
    void states_are_read_and_written_as_y_protocols_does_it() {
        byte[] shown = Recorded.message("awareness");
        byte[] gone = Recorded.message("awareness_removed");

        assertThat(decode(shown).encode()).isEqualTo(shown);
        assertThat(decode(shown).entries()).hasToString("[7@1={\"user\":{\"name\":\"Ünal\",\"color\":\"#fff\"}}]");
        assertThat(decode(gone).encode()).isEqualTo(gone);
        assertThat(decode(gone).entries()).containsExactly(AwarenessUpdate.Entry.removed(7, 2));
        assertThat(decode(gone).entries().getFirst().isRemoval()).isTrue();
    }

    @Test
    void json_that_only_browsers_read_is_accepted() {
        assertThat(decode(state("{\"half\": \"\\ud83d\", \"big\": 1e999, \"id\": 18446744073709551615}"))
                        .entries())
                .hasSize(1);
    }

    @Test
    void a_hundred_thousand_clients_are_refused() {
        UpdateBytes many = UpdateBytes.of(100_000);
        ByteWriter entries = new ByteWriter(500_000);
        for (int i = 0; i < 100_000; i++) {
            entries.varUint(i).varUint(1).string("{}");
        }
        assertRefused(many.raw(entries.toBytes()).bytes(), Code.TOO_MANY_CLIENTS);
    }

    @Test
    void malformed_states_are_refused() {
        assertRefused(state("hello"), Code.BAD_JSON);
        assertRefused(state(" "), Code.BAD_JSON);
        assertRefused(state("{} {}"), Code.BAD_JSON);
        assertRefused(state("[".repeat(101) + "]".repeat(101)), Code.TOO_DEEP);
        assertRefused(state("[".repeat(10_000)), Code.TOO_DEEP);
        assertRefused(state("\"" + "x".repeat(64 << 10) + "\""), Code.TOO_LONG);
        assertRefused(Recorded.hex("01 07 01 02 ff ff"), Code.BAD_UTF8);
        assertRefused(Recorded.hex("01 07 ff ff ff ff ff ff ff 0f 04 6e756c6c"), Code.CLOCK_OVERFLOW);
        assertRefused(Recorded.hex("80 ad e2 04 07 01 02 7b7d"), Code.LENGTH_BOMB);
        assertRefused(Recorded.hex("00 00"), Code.TRAILING_BYTES);
        assertRefused(Recorded.hex(""), Code.TRUNCATED);
    }

    @Test
    void limits_out_of_range_are_refused() {
        assertThatThrownBy(() -> new AwarenessLimits(0, 100, 10)).hasMessageContaining("clientsMax 0");
    }

    private static void assertRefused(byte[] bytes, Code code) {
        assertThatThrownBy(() -> decode(bytes)).isInstanceOfSatisfying(MalformedInput.class, refusal -> {
            assertThat(refusal.code()).isEqualTo(code);
            assertThat(refusal.subject()).isEqualTo(MalformedInput.Subject.AWARENESS);
        });
    }
}
