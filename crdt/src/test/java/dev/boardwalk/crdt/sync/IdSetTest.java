package dev.boardwalk.crdt.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.boardwalk.testkit.Seed;
import java.util.HashSet;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The set of deleted ids. */
class IdSetTest {
    private final UpdateValidator validator = new UpdateValidator(UpdateLimits.defaults());

    @Test
    void ranges_that_touch_become_one() {
        IdSet set = new IdSet();

        assertThat(set.add(1, 0, 2)).isTrue();
        assertThat(set.add(1, 4, 2)).isTrue();
        assertThat(set.rangeCount()).isEqualTo(2);
        assertThat(set.add(1, 2, 2)).isTrue();
        assertThat(set.rangeCount()).isEqualTo(1);
        assertThat(set.add(1, 1, 4)).isFalse();
    }

    @Test
    void a_range_that_is_none_is_refused() {
        IdSet set = new IdSet();

        assertThatThrownBy(() -> set.add(1, 5, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> set.add(1, -1, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> set.add(1, 2, Integer.MAX_VALUE)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void is_encoded_as_yjs_does_it() {
        for (Recorded.History history : Recorded.histories()) {
            IdSet set = IdSet.decode(history.deleteSet());

            assertThat(IdSet.decode(set.encode())).isEqualTo(set).hasSameHashCodeAs(set);
        }
        assertThat(new IdSet().encode()).containsExactly(0);
    }

    @Test
    void behaves_as_a_set_of_single_ids() {
        Seed.each(200, seed -> {
            Random random = seed.random();
            int span = 20 + random.nextInt(300);
            IdSet set = new IdSet();
            Set<Integer> model = new HashSet<>();
            for (int step = 0; step < 40; step++) {
                byte[] update = random.nextBoolean() ? scattered(random, span) : single(random, span);
                UpdateOutline outline = validator.validate(update);
                boolean changed = addTo(model, outline);

                assertThat(set.containsAll(outline)).isEqualTo(!changed);
                assertTrimmed(update, outline, set);
                assertThat(set.addAll(outline)).isEqualTo(changed);
                assertThat(set.containsAll(outline)).isTrue();
            }
            assertSame(set, model, span);
        });
    }

    private static boolean addTo(Set<Integer> model, UpdateOutline outline) {
        boolean changed = false;
        for (int i = 0; i < outline.deletes(); i++) {
            for (int clock = outline.deleteClock(i); clock < outline.deleteEnd(i); clock++) {
                changed |= model.add(clock);
            }
        }
        return changed;
    }

    private static void assertSame(IdSet set, Set<Integer> model, int span) {
        int ranges = 0;
        for (int clock = 0; clock < span + 10; clock++) {
            assertThat(set.contains(7, clock)).as("clock %d", clock).isEqualTo(model.contains(clock));
            ranges += model.contains(clock) && !model.contains(clock - 1) ? 1 : 0;
        }
        assertThat(set.rangeCount()).isEqualTo(ranges);
        assertThat(IdSet.decode(set.encode())).isEqualTo(set);
    }

    /** What trimming takes away is in the set, and what it leaves is not. */
    private void assertTrimmed(byte[] update, UpdateOutline outline, IdSet set) {
        TrimmedUpdate trimmed = TrimmedUpdate.of(update, outline, set);
        if (trimmed == null) {
            assertThat(set.containsAny(outline)).isFalse();
            return;
        }
        IdSet left = new IdSet();
        boolean any = left.addAll(validator.validate(trimmed.bytes()));
        assertThat(any).isEqualTo(trimmed.outline().hasDeletes());
        assertThat(set.containsAny(trimmed.outline())).isFalse();
        for (int i = 0; i < outline.deletes(); i++) {
            for (int clock = outline.deleteClock(i); clock < outline.deleteEnd(i); clock++) {
                assertThat(left.contains(7, clock)).isNotEqualTo(set.contains(7, clock));
            }
        }
    }

    private static byte[] single(Random random, int span) {
        return UpdateBytes.of(0, 1, 7, 1, random.nextInt(span), 1 + random.nextInt(6))
                .bytes();
    }

    /** Enough ranges in one update that they are merged in one pass. */
    private static byte[] scattered(Random random, int span) {
        ByteWriter ranges = new ByteWriter(64);
        int count = 0;
        for (int clock = random.nextInt(5); clock < span; ) {
            int length = 1 + random.nextInt(3);
            ranges.varUint(clock).varUint(length);
            clock += length + random.nextInt(10);
            count++;
        }
        return UpdateBytes.of(0, 1, 7, count).raw(ranges.toBytes()).bytes();
    }

    @Test
    void trimming_an_update_leaves_its_structs_as_they_are() {
        byte[] update = Recorded.hex("01 01 05 00 04 01 01 74 02 68 69 02 09 01 00 04 05 01 01 01");
        IdSet deleted = new IdSet();
        deleted.add(9, 1, 2);

        TrimmedUpdate trimmed = trimmed(update, deleted);

        assertThat(trimmed.bytes())
                .containsExactly(Recorded.hex("01 01 05 00 04 01 01 74 02 68 69 02 09 02 00 01 03 01 05 01 01 01"));
        assertThat(trimmed.outline())
                .hasToString(validator.validate(trimmed.bytes()).toString());
        deleted.add(9, 0, 4);
        deleted.add(5, 1, 1);
        assertThat(trimmed(update, deleted).bytes())
                .containsExactly(Recorded.hex("01 01 05 00 04 01 01 74 02 68 69 00"));
    }

    private TrimmedUpdate trimmed(byte[] update, IdSet deleted) {
        return Objects.requireNonNull(TrimmedUpdate.of(update, validator.validate(update), deleted));
    }

    @Test
    void many_scattered_ranges_are_added_in_time() {
        int ranges = 200_000;
        ByteWriter even = new ByteWriter(ranges * 4);
        ByteWriter odd = new ByteWriter(ranges * 4);
        for (int i = 0; i < ranges; i++) {
            even.varUint(i * 4L).varUint(1);
            odd.varUint(i * 4L + 2).varUint(1);
        }
        IdSet set = new IdSet();
        long before = System.nanoTime();
        set.addAll(validator.validate(
                UpdateBytes.of(0, 1, 7, ranges).raw(even.toBytes()).bytes()));
        set.addAll(validator.validate(
                UpdateBytes.of(0, 1, 7, ranges).raw(odd.toBytes()).bytes()));

        assertThat(System.nanoTime() - before).as("nanoseconds").isLessThan(2_000_000_000L);
        assertThat(set.rangeCount()).isEqualTo(ranges * 2);
    }
}
