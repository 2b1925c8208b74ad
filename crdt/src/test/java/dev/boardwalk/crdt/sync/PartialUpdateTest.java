package dev.boardwalk.crdt.sync;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What is left of an update when that is taken out of it which waits for missing content. */
class PartialUpdateTest {
    private static final UpdateValidator VALIDATOR = new UpdateValidator(UpdateLimits.defaults());

    @Test
    void what_comes_after_a_hole_is_left_out_with_its_deletions() {
        byte[] update = UpdateBytes.of(2)
                // client 9 has all of its own
                .numbers(1, 9, 0)
                .rootString("mine")
                // client 7: two letters, a hole of three clocks, one letter
                .numbers(3, 7, 0)
                .rootString("ab")
                .numbers(10, 3)
                .after(7, 4, "f")
                // deletions of both, before and behind the hole, and of a client that is elsewhere
                .numbers(3, 9, 1, 1, 2, 8, 1, 4, 1, 7, 2, 1, 1, 5, 1)
                .bytes();
        byte[] expected = UpdateBytes.of(2)
                .numbers(1, 9, 0)
                .rootString("mine")
                .numbers(1, 7, 0)
                .rootString("ab")
                .numbers(3, 9, 1, 1, 2, 8, 1, 4, 1, 7, 1, 1, 1)
                .bytes();
        assertThat(PartialUpdate.beforeHoles(update)).isEqualTo(expected);
        assertThat(VALIDATOR.validate(expected).sections()).isEqualTo(2);
    }

    @Test
    void a_section_that_begins_with_a_hole_is_left_out_as_a_whole() {
        byte[] update = UpdateBytes.section(2, 7, 0)
                .numbers(10, 5)
                .after(7, 4, "f")
                .numbers(1, 7, 1, 5, 1)
                .bytes();
        assertThat(PartialUpdate.beforeHoles(update)).isEqualTo(new byte[] {0, 0});
    }

    @Test
    void an_update_without_holes_stays_as_it_is() {
        byte[] update = UpdateBytes.section(1, 7, 3)
                .after(7, 2, "d")
                .numbers(1, 7, 1, 3, 1)
                .bytes();
        assertThat(PartialUpdate.beforeHoles(update)).isEqualTo(update);
    }

    @Test
    void what_begins_above_the_known_is_left_out_and_what_refers_to_it_is_cut() {
        byte[] update = UpdateBytes.of(2)
                .numbers(3, 9, 0)
                .rootString("mine")
                .after(7, 5, "refers")
                .after(9, 9, "behind")
                .numbers(1, 7, 5)
                .after(7, 4, "f")
                .numbers(2, 9, 1, 0, 20, 7, 1, 1, 5)
                .bytes();
        ClockVector known = new ClockVector();
        known.advance(7, 2);
        byte[] expected = UpdateBytes.section(1, 9, 0)
                .rootString("mine")
                .numbers(2, 9, 1, 0, 4, 7, 1, 1, 1)
                .bytes();
        assertThat(PartialUpdate.joining(update, VALIDATOR.validate(update), known))
                .isEqualTo(expected);
    }

    @Test
    void nothing_is_left_when_nothing_joins() {
        byte[] update = UpdateBytes.section(1, 7, 3).after(7, 2, "d").noDeletes();
        assertThat(PartialUpdate.joining(update, VALIDATOR.validate(update), new ClockVector()))
                .isNull();
    }

    @Test
    void whatever_is_left_joins() {
        for (Corpus.Case each : Corpus.accepted()) {
            for (byte[] update : each.updates()) {
                byte[] part = PartialUpdate.joining(update, VALIDATOR.validate(update), new ClockVector());
                if (part != null) {
                    assertThat(Admission.admit(new ClockVector(), new IdSet(), VALIDATOR.validate(part)))
                            .as(each.name())
                            .isEqualTo(Admission.NEW);
                }
            }
        }
    }
}
