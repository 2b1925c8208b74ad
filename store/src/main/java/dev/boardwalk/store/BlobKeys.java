package dev.boardwalk.store;

import com.github.f4b6a3.ulid.UlidCreator;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** How objects are named. */
public final class BlobKeys {
    private static final Pattern KEY = Pattern.compile("[a-z0-9][a-z0-9._-]*(/[a-z0-9][a-z0-9._-]*)*");
    private static final int LENGTH_MAX = 512;

    private BlobKeys() {}

    /** The name that follows from content. */
    public static String ofContent(byte[] sha256) {
        String hex = HexFormat.of().formatHex(sha256);
        return "sha256/" + hex.substring(0, 2) + "/" + hex.substring(2);
    }

    /** A fresh name for several small things in one object. */
    public static String newPack() {
        return "pack/" + UlidCreator.getMonotonicUlid().toLowerCase();
    }

    /** A fresh name for a file of an entity. */
    public static String newAttachment() {
        return "attachment/" + UlidCreator.getMonotonicUlid().toLowerCase();
    }

    /** A fresh name under which somebody may put something. */
    public static String newUpload() {
        return "upload/" + UlidCreator.getMonotonicUlid().toLowerCase();
    }

    public static byte[] sha256(byte[] bytes) {
        return sha256().digest(bytes);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }

    /** Refuses what could leave a folder or means something else to a server: keys are ours, so that is a bug. */
    static String check(String key) {
        if (key.length() > LENGTH_MAX || !KEY.matcher(key).matches()) {
            throw new IllegalArgumentException("not a key of an object: " + key);
        }
        return key;
    }
}
