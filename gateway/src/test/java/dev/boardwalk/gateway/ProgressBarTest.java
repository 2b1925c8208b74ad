package dev.boardwalk.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

/** How far a run is, as people see it. */
class ProgressBarTest {
    @Test
    void a_line_shows_the_part_that_is_done_and_both_numbers() {
        assertThat(ProgressBar.line("documents", 500, 2_000))
                .isEqualTo("\r[#######-----------------------] 500 of 2,000 documents");
        assertThat(ProgressBar.line("documents", 2_000, 2_000))
                .isEqualTo("\r[" + "#".repeat(30) + "] 2,000 of 2,000 documents");
        assertThat(ProgressBar.line("documents", 0, 0)).startsWith("\r[" + "#".repeat(30) + "]");
    }

    @Test
    void the_last_line_is_wiped_so_that_the_report_begins_a_fresh_one() {
        StringWriter terminal = new StringWriter();
        ProgressBar bar = new ProgressBar(new PrintWriter(terminal));
        bar.at("documents", 3, 3);
        assertThat(terminal.toString()).isEqualTo(ProgressBar.line("documents", 3, 3) + "\r\033[K");
    }

    @Test
    void a_terminal_is_not_flooded_by_many_steps() {
        StringWriter terminal = new StringWriter();
        ProgressBar bar = new ProgressBar(new PrintWriter(terminal));
        long begin = System.nanoTime();
        for (int step = 1; step <= 100_000; step++) {
            bar.at("documents", step, 1_000_000);
        }
        long tenths = 1 + (System.nanoTime() - begin) / 100_000_000;
        assertThat(terminal.toString().chars().filter(letter -> letter == '\r').count())
                .isLessThanOrEqualTo(tenths);
    }

    @Test
    void nothing_is_drawn_where_there_is_no_terminal() {
        new ProgressBar((PrintWriter) null).at("documents", 1, 2);
        new ProgressBar().at("documents", 1, 2);
    }
}
