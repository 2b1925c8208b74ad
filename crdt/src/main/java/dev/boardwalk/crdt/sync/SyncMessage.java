package dev.boardwalk.crdt.sync;

import dev.boardwalk.crdt.sync.MalformedInput.Code;
import dev.boardwalk.crdt.sync.MalformedInput.Subject;

/**
 * A message of the y-protocols sync protocol, without the framing that carries it: {@code 00 bytes} | {@code 01 bytes} |
 * {@code 02 bytes}.
 *
 * <p>Decoding unpacks only: the state vector is read by {@link StateVectors}, updates by {@link UpdateValidator}. The
 * arrays are the message's own copies and must not be changed.
 */
public sealed interface SyncMessage {
    int STEP1 = 0;
    int STEP2 = 1;
    int UPDATE = 2;

    /** "This is what I know; send me the rest." */
    record Step1(byte[] stateVector) implements SyncMessage {}

    /** The answer to a {@link Step1}: what the asker lacks. */
    record Step2(byte[] update) implements SyncMessage {}

    /** An edit. */
    record Update(byte[] update) implements SyncMessage {}

    /**
     * Reads {@code length} bytes from {@code offset} on as one message.
     *
     * @throws MalformedInput if they are not one
     */
    static SyncMessage decode(byte[] bytes, int offset, int length) {
        ByteReader in = new ByteReader(Subject.FRAME, bytes, offset, length);
        long step = in.varUint();
        if (step > UPDATE) {
            throw in.refusal(Code.UNKNOWN_SYNC_STEP, UPDATE);
        }
        byte[] payload = in.varBytes();
        in.expectEnd();
        return switch ((int) step) {
            case STEP1 -> new Step1(payload);
            case STEP2 -> new Step2(payload);
            default -> new Update(payload);
        };
    }

    /** The encoded message. */
    default byte[] encode() {
        return new ByteWriter(8 + payload().length)
                .varUint(step())
                .varBytes(payload())
                .toBytes();
    }

    /** The first number of the encoded message. */
    default int step() {
        return switch (this) {
            case Step1 _ -> STEP1;
            case Step2 _ -> STEP2;
            case Update _ -> UPDATE;
        };
    }

    /** The state vector or update that the message carries. */
    default byte[] payload() {
        return switch (this) {
            case Step1(byte[] stateVector) -> stateVector;
            case Step2(byte[] update) -> update;
            case Update(byte[] update) -> update;
        };
    }
}
