package dev.boardwalk.bench;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** How the clients of a load speak: what they say first, how they wrap an update, and what confirms it. */
enum LoadProtocol {
    /** The room is in the address; a keystroke is confirmed by its echo. */
    Y_WEBSOCKET {
        @Override
        String path(String base, String room) {
            return base + "/" + room;
        }

        @Override
        List<Buffer> hello(String room) {
            return List.of(Buffer.buffer(EMPTY_STEP_1));
        }

        @Override
        Buffer update(String room, byte[] update) {
            return Buffer.buffer(new Lib0Bytes(update.length + 8)
                    .octet(0)
                    .octet(2)
                    .varUint(update.length)
                    .raw(update)
                    .toArray());
        }

        @Override
        boolean isSign(String room, byte[] frame) {
            return false;
        }
    },
    /** Every frame begins with the room; a keystroke is confirmed by a sign without content. */
    HOCUSPOCUS {
        @Override
        String path(String base, String room) {
            return base;
        }

        @Override
        List<Buffer> hello(String room) {
            return List.of(
                    Buffer.buffer(address(room, 32)
                            .octet(2)
                            .octet(0)
                            .string("")
                            .string("4.7.0")
                            .toArray()),
                    Buffer.buffer(address(room, 16).raw(EMPTY_STEP_1).toArray()));
        }

        @Override
        Buffer update(String room, byte[] update) {
            return Buffer.buffer(address(room, update.length + 16)
                    .octet(0)
                    .octet(2)
                    .varUint(update.length)
                    .raw(update)
                    .toArray());
        }

        @Override
        boolean isSign(String room, byte[] frame) {
            int type = room.length() + 1;
            return frame.length == type + 2 && frame[type] == 8 && frame[type + 1] == 1;
        }

        private static Lib0Bytes address(String room, int more) {
            byte[] name = room.getBytes(StandardCharsets.US_ASCII);
            return new Lib0Bytes(name.length + more).varUint(name.length).raw(name);
        }
    };

    private static final byte[] EMPTY_STEP_1 = {0, 0, 1, 0};

    /** Where a client of the room connects, below the address where rooms live. */
    abstract String path(String base, String room);

    /** What a client says when its socket is open. */
    abstract List<Buffer> hello(String room);

    /** The frame of an edit. */
    abstract Buffer update(String room, byte[] update);

    /** Whether a frame confirms the oldest edit that is not confirmed yet, without repeating it. */
    abstract boolean isSign(String room, byte[] frame);
}
