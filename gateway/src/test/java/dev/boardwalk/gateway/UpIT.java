package dev.boardwalk.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.boardwalk.testkit.BoardwalkProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code up} as a process: its life from the first start to every way of ending. */
class UpIT {
    @TempDir
    Path data;

    @Test
    void it_gets_ready_keeps_a_second_one_out_and_ends_in_order() throws Exception {
        try (BoardwalkProcess first = BoardwalkProcess.up(data)) {
            int port = first.address().getPort();
            assertThat(RawHttp.call(port, "GET", "/healthz")).startsWith("HTTP/1.1 200");
            assertThat(RawHttp.call(port, "GET", "/readyz"))
                    .startsWith("HTTP/1.1 200")
                    .contains("\"status\":\"ready\"");
            assertThat(RawHttp.call(port, "GET", "/metrics")).contains("process_resident_memory_bytes", "jvm_memory");
            assertThat(RawHttp.call(port, "GET", "/openapi.yaml")).contains("openapi: 3.1.0");
            long database = first.databasePid();

            try (BoardwalkProcess second =
                    BoardwalkProcess.start(data, Map.of(), "up", "--port", "0", "--data", data.toString())) {
                assertThat(second.awaitExit()).isEqualTo(2);
                assertThat(String.join("\n", second.output())).contains("process " + first.pid());
            }
            assertThat(RawHttp.call(port, "GET", "/readyz")).startsWith("HTTP/1.1 200");

            assertThat(first.terminate()).as(first::toString).isZero();
            assertThat(ProcessHandle.of(database))
                    .as("the database is stopped too")
                    .isEmpty();
            assertThat(data.resolve("run/boardwalk.pid")).doesNotExist();
        }
    }

    @Test
    void after_a_kill_of_the_gateway_the_next_start_takes_the_database_over() throws Exception {
        long database;
        try (BoardwalkProcess killed = BoardwalkProcess.up(data)) {
            database = killed.databasePid();
            killed.kill();
            assertThat(ProcessHandle.of(database)).isPresent();
            try (BoardwalkProcess next = BoardwalkProcess.up(data)) {
                assertThat(next.databasePid()).isEqualTo(database);
                assertThat(next.terminate()).as(next::toString).isZero();
            }
        }
        assertThat(ProcessHandle.of(database)).isEmpty();
    }

    @Test
    void after_a_kill_of_both_the_next_start_recovers_and_starts_in_time() throws Exception {
        try (BoardwalkProcess killed = BoardwalkProcess.up(data)) {
            killed.kill();
            killed.killDatabase();
            try (BoardwalkProcess next = BoardwalkProcess.up(data)) {
                // CPU, not the clock: machines that run tests are busy with other things too.
                assertThat(next.cpu()).as("CPU to ready").isLessThan(Duration.ofSeconds(10));
                assertThat(next.terminate()).as(next::toString).isZero();
            }
        }
    }

    @Test
    void mistakes_end_with_2_and_one_line_each() {
        assertThat(outcome(Map.of("BOARDWALK_PROT", "1"), "up"))
                .isEqualTo("2 boardwalk: BOARDWALK_PROT is not a setting of Boardwalk");
        assertThat(outcome(Map.of(), "up", "--host", "0.0.0.0"))
                .isEqualTo("2 boardwalk: BOARDWALK_HOST=0.0.0.0 is not a loopback address,"
                        + " which BOARDWALK_AUTH=none requires");
        assertThat(outcome(Map.of(), "fly")).startsWith("2 boardwalk: Unmatched argument");
        assertThat(outcome(Map.of(), "up", "--gateways", "17"))
                .isEqualTo("2 boardwalk: --gateways must be a number from 1 to 16, not 17");
        assertThat(outcome(Map.of(), "up", "--gateways", "3", "--port", "65534"))
                .isEqualTo("2 boardwalk: --gateways 3 from port 65534 on needs ports above 65535");
        assertThat(data).as("nothing was made").isEmptyDirectory();
    }

    @Test
    void a_port_that_is_taken_ends_with_1_and_leaves_nothing_running() throws Exception {
        try (BoardwalkProcess first = BoardwalkProcess.up(data)) {
            Path other = Files.createDirectory(data.resolve("other"));
            String port = Integer.toString(first.address().getPort());
            try (BoardwalkProcess second =
                    BoardwalkProcess.start(other, Map.of(), "up", "--port", port, "--data", other.toString())) {
                assertThat(second.awaitExit()).as(second::toString).isEqualTo(1);
                assertThat(second.output().getLast()).contains("cannot listen on 127.0.0.1:" + port);
                assertThat(other.resolve("postgres/postmaster.pid")).doesNotExist();
            }
        }
    }

    private String outcome(Map<String, String> settings, String... arguments) {
        try (BoardwalkProcess process = BoardwalkProcess.start(data, settings, arguments)) {
            return process.awaitExit() + " " + String.join("\n", process.output());
        }
    }
}
