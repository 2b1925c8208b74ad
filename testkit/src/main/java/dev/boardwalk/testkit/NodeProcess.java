package dev.boardwalk.testkit;

import com.google.errorprone.annotations.MustBeClosed;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A Node script that answers each line it is sent with one line: the way to the real Yjs from npm.
 *
 * <p>The Node of {@code BOARDWALK_NODE} is used, or else the one on the path. The packages that the script's folder
 * locks are installed there by {@code npm ci} when they are missing. One thread at a time.
 */
public final class NodeProcess implements AutoCloseable {
    /** How long a script that was told to end (its input is closed) may take. */
    private static final int EXIT_SECONDS_MAX = 10;

    /** How long installing may take on a slow line. */
    private static final int INSTALL_SECONDS_MAX = 300;

    private final Path script;
    private final Process process;
    private final BufferedWriter requests;
    private final BufferedReader answers;

    private NodeProcess(Path script, Process process) {
        this.script = script;
        this.process = process;
        this.requests = process.outputWriter();
        this.answers = process.inputReader();
    }

    /** Starts a script, after installing what it needs; what it says on standard error goes to ours. */
    @MustBeClosed
    public static NodeProcess start(Path script, String... arguments) {
        Path file = script.toAbsolutePath();
        Path folder = Objects.requireNonNull(file.getParent(), "a script lies in a folder");
        try {
            install(folder);
            ProcessBuilder builder = new ProcessBuilder(node(), file.toString());
            builder.command().addAll(List.of(arguments));
            return new NodeProcess(
                    file,
                    builder.directory(folder.toFile())
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start());
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "starting " + file + " with " + node() + " failed; is Node installed, or BOARDWALK_NODE set?", e);
        }
    }

    /** Sends one line and waits for the line that answers it; an answer that begins with "! " is a failure. */
    public String ask(String request) {
        try {
            requests.write(request);
            requests.newLine();
            requests.flush();
            String answer = answers.readLine();
            if (answer == null) {
                throw new IOException("it ended");
            }
            if (answer.startsWith("! ")) {
                throw new IOException(answer);
            }
            return answer;
        } catch (IOException e) {
            String asked = request.length() > 100 ? request.substring(0, 100) + "…" : request;
            throw new UncheckedIOException(script + " did not answer \"" + asked + "\": " + e.getMessage(), e);
        }
    }

    /** The process itself, for tests that look at it from outside. */
    public ProcessHandle handle() {
        return process.toHandle();
    }

    /** Closes the script's input and waits for its end, or ends it. */
    @Override
    public void close() {
        try {
            requests.close();
            if (!process.waitFor(EXIT_SECONDS_MAX, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException _) {
            process.destroyForcibly();
        } catch (InterruptedException _) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** The Node that scripts are run with. */
    public static String node() {
        String chosen = System.getenv("BOARDWALK_NODE");
        return chosen == null || chosen.isEmpty() ? "node" : chosen;
    }

    /** Installs the packages that are locked in this folder, unless they are there; other processes wait for it. */
    public static void install(Path folder) throws IOException {
        if (Files.isDirectory(folder.resolve("node_modules"))) {
            return;
        }
        Path lockFile = Path.of(System.getProperty("java.io.tmpdir"))
                .resolve(
                        "boardwalk-npm-" + Integer.toHexString(folder.toString().hashCode()) + ".lock");
        try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock _ = channel.lock()) {
            if (!Files.isDirectory(folder.resolve("node_modules"))) {
                run(folder, npm(), "ci", "--no-audit", "--no-fund");
            }
        }
    }

    /** The npm of {@code BOARDWALK_NPM}, or the one beside Node, or the one on the path. */
    private static String npm() {
        String chosen = System.getenv("BOARDWALK_NPM");
        if (chosen != null && !chosen.isEmpty()) {
            return chosen;
        }
        Path node = Path.of(node());
        Path beside = node.resolveSibling("npm");
        return node.isAbsolute() && Files.isExecutable(beside) ? beside.toString() : "npm";
    }

    private static void run(Path folder, String... command) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        prependNodeToPath(builder);
        Path output = Files.createTempFile("boardwalk-npm-", ".log");
        try {
            Process process = builder.redirectOutput(output.toFile()).start();
            if (!process.waitFor(INSTALL_SECONDS_MAX, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IOException(
                        String.join(" ", command) + " in " + folder + " failed: " + Files.readString(output));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while installing packages in " + folder, e);
        } finally {
            Files.deleteIfExists(output);
        }
    }

    /** npm is itself a Node script that looks for Node on the path. */
    private static void prependNodeToPath(ProcessBuilder builder) {
        @Nullable Path folder = Path.of(node()).getParent();
        if (folder != null) {
            builder.environment().merge("PATH", folder.toString(), (path, first) -> first + ":" + path);
        }
    }
}
