package dev.boardwalk.crdt.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.boardwalk.testkit.Seed;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which updates fit onto what is known. */
class AdmissionTest {
    private final UpdateValidator validator = new UpdateValidator(UpdateLimits.defaults());
    private final ClockVector known = new ClockVector();
    private final IdSet deleted = new IdSet();

    private Admission admit(byte[] update) {
        return Admission.admit(known, deleted, validator.validate(update));
    }

    private static byte[] text(long client, int clock, String text) {
        return clock == 0
                ? UpdateBytes.section(1, client, 0).rootString(text).noDeletes()
                : UpdateBytes.section(1, client, clock)
                        .after(client, clock - 1, text)
                        .noDeletes();
    }

    @Test
    void the_first_update_of_a_client_is_new() {
        assertThat(admit(text(1, 0, "abc"))).isEqualTo(Admission.NEW);
        assertThat(known.get(1)).isEqualTo(3);
    }

    @Test
    void a_retransmission_is_nothing_new() {
        admit(text(1, 0, "abc"));

        assertThat(admit(text(1, 0, "abc"))).isEqualTo(Admission.NOTHING_NEW);
    }

    @Test
    void an_update_that_overlaps_what_is_known_is_new() {
        admit(text(1, 0, "abc"));

        assertThat(admit(text(1, 0, "abcdef"))).isEqualTo(Admission.NEW);
        assertThat(known.get(1)).isEqualTo(6);
    }

    @Test
    void an_update_above_what_is_known_is_a_gap_and_changes_nothing() {
        admit(text(1, 0, "abc"));

        assertThat(admit(text(1, 4, "e"))).isEqualTo(Admission.GAP);
        assertThat(known.get(1)).isEqualTo(3);
    }

    @Test
    void a_reference_to_an_unknown_id_is_a_gap_until_the_id_comes() {
        byte[] follows = UpdateBytes.section(1, 2, 0).after(1, 2, "x").noDeletes();

        assertThat(admit(follows)).isEqualTo(Admission.GAP);
        admit(text(1, 0, "ab"));
        assertThat(admit(follows)).isEqualTo(Admission.GAP);
        admit(text(1, 2, "c"));
        assertThat(admit(follows)).isEqualTo(Admission.NEW);
    }

    @Test
    void deletions_of_known_ids_are_new_once() {
        admit(text(1, 0, "abc"));
        byte[] deletion = UpdateBytes.of(0, 1, 1, 1, 1, 2).bytes();

        assertThat(admit(deletion)).isEqualTo(Admission.NEW);
        assertThat(admit(deletion)).isEqualTo(Admission.NOTHING_NEW);
        assertThat(deleted.contains(1, 2)).isTrue();
    }

    @Test
    void a_deletion_of_an_unknown_id_is_a_gap() {
        admit(text(1, 0, "abc"));

        assertThat(admit(UpdateBytes.of(0, 1, 1, 1, 2, 2).bytes())).isEqualTo(Admission.GAP);
        assertThat(deleted.isEmpty()).isTrue();
    }

    @Test
    void an_update_may_delete_what_it_brings() {
        byte[] update = UpdateBytes.section(1, 1, 0)
                .rootString("abc")
                .numbers(1, 1, 1, 0, 3)
                .bytes();

        assertThat(admit(update)).isEqualTo(Admission.NEW);
    }

    @Test
    void the_empty_update_is_nothing_new() {
        assertThat(admit(new byte[] {0, 0})).isEqualTo(Admission.NOTHING_NEW);
    }

    @Test
    void sections_may_refer_to_each_other_in_turns() {
        byte[] update = UpdateBytes.of(2)
                .numbers(2, 2, 0)
                .after(1, 0, "b")
                .after(1, 1, "d")
                .numbers(2, 1, 0)
                .rootString("a")
                .after(2, 0, "c")
                .noDeletes();

        assertThat(admit(update)).isEqualTo(Admission.NEW);
        assertThat(known.get(2)).isEqualTo(2);
    }

