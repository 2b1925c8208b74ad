package dev.boardwalk.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A real MinIO server on a loopback port with one bucket, in a temporary folder that goes with it.
 *
 * <p>The program is the one that {@value #PROGRAM} names; {@code ./boardwalk test} builds it. There is no stand-in:
 * without the variable tests fail and say so.
 */
public final class MinioProcess implements AutoCloseable {
    public static final String PROGRAM = "BOARDWALK_MINIO";
    public static final String BUCKET = "boardwalk";
    public static final String ACCESS_KEY = "boardwalk";
    public static final String SECRET_KEY = "secret-of-the-tests";

    private static final int START_SECONDS_MAX = 60;
    private static final int STOP_SECONDS_MAX = 10;

    private final Path folder;
    private final int port;
    private Process process;

    private MinioProcess(Path folder, int port) throws IOException {
        this.folder = folder;
        this.port = port;
        this.process = launch();
    }

    public static MinioProcess start() {
        try {
            Path folder = Files.createTempDirectory("boardwalk-minio");
            Files.createDirectories(folder.resolve("data").resolve(BUCKET));
            return new MinioProcess(folder, freePort());
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot start MinIO", failure);
        }
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** Where the server keeps the objects of the bucket, for tests that damage them. */
    public Path bucketFolder() {
        return folder.resolve("data").resolve(BUCKET);
    }

    public long pid() {
        return process.pid();
    }

    /** Ends the server as a power cut would. */
    public void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    /** SIGSTOP: it neither answers nor closes a connection. */
    public void freeze() {
        signal("STOP");
    }

    /** SIGCONT after {@link #freeze}. */
    public void thaw() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                    .start()
                    .waitFor();
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot send " + name, failure);
        } catch (InterruptedException told) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while sending " + name, told);
        }
    }

    /** Starts the server again after {@link #kill()}, on the same port, with what it has on the disk. */
    public void restart() {
        try {
            process = launch();
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot start MinIO again", failure);
        }
    }

    @Override
    public void close() {
        process.destroy();
        awaitEnd();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot remove " + folder, failure);
        }
    }

    private Process launch() throws IOException {
        String address = "127.0.0.1:" + port;
        ProcessBuilder builder = new ProcessBuilder(
                program(),
                "server",
                "--quiet",
                "--address",
                address,
                folder.resolve("data").toString());
        builder.environment().put("MINIO_ROOT_USER", ACCESS_KEY);
        builder.environment().put("MINIO_ROOT_PASSWORD", SECRET_KEY);
        builder.environment().put("MINIO_BROWSER", "off");
        builder.environment().put("MINIO_UPDATE", "off");
        Path log = folder.resolve("minio.log");
        Process started = builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS_MAX);
        while (!answers()) {
            if (!started.isAlive() || System.nanoTime() > end) {
                started.destroyForcibly();
                throw new IOException("MinIO did not start; it said: " + Files.readString(log));
            }
            pause(started);
        }
        return started;
    }

    private boolean answers() {
        try {
            HttpURLConnection ask = (HttpURLConnection)
                    endpoint().resolve("/minio/health/ready").toURL().openConnection();
            ask.setConnectTimeout(1000);
            ask.setReadTimeout(1000);
            try (InputStream answer = ask.getInputStream()) {
                answer.readAllBytes();
            }
            return ask.getResponseCode() == HttpURLConnection.HTTP_OK;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** Waits a moment, but not longer than the process lives. */
    private static void pause(Process process) throws IOException {
        try {
            process.waitFor(50, TimeUnit.MILLISECONDS);
        } catch (InterruptedException told) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while MinIO was starting", told);
        }
    }

    private void awaitEnd() {
        try {
            if (!process.waitFor(STOP_SECONDS_MAX, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException told) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private static String program() {
        @Nullable String program = System.getenv(PROGRAM);
        if (program == null || program.isBlank()) {
            throw new IllegalStateException(PROGRAM + " is not set: run ./boardwalk test, which builds a MinIO");
        }
        return program;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
