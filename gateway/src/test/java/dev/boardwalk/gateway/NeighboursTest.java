package dev.boardwalk.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.boardwalk.gateway.Neighbours.Missing;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How a gateway notices which ticks of another did not come. */
class NeighboursTest {
    private static final long OTHER = 5;

    private final Neighbours neighbours = new Neighbours();

    @Test
    void ticks_in_a_row_are_complete() {
        assertThat(neighbours.came(OTHER, 1)).isTrue();
        assertThat(neighbours.came(OTHER, 2)).isTrue();
        assertThat(neighbours.sent(OTHER, 2)).isTrue();
        assertThat(neighbours.missing()).isEmpty();
    }

    @Test
    void a_tick_left_out_is_missing_until_it_was_read() {
        neighbours.came(OTHER, 1);
        assertThat(neighbours.came(OTHER, 3)).isFalse();
        assertThat(neighbours.missing()).containsExactly(new Missing(OTHER, 1, 2));
        neighbours.came(OTHER, 4);
        neighbours.read(new Missing(OTHER, 1, 2));
        assertThat(neighbours.missing()).isEmpty();
        assertThat(neighbours.came(OTHER, 5)).isTrue();
    }

    @Test
    void what_goes_missing_during_a_read_is_still_missing_after_it() {
        neighbours.came(OTHER, 1);
        neighbours.came(OTHER, 3);
        Missing first = neighbours.missing().getFirst();
        neighbours.came(OTHER, 5);
        neighbours.read(first);
        assertThat(neighbours.missing()).containsExactly(new Missing(OTHER, 2, 4));
    }

    @Test
    void a_last_tick_that_did_not_come_is_noticed_by_the_senders_word() {
        neighbours.came(OTHER, 1);
        assertThat(neighbours.sent(OTHER, 2)).isFalse();
        assertThat(neighbours.missing()).containsExactly(new Missing(OTHER, 1, 2));
    }

    @Test
    void the_first_that_is_heard_of_a_gateway_is_compared_with_what_was_known_at_the_start() {
        neighbours.known(OTHER, 10);
        assertThat(neighbours.came(OTHER, 11)).isTrue();
        assertThat(neighbours.came(6, 4)).as("one that came later").isFalse();
        assertThat(neighbours.missing()).containsExactly(new Missing(6, 0, 3));
    }

    @Test
    void the_databases_word_counts_a_round_later_so_that_what_is_on_its_way_can_come() {
        neighbours.known(OTHER, 10);
        neighbours.journalled(OTHER, 12, true);
        assertThat(neighbours.missing()).isEmpty();
        neighbours.came(OTHER, 11);
        neighbours.journalled(OTHER, 12, true);
        assertThat(neighbours.missing()).containsExactly(new Missing(OTHER, 11, 12));
    }

    @Test
    void without_a_relay_it_counts_at_once() {
        neighbours.known(OTHER, 10);
        neighbours.journalled(OTHER, 12, false);
        assertThat(neighbours.missing()).containsExactly(new Missing(OTHER, 10, 12));
    }

    @Test
    void who_is_silent_is_gone_once() {
        neighbours.heard(OTHER, 100);
        assertThat(neighbours.present()).isEqualTo(1);
        assertThat(neighbours.silent(150, 60)).isEmpty();
        assertThat(neighbours.silent(161, 60)).containsExactly(OTHER);
        assertThat(neighbours.silent(300, 60)).isEmpty();
        assertThat(neighbours.present()).isZero();
        neighbours.heard(OTHER, 310);
        assertThat(neighbours.present()).isEqualTo(1);
    }

    @Test
    void after_a_sleep_of_this_process_nobody_counts_as_silent() {
        neighbours.heard(OTHER, 100);
        neighbours.allHeard(900);
        assertThat(neighbours.silent(950, 60)).isEmpty();
        assertThat(neighbours.silent(961, 60)).containsExactly(OTHER);
    }

    @Test
    void who_is_neither_heard_nor_in_the_database_is_forgotten() {
        neighbours.known(OTHER, 10);
        neighbours.heard(6, 1);
        neighbours.retain(List.of());
        neighbours.journalled(OTHER, 3, false);
        assertThat(neighbours.missing()).as("as if never seen").containsExactly(new Missing(OTHER, 0, 3));
        assertThat(neighbours.present()).isEqualTo(1);
    }
}
