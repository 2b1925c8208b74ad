package dev.boardwalk.compactor;

import dev.boardwalk.crdt.Document;
import dev.boardwalk.crdt.Engine;
import dev.boardwalk.crdt.EngineFailure;
import dev.boardwalk.crdt.Folded;
import dev.boardwalk.crdt.sync.IdSet;
import dev.boardwalk.crdt.sync.MalformedInput;
import dev.boardwalk.crdt.sync.StateVectors;
import dev.boardwalk.store.FoldInput;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The content of a snapshot and the operations after it as one state, with what it takes to prove that it is all there.
 *
 * <p>What the log holds is counted twice: by the engine, which makes the state, and by the Java validator, which knows
 * nothing of it. Only a state on which both agree is proven, so that neither a fault of the engine nor one in an object
 * can make content disappear.
 *
 * @param state the state as one update
 * @param stateVector its state vector, Yjs encoding
 * @param deleteSet all that is deleted in it, Yjs encoding
 */
@SuppressWarnings("ArrayRecordComponent")
record Fold(byte[] state, byte[] stateVector, byte[] deleteSet) {

    /** Folds; fails with {@link Unfoldable} if the content cannot be a state: it is to be left as it is then. */
    static Fold of(FoldInput input) {
        try {
            List<byte[]> updates = input.updates();
            Folded folded = Engine.fold(input.state(), updates, Engine.Projection.NONE);
            if (folded.pending()) {
                throw new Unfoldable("content refers to content that is not stored");
            }
            Fold fold = new Fold(folded.state(), folded.stateVector(), folded.deleteSet());
            fold.compare(Contents.of(all(input.state(), updates)), "the log");
            return fold;
        } catch (EngineFailure.Refused | EngineFailure.TooDeep | EngineFailure.Panicked failure) {
            throw new Unfoldable("the engine cannot fold it: " + failure.getMessage());
        } catch (MalformedInput | IllegalArgumentException failure) {
            throw new Unfoldable("the log holds what is no update: " + failure.getMessage());
        }
    }

    /** Proves that a state as it was read back is this one: opened again, it comes to the same. */
    void prove(byte[] readBack) {
        try (Document again = Document.open()) {
            again.apply(List.of(readBack));
            boolean same = !again.pending()
                    && Arrays.equals(again.stateVector(), stateVector)
                    && Arrays.equals(again.deleteSet(), deleteSet);
            if (!same) {
                throw new Unfoldable("the state that was read back folds to something else");
            }
        }
    }

    private static List<byte[]> all(byte @Nullable [] state, List<byte[]> updates) {
        List<byte[]> all = new ArrayList<>(updates.size() + 1);
        if (state != null) {
            all.add(state);
        }
        all.addAll(updates);
        return all;
    }

    private void compare(Contents content, String what) {
        if (!StateVectors.decode(stateVector).equals(content.known())) {
            throw new Unfoldable("the state vector of the fold is not that of " + what);
        }
        if (!IdSet.decode(deleteSet).equals(content.deleted())) {
            throw new Unfoldable("the delete set of the fold is not that of " + what);
        }
    }

    /** Why a document cannot be folded. */
    static final class Unfoldable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unfoldable(String reason) {
            super(reason);
        }
    }
}
