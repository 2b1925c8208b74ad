package dev.boardwalk.gateway;

import dev.boardwalk.store.EntityId;
import dev.boardwalk.store.EntityKey;
import dev.boardwalk.store.OrganisationId;
import dev.boardwalk.store.StoreException;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * The bytes of messages between gateways: {@code version secret gateway kind body}, numbers big-endian, lists and byte
 * strings after their length.
 *
 * <p>The secret is the database's, so that whoever cannot read the database is not listened to. A length is believed only
 * as far as there are bytes for it.
 */
final class RelayCodec {

    /** A message and the gateway that sent it. */
    record Received(long gateway, RelayMessage message) {}

    /** Bytes that are not a message of a gateway on this database. */
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        Malformed(String message) {
            super(message);
        }
    }

    /** Gateways of different versions do not understand each other; what they miss they read from the journal. */
    private static final byte VERSION = 1;

    private static final int TICK = 1;
    private static final int RECOVERED = 2;
    private static final int ALIVE = 3;
    private static final int LEAVING = 4;
    private static final int PRESENCE = 5;
    private static final int PRESENCE_WANTED = 6;
    private static final int DELETED = 7;
    private static final int NOTICE = 8;
    private static final int STATELESS = 9;
    private static final int CLIENT_CLAIMED = 10;
    private static final int CLIENT_TAKEN = 11;

    /** Organisation, and two names after their lengths. */
    private static final int KEY_BYTES_MIN = 8 + 2 + 2;

    private static final int CONTENTS_BYTES_MIN = KEY_BYTES_MIN + 8 + 4;
    private static final int PRESENCE_BYTES_MIN = KEY_BYTES_MIN + 4;

    private final UUID secret;

    RelayCodec(UUID secret) {
        this.secret = secret;
    }

    byte[] encode(long gateway, RelayMessage message) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            out.writeLong(secret.getMostSignificantBits());
            out.writeLong(secret.getLeastSignificantBits());
            out.writeLong(gateway);
            write(out, message);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    private static void write(DataOutputStream out, RelayMessage message) throws IOException {
        switch (message) {
            case RelayMessage.Tick(long tick, List<RelayMessage.Contents> contents) -> {
                out.writeByte(TICK);
                out.writeLong(tick);
                writeContents(out, contents);
            }
            case RelayMessage.Recovered(List<RelayMessage.Contents> contents) -> {
                out.writeByte(RECOVERED);
                writeContents(out, contents);
            }
            case RelayMessage.Alive(long lastTick) -> {
                out.writeByte(ALIVE);
                out.writeLong(lastTick);
            }
            case RelayMessage.Leaving() -> out.writeByte(LEAVING);
            case RelayMessage.Presence(List<RelayMessage.EntityPresence> entities) -> {
                out.writeByte(PRESENCE);
                out.writeInt(entities.size());
                for (RelayMessage.EntityPresence each : entities) {
                    writeKey(out, each.key());
                    writeBytes(out, each.awareness());
                }
            }
            case RelayMessage.PresenceWanted(EntityKey key) -> {
                out.writeByte(PRESENCE_WANTED);
                writeKey(out, key);
            }
            case RelayMessage.ClientClaimed(EntityKey key, long client) -> {
                out.writeByte(CLIENT_CLAIMED);
                writeKey(out, key);
                out.writeLong(client);
            }
            case RelayMessage.ClientTaken(EntityKey key, long client, long byGateway) -> {
                out.writeByte(CLIENT_TAKEN);
                writeKey(out, key);
                out.writeLong(client);
                out.writeLong(byGateway);
            }
            case RelayMessage.Deleted(EntityKey key) -> {
                out.writeByte(DELETED);
                writeKey(out, key);
            }
            case RelayMessage.Stateless(EntityKey key, byte[] payload) -> {
                out.writeByte(STATELESS);
                writeKey(out, key);
                writeBytes(out, payload);
            }
            case RelayMessage.Notice(String topic, byte[] payload) -> {
                out.writeByte(NOTICE);
                writeText(out, topic);
                writeBytes(out, payload);
            }
        }
    }

    private static void writeContents(DataOutputStream out, List<RelayMessage.Contents> contents) throws IOException {
        out.writeInt(contents.size());
        for (RelayMessage.Contents each : contents) {
            writeKey(out, each.key());
            out.writeLong(each.id().number());
            out.writeInt(each.updates().size());
            for (byte[] update : each.updates()) {
                writeBytes(out, update);
            }
        }
    }

    private static void writeKey(DataOutputStream out, EntityKey key) throws IOException {
        out.writeLong(key.organisation().value());
        writeText(out, key.project());
        writeText(out, key.name());
    }

    private static void writeText(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeShort(bytes.length);
        out.write(bytes);
    }

    private static void writeBytes(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    /** Fails with {@link Malformed} and nothing else, whatever the bytes are. */
    Received decode(byte[] bytes) throws Malformed {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            if (in.get() != VERSION) {
                throw new Malformed("message of another version");
            }
            // Without a short cut: how long it takes must not tell how much of it was right.
            long differing = in.getLong() ^ secret.getMostSignificantBits();
            differing |= in.getLong() ^ secret.getLeastSignificantBits();
            if (differing != 0) {
                throw new Malformed("message without the secret of this database");
            }
            long gateway = in.getLong();
            RelayMessage message = read(in);
            if (in.hasRemaining()) {
                throw new Malformed("message with " + in.remaining() + " bytes behind its end");
            }
            return new Received(gateway, message);
        } catch (BufferUnderflowException truncated) {
            throw new Malformed("message that ends too soon, after " + bytes.length + " bytes");
        } catch (StoreException.InvalidName | IllegalArgumentException invalid) {
            throw new Malformed("message with an impossible name or number: " + invalid.getMessage());
        }
    }

    private static RelayMessage read(ByteBuffer in) throws Malformed {
        int kind = in.get();
        return switch (kind) {
            case TICK -> new RelayMessage.Tick(in.getLong(), readContents(in));
            case RECOVERED -> new RelayMessage.Recovered(readContents(in));
            case ALIVE -> new RelayMessage.Alive(in.getLong());
            case LEAVING -> new RelayMessage.Leaving();
            case PRESENCE -> {
                int count = count(in, PRESENCE_BYTES_MIN);
                List<RelayMessage.EntityPresence> entities = new ArrayList<>(count);
                for (int i = 0; i < count; i++) {
                    entities.add(new RelayMessage.EntityPresence(readKey(in), readBytes(in)));
                }
                yield new RelayMessage.Presence(entities);
            }
            case PRESENCE_WANTED -> new RelayMessage.PresenceWanted(readKey(in));
            case CLIENT_CLAIMED -> new RelayMessage.ClientClaimed(readKey(in), in.getLong());
            case CLIENT_TAKEN -> new RelayMessage.ClientTaken(readKey(in), in.getLong(), in.getLong());
            case DELETED -> new RelayMessage.Deleted(readKey(in));
            case STATELESS -> new RelayMessage.Stateless(readKey(in), readBytes(in));
            case NOTICE -> new RelayMessage.Notice(readText(in), readBytes(in));
            default -> throw new Malformed("message of the unknown kind " + kind);
        };
    }

    private static List<RelayMessage.Contents> readContents(ByteBuffer in) throws Malformed {
        int count = count(in, CONTENTS_BYTES_MIN);
        List<RelayMessage.Contents> contents = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            EntityKey key = readKey(in);
            EntityId id = new EntityId(key.organisation(), in.getLong());
            int updates = count(in, Integer.BYTES);
            List<byte[]> read = new ArrayList<>(updates);
            for (int j = 0; j < updates; j++) {
                read.add(readBytes(in));
            }
            contents.add(new RelayMessage.Contents(key, id, read));
        }
        return contents;
    }

    private static EntityKey readKey(ByteBuffer in) {
        OrganisationId organisation = new OrganisationId(in.getLong());
        return new EntityKey(organisation, readText(in), readText(in));
    }

    private static String readText(ByteBuffer in) {
        byte[] bytes = new byte[Short.toUnsignedInt(in.getShort())];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static byte[] readBytes(ByteBuffer in) throws Malformed {
        byte[] bytes = new byte[count(in, 1)];
        in.get(bytes);
        return bytes;
    }

    /** A number of things that follow, each of at least so many bytes. */
    private static int count(ByteBuffer in, int bytesEach) throws Malformed {
        int count = in.getInt();
        if (count < 0 || count > in.remaining() / bytesEach) {
            throw new Malformed("message that promises " + count + " things and has " + in.remaining() + " bytes");
        }
        return count;
    }
}
