package dev.boardwalk.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.boardwalk.store.DatabaseSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real script and the real server; each test has a cluster of its own. */
class PrivatePostgresTest {
    private static final Path SCRIPT = Path.of(System.getProperty("boardwalk.postgres.script"));

    @TempDir
    Path data;

    @Test
    void a_server_that_is_killed_comes_back_on_the_same_port_and_one_that_is_closed_does_not() throws Exception {
        long second;
        try (PrivatePostgres postgres = PrivatePostgres.start(SCRIPT, data)) {
            assertThat(answers(postgres.settings())).isTrue();
            long first = postmaster();

            ProcessHandle.of(first).orElseThrow().destroyForcibly();

            await().atMost(Duration.ofSeconds(30))
                    .until(() -> postmasterNow() != first && answers(postgres.settings()));
            second = postmaster();
        }
        assertThat(ProcessHandle.of(second)).isEmpty();
        assertThat(data.resolve("postgres/postmaster.pid")).doesNotExist();
    }

    @Test
    void a_server_that_a_killed_gateway_left_is_taken_over() throws Exception {
        Process left = new ProcessBuilder(SCRIPT.toString(), data.toString(), Integer.toString(LocalPorts.free(data)))
                .inheritIO()
                .start();
        await().atMost(Duration.ofSeconds(60)).until(() -> Files.exists(data.resolve("postgres/postmaster.pid")));
        try (PrivatePostgres postgres = PrivatePostgres.start(SCRIPT, data)) {
            assertThat(postmaster()).isEqualTo(left.pid());
            assertThat(answers(postgres.settings())).isTrue();
        }
        assertThat(left.isAlive()).isFalse();
    }

    @Test
    void a_server_that_dies_while_it_is_taken_over_is_started_again() throws Exception {
        Process left = new ProcessBuilder(SCRIPT.toString(), data.toString(), Integer.toString(LocalPorts.free(data)))
                .inheritIO()
                .start();
        await().atMost(Duration.ofSeconds(60)).until(() -> postmasterNow() == left.pid());
        signal("STOP", left.toHandle());
        CompletableFuture<PrivatePostgres> starting =
                CompletableFuture.supplyAsync(() -> PrivatePostgres.start(SCRIPT, data));
        await().during(Duration.ofSeconds(2)).until(() -> !starting.isDone());
        left.destroyForcibly().waitFor();

        try (PrivatePostgres postgres = starting.get(60, TimeUnit.SECONDS)) {
            assertThat(postmaster()).isNotEqualTo(left.pid());
            assertThat(answers(postgres.settings())).isTrue();
        }
    }

    @Test
    void a_server_that_cannot_start_is_a_clear_failure() throws Exception {
        Path broken = Files.writeString(data.resolve("script"), "#!/bin/sh\nexit 1\n");
        Files.setPosixFilePermissions(broken, PosixFilePermissions.fromString("rwx------"));

        assertThatThrownBy(() -> PrivatePostgres.start(broken, data))
                .isInstanceOf(PrivatePostgresFailure.class)
                .hasMessageContaining("ended while it started");
    }

    private static void signal(String name, ProcessHandle process) throws Exception {
        new ProcessBuilder("/bin/sh", "-c", "kill -" + name + " " + process.pid())
                .start()
                .waitFor();
    }

    private long postmasterNow() {
        try {
            return postmaster();
        } catch (Exception notThere) {
            return -1;
        }
    }

    private long postmaster() throws Exception {
        return Long.parseLong(
                Files.readAllLines(data.resolve("postgres/postmaster.pid")).getFirst());
    }

    private static boolean answers(DatabaseSettings login) {
        String url = "jdbc:postgresql://" + login.host() + ":" + login.port() + "/" + login.database();
        try (Connection connection = DriverManager.getConnection(url, login.user(), login.password())) {
            return connection.isValid(5);
        } catch (SQLException away) {
            return false;
        }
    }
}
