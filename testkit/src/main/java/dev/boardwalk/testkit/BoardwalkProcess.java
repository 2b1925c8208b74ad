package dev.boardwalk.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * A whole Boardwalk as users run it: {@code up} in a process of its own, with its private database, on a data folder
 * of the test's.
 *
 * <p>Needs the packaged jar and the script of the private database; Maven names them in the system properties
 * {@code boardwalk.jar} and {@code boardwalk.postgres.script}, or {@code boardwalk.server.command} has the whole
 * command, a word a line. What the process says is kept and told when something
 * that a test waits for does not happen.
 */
public final class BoardwalkProcess implements AutoCloseable {
    private static final Duration START_PATIENCE = Duration.ofSeconds(120);
    private static final Duration END_PATIENCE = Duration.ofSeconds(90);
    private static final int LINES_TOLD = 60;
    private static final String READY = "Boardwalk is ready at ";

    private final Path data;
    private final Process process;
    private final List<String> output = new ArrayList<>();
    private final CompletableFuture<URI> ready = new CompletableFuture<>();
    private final Thread reader;

    private BoardwalkProcess(Path data, Process process) {
        this.data = data;
        this.process = process;
        this.reader = Thread.ofVirtual().start(this::read);
    }

    /** Starts {@code up} on a free port and waits until it is ready. */
    public static BoardwalkProcess up(Path data) {
        return up(data, Map.of());
    }

    /**
     * Starts {@code up} on a free port, with settings, and waits until it is ready.
     *
     * @param settings names and values for the environment, such as {@code BOARDWALK_FLUSH_INTERVAL}
     */
    public static BoardwalkProcess up(Path data, Map<String, String> settings) {
        BoardwalkProcess boardwalk = start(data, settings, "up", "--port", "0", "--data", data.toString());
        try {
            URI address = boardwalk.address();
            assert address != null;
            return boardwalk;
        } catch (RuntimeException | Error failure) {
            boardwalk.close();
            throw failure;
        }
    }

    /** Starts any command and waits for nothing. */
    public static BoardwalkProcess start(Path data, Map<String, String> settings, String... arguments) {
        return start(new ProcessBuilder(), data, settings, arguments);
    }

    /** The same at a terminal, which gets all that is said. */
    public static BoardwalkProcess startAt(
            PseudoTerminal terminal, Path data, Map<String, String> settings, String... arguments) {
        ProcessBuilder builder =
                new ProcessBuilder().redirectInput(terminal.side()).redirectOutput(terminal.side());
        return start(builder, data, settings, arguments);
    }

    private static BoardwalkProcess start(
            ProcessBuilder builder, Path data, Map<String, String> settings, String... arguments) {
        List<String> command = new ArrayList<>(command());
        command.addAll(List.of(arguments));
        builder.command(command).redirectErrorStream(true);
        builder.environment()
                .keySet()
                .removeIf(name -> name.equals("DATABASE_URL")
                        || name.startsWith("BOARDWALK_") && !name.equals("BOARDWALK_CACHE"));
        builder.environment().putAll(settings);
        try {
            return new BoardwalkProcess(data, builder.start());
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot start " + command, failure);
        }
    }

