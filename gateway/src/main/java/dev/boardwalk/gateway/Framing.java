package dev.boardwalk.gateway;

import dev.boardwalk.crdt.sync.HocuspocusFrame;
import dev.boardwalk.crdt.sync.SyncMessage;
import dev.boardwalk.crdt.sync.YWebsocketFrame;
import dev.boardwalk.gateway.live.Outgoing;
import java.nio.charset.StandardCharsets;

/**
 * What stands before a message's payload in a peer's protocol.
 *
 * <p>A Hocuspocus frame begins with the document's name, which is the same for all peers of an entity; so is the whole
 * frame then. Only a client with session awareness has an address, and so frames, of its own.
 */
final class Framing {

    /** Who else can be sent the same frame. */
    enum Sharing {
        /** All y-websocket clients of the entity. */
        PLAIN,
        /** All Hocuspocus clients of the entity that give no session. */
        NAMED,
        /** Nobody. */
        SESSION
    }

    static final Framing Y_WEBSOCKET = new Framing(Sharing.PLAIN, new byte[0]);

    private final Sharing sharing;
    private final byte[] address;

    private Framing(Sharing sharing, byte[] address) {
        this.sharing = sharing;
        this.address = address;
    }

    /** Of a Hocuspocus client that calls its document so. */
    static Framing hocuspocus(String address) {
        byte[] name = address.getBytes(StandardCharsets.UTF_8);
        byte[] prefix = new byte[varUintLength(name.length) + name.length];
        int at = varUint(prefix, 0, name.length);
        System.arraycopy(name, 0, prefix, at, name.length);
        return new Framing(address.indexOf('\0') < 0 ? Sharing.NAMED : Sharing.SESSION, prefix);
    }

    Sharing sharing() {
        return sharing;
    }

    byte[] prefix(Outgoing.Kind kind, int length) {
        return switch (kind) {
            case SYNC_STEP_1 -> prefix(length, YWebsocketFrame.SYNC, SyncMessage.STEP1);
            case SYNC_STEP_2 -> prefix(length, YWebsocketFrame.SYNC, SyncMessage.STEP2);
            case UPDATE -> prefix(length, YWebsocketFrame.SYNC, SyncMessage.UPDATE);
            case AWARENESS -> prefix(length, YWebsocketFrame.AWARENESS);
            case MARK -> prefix(length, YWebsocketFrame.MARKER);
            case DENIAL -> prefix(length, YWebsocketFrame.AUTH, 0);
            case STATELESS -> prefix(length, HocuspocusFrame.STATELESS);
            case SYNC_STATUS -> prefix(-1, HocuspocusFrame.SYNC_STATUS);
        };
    }

    /** The address, message types (each below 128 and so one byte), then the length, unless it is negative. */
    private byte[] prefix(int length, int... types) {
        int lengthBytes = length < 0 ? 0 : varUintLength(length);
        byte[] prefix = new byte[address.length + types.length + lengthBytes];
        System.arraycopy(address, 0, prefix, 0, address.length);
        int at = address.length;
        for (int type : types) {
            prefix[at++] = (byte) type;
        }
        if (length >= 0) {
            varUint(prefix, at, length);
        }
        return prefix;
    }

    private static int varUintLength(int value) {
        return Math.max(1, (38 - Integer.numberOfLeadingZeros(value)) / 7);
    }

    /** Writes and answers where the next byte goes. */
    @com.google.errorprone.annotations.CanIgnoreReturnValue
    private static int varUint(byte[] to, int from, int value) {
        int at = from;
        int rest = value;
        while (rest > 0x7f) {
            to[at++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        to[at++] = (byte) rest;
        return at;
    }
}
