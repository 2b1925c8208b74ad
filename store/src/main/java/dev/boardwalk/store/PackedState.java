package dev.boardwalk.store;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import java.util.Arrays;
import java.util.HexFormat;

/** How the state of a document lies in an object: one zstd frame, checked by length and SHA-256 when it is read. */
public final class PackedState {
    /** What zstd calls its default: states shrink to a third, at some 200 MB a second. */
    private static final int LEVEL = 3;

    private PackedState() {}

    public static byte[] pack(byte[] state) {
        return Zstd.compress(state, LEVEL);
    }

    /**
     * The state that was packed.
     *
     * @param what what is read, for the message
     * @throws StoreException.ObjectDamaged if it is not the one with this length and hash
     */
    public static byte[] unpack(byte[] packed, long size, byte[] sha256, String what) {
        byte[] state;
        try {
            state = Zstd.decompress(packed, Math.toIntExact(size));
        } catch (ZstdException | ArithmeticException unreadable) {
            throw new StoreException.ObjectDamaged(
                    what + " cannot be unpacked: " + unreadable.getMessage(), unreadable);
        }
        check(state, size, sha256, what);
        return state;
    }

    /** Fails with {@link StoreException.ObjectDamaged} unless the state has this length and hash. */
    public static void check(byte[] state, long size, byte[] sha256, String what) {
        byte[] found = BlobKeys.sha256(state);
        if (state.length != size || !Arrays.equals(found, sha256)) {
            throw new StoreException.ObjectDamaged(
                    what + " should have " + size + " bytes with SHA-256 "
                            + HexFormat.of().formatHex(sha256) + ", but has " + state.length + " with "
                            + HexFormat.of().formatHex(found),
                    null);
        }
    }
}
