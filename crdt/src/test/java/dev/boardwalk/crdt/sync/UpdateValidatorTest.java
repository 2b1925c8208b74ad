package dev.boardwalk.crdt.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What the validator accepts, and the outline that it yields. */
class UpdateValidatorTest {
    private final UpdateValidator validator = new UpdateValidator(UpdateLimits.defaults());

    @Test
    void everything_that_yjs_writes_is_accepted() {
        Recorded.updates()
                .forEach((name, bytes) ->
                        assertThat(validator.validate(bytes).bytes()).as(name).isEqualTo(bytes.length));
    }

    @Test
    void clocks_of_a_text_count_utf16_units() {
        UpdateOutline outline = validator.validate(Recorded.update("text_wide"));

        assertThat(outline.sections()).isEqualTo(1);
        assertThat(outline.client(0)).isEqualTo(7);
        assertThat(outline.firstClock(0)).isZero();
        assertThat(outline.endClock(0)).isEqualTo("aä€😀z".length());
        assertThat(outline.references()).isZero();
        assertThat(outline.hasDeletes()).isFalse();
    }

    @Test
    void deletions_are_ranges_of_a_client() {
        UpdateOutline outline = validator.validate(Recorded.update("array_deleted"));

        assertThat(outline.deletes()).isEqualTo(1);
        assertThat(outline.deleteClient(0)).isEqualTo(7);
        assertThat(outline.deleteClock(0)).isEqualTo(1);
        assertThat(outline.deleteEnd(0)).isEqualTo(3);
    }

    @Test
    void ids_of_other_clients_are_references() {
        UpdateOutline outline = validator.validate(Recorded.update("two_clients"));

        assertThat(outline.sections()).isEqualTo(2);
        assertThat(outline.client(0)).isEqualTo(4294967295L);
        assertThat(outline.referencesFrom(0)).isZero();
        assertThat(outline.referencesTo(0)).isEqualTo(2);
        assertThat(outline.referenceAt(1)).isZero();
        assertThat(outline.referenceClient(1)).isEqualTo(1);
        assertThat(outline.referenceClock(0)).isEqualTo(2);
        assertThat(outline.referenceClock(1)).isEqualTo(3);
    }

    @Test
    void a_reference_that_says_less_than_an_earlier_one_is_left_out() {
        byte[] update = UpdateBytes.section(3, 9, 0)
                .after(5, 8, "a")
                .after(5, 3, "b")
                .after(5, 9, "c")
                .noDeletes();

        UpdateOutline outline = validator.validate(update);

        assertThat(outline.references()).isEqualTo(2);
        assertThat(outline.referenceClock(0)).isEqualTo(8);
        assertThat(outline.referenceClock(1)).isEqualTo(9);
        assertThat(outline.referenceAt(1)).isEqualTo(2);
    }

    @Test
    void the_empty_update_is_empty() {
        UpdateOutline outline = validator.validate(new byte[] {0, 0});

        assertThat(outline.isEmpty()).isTrue();
        assertThat(outline.sections()).isZero();
    }

    @Test
    void an_update_is_read_from_the_middle_of_an_array() {
        byte[] update = Recorded.update("board");
        byte[] larger = new byte[update.length + 20];
        Arrays.fill(larger, (byte) 0xff);
        System.arraycopy(update, 0, larger, 13, update.length);

        UpdateOutline outline = validator.validate(larger, 13, update.length);

        assertThat(outline.endClock(0)).isEqualTo(validator.validate(update).endClock(0));
    }

    @Test
    void clients_in_any_order_are_accepted() {
        byte[] update = UpdateBytes.of(3)
                .numbers(1, 5, 0)
                .rootString("a")
                .numbers(1, 9, 0)
                .rootString("b")
                .numbers(1, 7, 0)
                .rootString("c")
                .numbers(2, 3, 1, 0, 1, 8, 1, 0, 1)
                .bytes();

        assertThat(validator.validate(update).sections()).isEqualTo(3);
    }

    @Test
    void content_that_only_old_versions_of_yjs_wrote_is_accepted() {
        byte[] update = UpdateBytes.section(2, 5, 0)
                .hex("02 01 01 74 03")
                .string("undefined")
                .string("{\"a\":[1]}")
                .string("null")
                .hex("07 01 01 74 05")
                .string("hook")
                .noDeletes();

        assertThat(validator.validate(update).endClock(0)).isEqualTo(4);
    }

    @Test
    void the_highest_clock_is_accepted() {
        byte[] update =
                UpdateBytes.section(1, 5, 0).numbers(0, Integer.MAX_VALUE).noDeletes();

        assertThat(validator.validate(update).endClock(0)).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void histories_of_yjs_add_up_to_its_state_vector_and_delete_set() {
        for (Recorded.History history : Recorded.histories()) {
            ClockVector known = new ClockVector();
            IdSet deleted = new IdSet();
            for (byte[] update : history.updates()) {
                UpdateOutline outline = validator.validate(update);
                known.advance(outline);
                deleted.addAll(outline);
            }
            assertThat(known).isEqualTo(StateVectors.decode(history.stateVector()));
            assertThat(deleted).isEqualTo(IdSet.decode(history.deleteSet()));
        }
    }
}
