package dev.boardwalk.gateway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The right of one process to use a data folder, held from {@link #acquire} to {@link #close}.
 *
 * <p>The operating system's lock on {@code run/lock} decides; it ends with its process however that ends, so nothing
 * is stale after a kill. {@code run/boardwalk.pid} only says who holds it. The lock file is never deleted: a second
 * process could lock the deleted one.
 */
final class DataLock implements AutoCloseable {
    private final FileChannel channel;
    private final Path pidFile;

    private DataLock(FileChannel channel, Path pidFile) {
        this.channel = channel;
        this.pidFile = pidFile;
    }

    /**
     * Takes the folder, making it if it is not there.
     *
     * @throws DataFolderInUse if another process has it
     * @throws UncheckedIOException if the folder cannot be written
     */
    static DataLock acquire(Path data) {
        Path run = data.resolve("run");
        Path pidFile = run.resolve("boardwalk.pid");
        try {
            Files.createDirectories(run);
            FileChannel channel =
                    FileChannel.open(run.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = tryLock(channel);
            if (lock == null) {
                channel.close();
                throw new DataFolderInUse(data, readPid(pidFile));
            }
            writePid(pidFile);
            return new DataLock(channel, pidFile);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot use the data folder " + data, failure);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException ownedByThisProcess) {
            return null;
        }
    }

    @Override
    public void close() {
        try (channel) {
            Files.deleteIfExists(pidFile);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot give back " + pidFile, failure);
        }
    }

    private static void writePid(Path pidFile) throws IOException {
        Path fresh = pidFile.resolveSibling("boardwalk.pid.new");
        Files.writeString(fresh, ProcessHandle.current().pid() + "\n");
        Files.move(fresh, pidFile, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static String readPid(Path pidFile) throws IOException {
        // The holder may be between locking and writing: then it has no number yet.
        return Files.exists(pidFile) ? Files.readString(pidFile).strip() : "unknown";
    }
}