    @Test
    void sections_that_wait_for_each_other_are_a_gap() {
        byte[] update = UpdateBytes.of(2)
                .numbers(1, 2, 0)
                .after(1, 0, "b")
                .numbers(1, 1, 0)
                .after(2, 0, "a")
                .noDeletes();

        assertThat(admit(update)).isEqualTo(Admission.GAP);
    }

    @Test
    void a_circle_over_three_sections_is_a_gap() {
        byte[] update = UpdateBytes.of(3)
                .numbers(1, 3, 0)
                .after(1, 0, "c")
                .numbers(1, 2, 0)
                .after(3, 0, "b")
                .numbers(1, 1, 0)
                .after(2, 0, "a")
                .noDeletes();

        assertThat(admit(update)).isEqualTo(Admission.GAP);
    }

    @Test
    void a_hostile_update_of_many_entangled_sections_takes_no_longer_than_its_size() {
        int sections = 20_000;
        UpdateBytes entangled = UpdateBytes.of(sections);
        ByteWriter body = new ByteWriter(sections * 16);
        for (int client = sections; client >= 1; client--) {
            body.varUint(2).varUint(client).varUint(0);
            for (int struct = 0; struct < 2; struct++) {
                // Each struct follows the same struct of the client before: the last section asked for is the first.
                body.raw(client == 1 ? 0x04 : 0x84);
                if (client == 1) {
                    body.varUint(1).string("t");
                } else {
                    body.varUint(client - 1).varUint(struct);
                }
                body.string("x");
            }
        }
        byte[] update = entangled.raw(body.toBytes()).noDeletes();

        long before = System.nanoTime();
        assertThat(admit(update)).isEqualTo(Admission.NEW);
        assertThat(System.nanoTime() - before).as("nanoseconds").isLessThan(2_000_000_000L);
    }

    @Test
    void histories_of_yjs_are_admitted_in_the_order_they_were_made() {
        for (Recorded.History history : Recorded.histories()) {
            ClockVector clocks = new ClockVector();
            IdSet deletions = new IdSet();
            for (byte[] update : history.updates()) {
                assertThat(Admission.admit(clocks, deletions, validator.validate(update)))
                        .isNotEqualTo(Admission.GAP);
            }
            assertThat(clocks).isEqualTo(StateVectors.decode(history.stateVector()));
            assertThat(deletions).isEqualTo(IdSet.decode(history.deleteSet()));
        }
    }

    @Test
    void histories_of_yjs_are_admitted_in_any_order_when_gaps_are_held() {
        List<Recorded.History> histories = Recorded.histories();
        Seed.each(20, seed -> {
            Recorded.History history = histories.get((int) (seed.value() % histories.size()));
            List<byte[]> held = new ArrayList<>(history.updates());
            Collections.shuffle(held, seed.random());
            ClockVector clocks = new ClockVector();
            IdSet deletions = new IdSet();
            int before;
            do {
                before = held.size();
                held.removeIf(
                        update -> Admission.admit(clocks, deletions, validator.validate(update)) != Admission.GAP);
            } while (held.size() < before);

            assertThat(held).isEmpty();
            assertThat(clocks).isEqualTo(StateVectors.decode(history.stateVector()));
            assertThat(deletions).isEqualTo(IdSet.decode(history.deleteSet()));
        });
    }

    @Test
    void random_updates_are_judged_as_by_trying_every_struct() {
        int[] verdicts = new int[3];
        Seed.each(400, seed -> {
            AdmissionModel model = new AdmissionModel(seed.random());
            for (int step = 0; step < 40; step++) {
                byte[] update = model.randomUpdate();
                Admission verdict = Admission.admit(model.clocks, model.deletions, validator.validate(update));
                model.expect(verdict);
                verdicts[verdict.ordinal()]++;
            }
        });
        assertThat(verdicts).as("NEW, NOTHING_NEW, GAP").doesNotContain(0);
    }
}
