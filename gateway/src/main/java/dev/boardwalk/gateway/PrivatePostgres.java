package dev.boardwalk.gateway;

import dev.boardwalk.store.DatabaseSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Postgres server of a data folder, kept running from {@link #start} to {@link #close}.
 *
 * <p>A script makes the cluster if need be and then becomes the server, as a child of this process but in its own
 * session. A server that ends by itself is started again on the same port, at once and then ever less often; its
 * clients only see a database that is away for a while. A server that a killed gateway left behind is taken over as it
 * is. One virtual thread owns the restarts; {@code closing} is the only word that others say to it.
 */
final class PrivatePostgres implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(PrivatePostgres.class);

    /** The script's answer for "one is alive already": its process id is on stdout. */
    private static final int EXIT_ALREADY_RUNNING = 75;

    private static final Duration BACKOFF_FIRST = Duration.ofMillis(200);
    private static final Duration BACKOFF_MOST = Duration.ofSeconds(10);
    /**
     * How long a server that ends while it starts is tried again: one that was killed just before may still look alive to
     * the script, be taken over, and be gone.
     */
    private static final Duration REMAINS_PATIENCE = Duration.ofSeconds(10);

    private static final Duration RAN_WELL = Duration.ofMinutes(1);
    /** A fast shutdown writes a checkpoint of at most 128 MB of buffers; a slow disk may need most of this. */
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(60);

    private final Path script;
    private final Path data;
    private final DatabaseSettings settings;
    private final int port;
    private volatile ProcessHandle server;
    private volatile boolean closing;
    private final Thread supervisor;

    private PrivatePostgres(Path script, Path data, Server first, DatabaseSettings settings) {
        this.script = script;
        this.data = data;
        this.port = first.port;
        this.settings = settings;
        this.server = first.process;
        this.supervisor = Thread.ofVirtual().name("private-postgres").start(this::supervise);
    }

    /**
     * Starts the server, or takes over a running one, and waits until it answers.
     *
     * @param script the program that becomes the server
     * @param data the data folder; the cluster is {@code postgres/} in it
     * @throws PrivatePostgresFailure if the server ends before it answers, or cannot be logged in to
     */
    static PrivatePostgres start(Path script, Path data) {
        long giveUp = System.nanoTime() + REMAINS_PATIENCE.toNanos();
        while (true) {
            try {
                return startOnce(script, data);
            } catch (PrivatePostgresFailure.Ended ended) {
                if (System.nanoTime() > giveUp) {
                    throw ended;
                }
                log.info("the private database ended while it started, trying again data={}", data);
                pause(ended);
            }
        }
    }

    private static PrivatePostgres startOnce(Path script, Path data) {
        Server first = launch(script, data, LocalPorts.free(data));
        try {
            DatabaseSettings settings = PostgresLogin.awaitReady(first.process, data, first.port);
            return new PrivatePostgres(script, data, first, settings);
        } catch (PrivatePostgresFailure failure) {
            stop(first.process);
            throw failure;
        }
    }

    private static void pause(PrivatePostgresFailure.Ended ended) {
        try {
            Thread.sleep(BACKOFF_FIRST);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw ended;
        }
    }

    /** Where the server listens and how to log in; the same for as long as this lives. */
    DatabaseSettings settings() {
        return settings;
    }

    /** Stops the server and waits for its end; open connections are broken off. */
    @Override
    public void close() {
        closing = true;
        stop(server);
        supervisor.interrupt();
        try {
            supervisor.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        // The supervisor may just have started another one when it was told.
        stop(server);
    }

    private void supervise() {
        Duration backoff = BACKOFF_FIRST;
        try {
            while (!closing) {
                long started = System.nanoTime();
                server.onExit().join();
                if (closing) {
                    return;
                }
                if (System.nanoTime() - started > RAN_WELL.toNanos()) {
                    backoff = BACKOFF_FIRST;
                }
                log.warn(
                        "the private database ended unexpectedly pid={} restart_in={}ms log={}",
                        server.pid(),
                        backoff.toMillis(),
                        data.resolve("log/postgres.log"));
                Thread.sleep(backoff);
                backoff = shorter(backoff.multipliedBy(2), BACKOFF_MOST);
                restart();
            }
        } catch (InterruptedException told) {
            log.debug("supervision ends", told);
        }
    }

    private void restart() {
        long started = System.nanoTime();
        try {
            Server next = launch(script, data, port);
            server = next.process;
            if (next.port != port) {
                log.warn(
                        "stopping a database of this folder on another port pid={} port={}",
                        next.process.pid(),
                        next.port);
                stop(next.process);
                return;
            }
            if (!closing) {
                PostgresLogin.awaitReady(next.process, data, port);
                log.warn(
                        "the private database is back pid={} after_ms={}",
                        next.process.pid(),
                        (System.nanoTime() - started) / 1_000_000);
            }
        } catch (PrivatePostgresFailure failure) {
            log.error("the private database could not be restarted, trying again", failure);
        }
    }

    private record Server(ProcessHandle process, int port) {}

    /** Runs the script until it is the server, or says which server there is. */
    private static Server launch(Path script, Path data, int port) {
        try {
            Process process = new ProcessBuilder(script.toString(), data.toString(), Integer.toString(port))
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            // Ends at once in both cases: the server writes to its log, no longer to the script's output.
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (output.isEmpty()) {
                return new Server(process.toHandle(), port);
            }
            int exit = process.waitFor();
            if (exit == EXIT_ALREADY_RUNNING) {
                return adopt(data, Long.parseLong(output));
            }
            throw new PrivatePostgresFailure(script + " ended with " + exit + ": " + output, null);
        } catch (IOException | NumberFormatException failure) {
            throw new PrivatePostgresFailure("cannot start the private database with " + script, failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new PrivatePostgresFailure("interrupted while the private database started", interrupted);
        }
    }

    private static Server adopt(Path data, long pid) throws IOException {
        List<String> lines = Files.readAllLines(data.resolve("postgres/postmaster.pid"));
        int port = Integer.parseInt(lines.get(3).strip());
        ProcessHandle process = ProcessHandle.of(pid)
                .orElseThrow(() ->
                        new PrivatePostgresFailure.Ended("the database " + pid + " of " + data + " ended just now"));
        log.info("taking over the database that another process left pid={} port={}", pid, port);
        return new Server(process, port);
    }

    /** Fast shutdown first; after a long wait the one that needs recovery, which loses nothing committed either. */
    private static void stop(ProcessHandle process) {
        if (process.isAlive()) {
            signal(process, "INT");
            if (!endsWithin(process, STOP_PATIENCE)) {
                log.error("the private database does not stop, ending it hard pid={}", process.pid());
                signal(process, "QUIT");
                endsWithin(process, STOP_PATIENCE);
            }
        }
    }

    private static boolean endsWithin(ProcessHandle process, Duration patience) {
        try {
            process.onExit().get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException | java.util.concurrent.ExecutionException stillThere) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Java can only send TERM and KILL; the first would wait for clients, the second leaves shared memory behind. */
    private static void signal(ProcessHandle process, String name) {
        try {
            new ProcessBuilder("/bin/sh", "-c", "kill -" + name + " " + process.pid())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException failure) {
            throw new PrivatePostgresFailure("cannot stop the private database " + process.pid(), failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
