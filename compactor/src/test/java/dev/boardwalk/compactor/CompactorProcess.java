package dev.boardwalk.compactor;

import dev.boardwalk.testkit.MinioProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A compactor in a Java virtual machine of its own, which tests kill. */
final class CompactorProcess implements AutoCloseable {
    private static final int END_SECONDS_MAX = 120;

    private final Process process;
    private final Path log;

    private CompactorProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /**
     * Starts one.
     *
     * @param halt where it is to end for good, as {@link FaultPoint} reads it; empty for nowhere
     */
    static CompactorProcess start(String database, URI objects, String halt, String... arguments) {
        try {
            Path log = Files.createTempFile("boardwalk-compactor", ".log");
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx256m",
                    "-XX:TieredStopAtLevel=1",
                    "-D" + FaultPoint.PROPERTY + "=" + halt,
                    "-cp",
                    System.getProperty("java.class.path"),
                    "dev.boardwalk.compactor.Main"));
            command.addAll(List.of(arguments));
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
            builder.environment()
                    .putAll(Map.of(
                            "DATABASE_URL",
                            database,
                            "BOARDWALK_S3_ENDPOINT",
                            objects.toString(),
                            "BOARDWALK_S3_BUCKET",
                            MinioProcess.BUCKET,
                            "BOARDWALK_S3_ACCESS_KEY",
                            MinioProcess.ACCESS_KEY,
                            "BOARDWALK_S3_SECRET_KEY",
                            MinioProcess.SECRET_KEY,
                            "BOARDWALK_SNAPSHOT_INTERVAL",
                            "1s",
                            "BOARDWALK_OPERATION_RETENTION",
                            "1s",
                            "BOARDWALK_OBJECT_GRACE",
                            "1s",
                            "BOARDWALK_COMPACTOR_PORT",
                            "0"));
            return new CompactorProcess(builder.start(), log);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot start a compactor", failure);
        }
    }

    /** The exit code, when it has ended. */
    int awaitEnd() {
        try {
            if (!process.waitFor(END_SECONDS_MAX, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the compactor does not end: " + said());
            }
            return process.exitValue();
        } catch (InterruptedException told) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", told);
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** kill -9. */
    void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    /** SIGTERM; the exit code. */
    int terminate() {
        process.destroy();
        return awaitEnd();
    }

    String said() {
        try {
            return Files.readString(log);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void close() {
        kill();
        try {
            Files.deleteIfExists(log);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
