package dev.boardwalk.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * What some content is, by its bytes.
 *
 * @param size in bytes
 */
public record ObjectDigest(long size, byte[] sha256) {

    /** Reads to the end, a part at a time. */
    static ObjectDigest of(InputStream in) throws IOException {
        MessageDigest digest = BlobKeys.sha256();
        long size = new DigestInputStream(in, digest).transferTo(OutputStream.nullOutputStream());
        return new ObjectDigest(size, digest.digest());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ObjectDigest that && size == that.size && Arrays.equals(sha256, that.sha256);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(sha256);
    }
}
