package dev.boardwalk.store;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * Operations of one entity as bytes: a version, how many there are, and one after the other, in order of time.
 *
 * <p>Numbers are big endian and of fixed width, since the whole is compressed. Times are microseconds, as Postgres keeps
 * them, so that an operation comes back exactly as its row was.
 */
final class OperationBlock {
    private static final int VERSION = 1;

    private OperationBlock() {}

    static byte[] encode(List<LoggedOperation> operations) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            out.writeInt(operations.size());
            for (LoggedOperation operation : operations) {
                write(out, operation);
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    private static void write(DataOutputStream out, LoggedOperation operation) throws IOException {
        out.writeLong(operation.operationId());
        out.writeLong(operation.position());
        out.writeLong(ChronoUnit.MICROS.between(Instant.EPOCH, operation.createdAt()));
        out.writeLong(operation.gatewayId());
        out.writeLong(operation.firstTick());
        out.writeLong(operation.lastTick());
        out.writeByte(operation.format().stored());
        String authors = operation.authors();
        byte[] text = authors == null ? null : authors.getBytes(StandardCharsets.UTF_8);
        out.writeInt(text == null ? -1 : text.length);
        if (text != null) {
            out.write(text);
        }
        out.writeInt(operation.bytes().length);
        out.write(operation.bytes());
    }

    /** Fails with {@link StoreException.ObjectDamaged} on bytes that {@link #encode} did not write. */
    static List<LoggedOperation> decode(EntityId entity, byte[] block, String what) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(block))) {
            int version = in.readByte();
            if (version != VERSION) {
                throw new IOException("version " + version + " is not known here");
            }
            int count = in.readInt();
            List<LoggedOperation> operations = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                operations.add(read(in, entity));
            }
            if (in.available() > 0) {
                throw new IOException(in.available() + " bytes too many");
            }
            return operations;
        } catch (IOException | IllegalArgumentException unreadable) {
            throw new StoreException.ObjectDamaged(what + " cannot be read: " + unreadable.getMessage(), unreadable);
        }
    }

    private static LoggedOperation read(DataInputStream in, EntityId entity) throws IOException {
        long operationId = in.readLong();
        long position = in.readLong();
        Instant createdAt = Instant.EPOCH.plus(in.readLong(), ChronoUnit.MICROS);
        long gatewayId = in.readLong();
        long firstTick = in.readLong();
        long lastTick = in.readLong();
        OperationFormat format = OperationFormat.ofStored(in.readByte());
        int authorsLength = in.readInt();
        String authors = authorsLength < 0 ? null : new String(bytes(in, authorsLength), StandardCharsets.UTF_8);
        byte[] bytes = bytes(in, in.readInt());
        return new LoggedOperation(
                entity, operationId, position, createdAt, format, bytes, authors, gatewayId, firstTick, lastTick);
    }

    private static byte[] bytes(DataInputStream in, int length) throws IOException {
        if (length < 0 || length > in.available()) {
            throw new IOException("a length of " + length + " where " + in.available() + " bytes are left");
        }
        return in.readNBytes(length);
    }
}
