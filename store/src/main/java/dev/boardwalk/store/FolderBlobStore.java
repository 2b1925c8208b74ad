package dev.boardwalk.store;

import com.github.f4b6a3.ulid.UlidCreator;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Objects as files of a local folder. A file appears under its key only when it is whole and on the disk: written
 * aside, forced, renamed, and the folder forced too.
 */
final class FolderBlobStore implements BlobStore {
    /** No key begins with a dot. */
    private static final String ASIDE = ".aside";

    private final Path folder;

    FolderBlobStore(Path folder) {
        this.folder = folder.toAbsolutePath().normalize();
        make(this.folder.resolve(ASIDE));
    }

    @Override
    public void put(String key, byte[] bytes) {
        Path target = path(key);
        try {
            if (!holds(target, bytes)) {
                make(parent(target));
                write(target, bytes);
                if (!holds(target, bytes)) {
                    throw new StoreException.ObjectDamaged("object " + key + " reads back differently", null);
                }
            }
        } catch (IOException failure) {
            throw failed("put object " + key, failure);
        }
    }

    @Override
    public void put(String key, Path content, ObjectDigest digest) {
        Path target = path(key);
        Path aside = aside();
        try {
            Files.copy(content, aside);
            try (FileChannel file = FileChannel.open(aside, StandardOpenOption.WRITE)) {
                file.force(true);
            }
            if (!digestOf(aside).equals(digest)) {
                throw new StoreException.ObjectDamaged("object " + key + " reads back differently", null);
            }
            make(parent(target));
            Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE);
            force(parent(target));
        } catch (IOException failure) {
            throw failed("put object " + key, failure);
        } finally {
            aside.toFile().delete();
        }
    }

    @Override
    public ObjectDigest digest(String key) {
        try {
            return digestOf(path(key));
        } catch (IOException failure) {
            throw failed("read object " + key, failure);
        }
    }

    private static ObjectDigest digestOf(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return ObjectDigest.of(in);
        }
    }

    @Override
    public Optional<Path> file(String key) {
        return Optional.of(path(key));
    }

    @Override
    public Optional<DirectObjects> direct() {
        return Optional.empty();
    }

    private Path aside() {
        return folder.resolve(ASIDE).resolve(UlidCreator.getMonotonicUlid().toLowerCase());
    }

    private void write(Path target, byte[] bytes) throws IOException {
        Path aside = aside();
        try {
            try (FileChannel file = FileChannel.open(aside, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
                ByteBuffer rest = ByteBuffer.wrap(bytes);
                while (rest.hasRemaining()) {
                    file.write(rest);
                }
                file.force(true);
            }
            Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE);
            force(parent(target));
        } finally {
            Files.deleteIfExists(aside);
        }
    }

    @Override
    public byte[] get(String key) {
        try {
            return Files.readAllBytes(path(key));
        } catch (IOException failure) {
            throw failed("get object " + key, failure);
        }
    }

    @Override
    public byte[] get(String key, long offset, int length) {
        try (FileChannel file = FileChannel.open(path(key), StandardOpenOption.READ)) {
            ByteBuffer part = ByteBuffer.allocate(length);
            while (part.hasRemaining()) {
                if (file.read(part, offset + part.position()) < 0) {
                    throw new StoreException.ObjectDamaged(
                            "object " + key + " ends at byte " + file.size() + ", before " + (offset + length), null);
                }
            }
            return part.array();
        } catch (IOException failure) {
            throw failed("get part of object " + key, failure);
        }
    }

    @Override
    public void remove(String key) {
        Path target = path(key);
        try {
            if (Files.deleteIfExists(target)) {
                force(parent(target));
            }
        } catch (IOException failure) {
            throw failed("remove object " + key, failure);
        }
    }

    @Override
    public void list(String prefix, Consumer<BlobEntry> visitor) {
        try (Stream<Path> files = Files.walk(folder)) {
            files.filter(file -> !file.startsWith(folder.resolve(ASIDE))).forEach(file -> {
                String key = folder.relativize(file).toString();
                if (key.startsWith(prefix)) {
                    show(file, key, visitor);
                }
            });
        } catch (IOException failure) {
            throw failed("list objects " + prefix, failure);
        } catch (UncheckedIOException failure) {
            throw failed("list objects " + prefix, Objects.requireNonNull(failure.getCause()));
        }
    }

    private static void show(Path file, String key, Consumer<BlobEntry> visitor) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            if (attributes.isRegularFile()) {
                visitor.accept(new BlobEntry(
                        key, attributes.size(), attributes.lastModifiedTime().toInstant()));
            }
        } catch (NoSuchFileException _) {
            // Removed while we looked.
        } catch (IOException failure) {
            throw failed("look at object " + key, failure);
        }
    }

    @Override
    public void probe() {
        String key = "probe/" + UlidCreator.getMonotonicUlid().toLowerCase();
        put(key, new byte[] {1});
        remove(key);
    }

    @Override
    public void close() {
        // Nothing is held open between calls.
    }

    @Override
    public String toString() {
        return "folder " + folder;
    }

    private Path path(String key) {
        return folder.resolve(BlobKeys.check(key));
    }

    private static boolean holds(Path file, byte[] bytes) throws IOException {
        return Files.exists(file) && Files.size(file) == bytes.length && Arrays.equals(Files.readAllBytes(file), bytes);
    }

    /** Makes a folder and those above it, each durable in the one that holds it. */
    private static void make(Path wanted) {
        if (Files.isDirectory(wanted)) {
            return;
        }
        Path parent = parent(wanted);
        make(parent);
        try {
            Files.createDirectories(wanted);
            force(parent);
        } catch (IOException failure) {
            throw failed("make folder " + wanted, failure);
        }
    }

    private static Path parent(Path path) {
        Path parent = path.getParent();
        if (parent == null) {
            throw new IllegalArgumentException("no folder holds " + path);
        }
        return parent;
    }

    private static void force(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static StoreException failed(String attempted, IOException failure) {
        String message = "cannot " + attempted + ": " + failure.getMessage();
        if (failure instanceof NoSuchFileException || failure instanceof FileNotFoundException) {
            return new StoreException.ObjectMissing(message, failure);
        }
        if (failure instanceof DirectoryNotEmptyException) {
            return new StoreException.ObjectsUnsuitable(message, failure);
        }
        String reason = failure instanceof FileSystemException known ? known.getReason() : failure.getMessage();
        boolean full = reason != null
                && (reason.toLowerCase(Locale.ROOT).contains("no space left")
                        || reason.toLowerCase(Locale.ROOT).contains("quota exceeded"));
        return full
                ? new StoreException.ObjectsFull(message, failure)
                : new StoreException.ObjectsUnavailable(message, failure);
    }
}
