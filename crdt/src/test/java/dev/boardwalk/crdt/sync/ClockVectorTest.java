package dev.boardwalk.crdt.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.boardwalk.crdt.sync.MalformedInput.Code;
import dev.boardwalk.testkit.Seed;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** State vectors, in memory and encoded. */
class ClockVectorTest {
    @Test
    void is_encoded_as_yjs_does_it() {
        Map<String, byte[]> recorded = Recorded.byName("state-vectors-yjs-13.6.33.txt");

        recorded.forEach((name, bytes) -> assertThat(StateVectors.encode(StateVectors.decode(bytes)))
                .as(name)
                .isEqualTo(bytes));
        assertThat(recorded).hasSize(2);
    }

    @Test
    void behaves_as_a_map_whose_values_only_grow() {
        Seed.each(100, seed -> {
            Random random = seed.random();
            Map<Long, Integer> model = new HashMap<>();
            ClockVector vector = new ClockVector();
            for (int step = 0; step < 300; step++) {
                long client = random.nextLong(1, 1L << (1 + random.nextInt(52)));
                int clock = random.nextInt(5);
                vector.advance(client, clock);
                if (clock > 0) {
                    model.merge(client, clock, Math::max);
                }
            }
            Map<Long, Integer> visited = new HashMap<>();
            vector.forEach(visited::put);

            assertThat(visited).isEqualTo(model);
            assertThat(vector.size()).isEqualTo(model.size());
            assertThat(StateVectors.decode(StateVectors.encode(vector)))
                    .isEqualTo(vector)
                    .hasSameHashCodeAs(vector);
        });
    }

    @Test
    void a_copy_is_independent() {
        ClockVector vector = new ClockVector();
        vector.advance(1, 5);
        ClockVector copy = vector.copy();
        copy.advance(1, 6);

        assertThat(vector.get(1)).isEqualTo(5);
        assertThat(copy.covers(vector)).isTrue();
        assertThat(vector.covers(copy)).isFalse();
    }

    @Test
    void client_zero_is_a_client() {
        ClockVector vector = new ClockVector();
        vector.advance(0, 3);

        assertThat(vector.knows(0, 2)).isTrue();
        assertThat(vector.size()).isEqualTo(1);
    }

    @Test
    void a_state_vector_of_a_billion_entries_is_refused_at_once() {
        assertRefused("80 94 eb dc 03 01 01", Code.LENGTH_BOMB);
    }

    @Test
    void malformed_state_vectors_are_refused() {
        assertRefused("", Code.TRUNCATED);
        assertRefused("01 81 81", Code.TRUNCATED);
        assertRefused("00 00", Code.TRAILING_BYTES);
        assertRefused("02 05 01 05 02", Code.DUPLICATE_CLIENT);
        assertRefused("01 05 80 80 80 80 08", Code.CLOCK_OVERFLOW);
        assertRefused("01 ff ff ff ff ff ff ff 1f 01", Code.BAD_INTEGER);
        assertThatThrownBy(() -> StateVectors.decode(Recorded.hex("02 05 01 06 02"), 0, 5, 1))
                .hasMessage("malformed state vector: too-many-clients at byte 1 (limit 1)");
    }

    @Test
    void a_vector_that_knows_more_of_the_same_clients_is_not_equal() {
        ClockVector less = StateVectors.decode(Recorded.hex("02 05 01 06 02"));
        ClockVector more = StateVectors.decode(Recorded.hex("02 05 01 06 03"));
        assertThat(less).isNotEqualTo(more);
        assertThat(more).isNotEqualTo(less);
        assertThat(less.copy()).isEqualTo(less);
    }

    @Test
    void a_clock_of_zero_says_nothing() {
        assertThat(StateVectors.decode(Recorded.hex("01 05 00")).isEmpty()).isTrue();
    }

    private static void assertRefused(String bytes, Code code) {
        assertThatThrownBy(() -> StateVectors.decode(Recorded.hex(bytes)))
                .as(bytes)
                .isInstanceOfSatisfying(
                        MalformedInput.class,
                        refusal -> assertThat(refusal.code()).isEqualTo(code));
    }
}
