package dev.boardwalk.gateway;

import dev.boardwalk.crdt.Folded;
import dev.boardwalk.crdt.sync.ClockVector;
import dev.boardwalk.crdt.sync.IdSet;
import dev.boardwalk.crdt.sync.StateVectors;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/**
 * Names one content of an entity: the start of a hash of its state vector and its deletions. Contents with the same tag
 * say the same, in whatever order their edits came.
 */
record EntityTag(String text) {
    private static final int BYTES = 16;

    /** The tag of nothing. */
    static final EntityTag EMPTY = of(new ClockVector(), new IdSet());

    static EntityTag of(ClockVector known, IdSet deleted) {
        MessageDigest digest = sha256();
        digest.update(StateVectors.encode(known));
        return of(Arrays.copyOf(digest.digest(deleted.encode()), BYTES));
    }

    static EntityTag of(Folded folded) {
        return of(StateVectors.decode(folded.stateVector()), IdSet.decode(folded.deleteSet()));
    }

    /** As it was stored. */
    static EntityTag of(byte[] bytes) {
        return new EntityTag(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    byte[] bytes() {
        return Base64.getUrlDecoder().decode(text);
    }

    /** As headers carry it. */
    String quoted() {
        return '"' + text + '"';
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
