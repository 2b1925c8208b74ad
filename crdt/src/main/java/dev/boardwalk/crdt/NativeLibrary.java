package dev.boardwalk.crdt;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/**
 * The native library on its way from the jar into the process.
 *
 * <p>It is copied into a temporary folder that only this user can enter, under a name with the hash of its content,
 * so that two versions never meet under one name; once loaded, the copy is deleted.
 */
final class NativeLibrary {
    /** Digits of the hash in the file's name: enough to tell builds apart. */
    private static final int HASH_DIGITS = 16;

    private NativeLibrary() {}

    static void load() {
        String resource = "/native/" + platform() + "/" + System.mapLibraryName("boardwalk_crdt");
        try (InputStream library = NativeLibrary.class.getResourceAsStream(resource)) {
            if (library == null) {
                throw new IOException("this build holds no " + resource);
            }
            load(library.readAllBytes());
        } catch (IOException | UnsatisfiedLinkError e) {
            throw new EngineFailure.Unavailable(
                    "loading the native CRDT engine for " + platform() + " through "
                            + System.getProperty("java.io.tmpdir")
                            + " failed (the folder must allow execution; choose another with -Djava.io.tmpdir): "
                            + e.getMessage(),
                    e);
        }
    }

    @SuppressWarnings("restricted") // loading a library is what this class is for
    private static void load(byte[] content) throws IOException {
        Path folder = Files.createTempDirectory("boardwalk-crdt-");
        Path copy = folder.resolve(hash(content) + "-" + System.mapLibraryName("boardwalk_crdt"));
        try {
            Files.write(copy, content);
            System.load(copy.toString());
        } finally {
            Files.deleteIfExists(copy);
            Files.deleteIfExists(folder);
        }
    }

    private static String hash(byte[] content) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
            return HexFormat.of().formatHex(digest).substring(0, HASH_DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    /** As the build names the folder: linux-x86-64, linux-aarch64, darwin-aarch64. */
    private static String platform() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String machine = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        return (system.startsWith("mac") ? "darwin" : system)
                + "-"
                + (machine.equals("amd64") || machine.equals("x86_64") ? "x86-64" : machine);
    }
}