    /** The program: as the launcher would start it if {@code boardwalk.server.command} says how, else the bare jar. */
    private static List<String> command() {
        String launchers = System.getProperty("boardwalk.server.command");
        if (launchers != null) {
            return launchers.lines().toList();
        }
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dboardwalk.postgres.script=" + required("boardwalk.postgres.script"),
                "-jar",
                required("boardwalk.jar"));
    }

    /** Where it listens; waits until it says that it is ready. */
    public URI address() {
        try {
            return ready.get(START_PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException notReady) {
            throw new IllegalStateException("Boardwalk did not get ready" + told(), notReady);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while Boardwalk started", interrupted);
        }
    }

    /** The address of WebSockets under a path. */
    public URI socket(String path) {
        URI address = address();
        return URI.create("ws://" + address.getHost() + ":" + address.getPort() + path);
    }

    /** The process id, as the process itself wrote it. */
    public long pid() {
        return Long.parseLong(read(data.resolve("run/boardwalk.pid")).strip());
    }

    /** Whether the process has not ended. */
    public boolean alive() {
        return process.isAlive();
    }

    /** CPU time of the process so far, without its database. */
    public Duration cpu() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** The process id of the private database's postmaster. */
    public long databasePid() {
        return Long.parseLong(read(data.resolve("postgres/postmaster.pid"))
                .lines()
                .findFirst()
                .orElseThrow());
    }

    /** Everything said so far, on both streams. */
    public List<String> output() {
        synchronized (output) { // the reader appends while tests look
            return List.copyOf(output);
        }
    }

    /** kill -9, and waits until the process is gone. Its database stays. */
    public void kill() {
        process.destroyForcibly();
        awaitExit();
    }

    /** SIGTERM, then the exit code. */
    public int terminate() {
        signal("TERM", List.of(process.pid()));
        return awaitExit();
    }

    /** The exit code, when the process has ended. */
    public int awaitExit() {
        try {
            if (!process.waitFor(END_PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("Boardwalk does not end" + told());
            }
            reader.join();
            return process.exitValue();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while Boardwalk ended", interrupted);
        }
    }

    /** kill -9 of the postmaster. */
    public void killDatabase() {
        signal("KILL", List.of(databasePid()));
    }

    /** SIGSTOP of every process of the private database: it neither answers nor closes a connection. */
    public void freezeDatabase() {
        long postmaster = databasePid();
        // The one that forks first: nothing can appear behind the list of the others.
        signal("STOP", List.of(postmaster));
        signal("STOP", children(postmaster));
    }

    /** SIGCONT after {@link #freezeDatabase}. */
    public void thawDatabase() {
        long postmaster = databasePid();
        signal("CONT", children(postmaster));
        signal("CONT", List.of(postmaster));
    }

    /** Ends what is left of it, the database included, by process id. */
    @Override
    public void close() {
        if (process.isAlive()) {
            kill();
        }
        if (!othersUseTheFolder() && Files.exists(data.resolve("postgres/postmaster.pid"))) {
            long postmaster = databasePid();
            ProcessHandle.of(postmaster).ifPresent(handle -> {
                thawDatabase();
                signal("QUIT", List.of(postmaster));
                handle.onExit().orTimeout(30, TimeUnit.SECONDS).join();
            });
        }
    }

    private boolean othersUseTheFolder() {
        return Files.exists(data.resolve("run/boardwalk.pid"))
                && pid() != process.pid()
                && ProcessHandle.of(pid()).isPresent();
    }

    @Override
    public String toString() {
        return "Boardwalk pid=" + process.pid() + " alive=" + process.isAlive() + told();
    }

    private void read() {
        try (BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                synchronized (output) {
                    output.add(line);
                }
                if (line.startsWith(READY)) {
                    ready.complete(URI.create(line.substring(READY.length())));
                }
            }
        } catch (IOException ended) {
            ready.completeExceptionally(ended);
        }
        ready.completeExceptionally(new IllegalStateException("the process ended"));
    }

    private String told() {
        List<String> lines = new ArrayList<>(output());
        Path log = data.resolve("log/boardwalk.log");
        if (Files.exists(log)) {
            lines.add("--- " + log);
            lines.addAll(read(log).lines().toList());
        }
        return "; last lines:\n"
                + String.join("\n", lines.subList(Math.max(0, lines.size() - LINES_TOLD), lines.size()));
    }

    private static List<Long> children(long pid) {
        try (Stream<ProcessHandle> children = ProcessHandle.of(pid).stream().flatMap(ProcessHandle::descendants)) {
            return children.map(ProcessHandle::pid).toList();
        }
    }

    private static void signal(String name, List<Long> pids) {
        if (pids.isEmpty()) {
            return;
        }
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", "kill -" + name + " \"$@\"", "kill"));
        pids.forEach(pid -> command.add(pid.toString()));
        try {
            new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot send " + name + " to " + pids, failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while sending " + name, interrupted);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot read " + file, failure);
        }
    }

    private static String required(String property) {
        String value = System.getProperty(property);
        if (value == null) {
            throw new IllegalStateException(
                    "the system property " + property + " is missing: run the test with Maven's verify phase");
        }
        return value;
    }
}
