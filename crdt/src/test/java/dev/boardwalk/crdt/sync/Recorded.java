package dev.boardwalk.crdt.sync;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPInputStream;

/** The golden bytes that npm packages wrote (src/test/recording), read from the test resources. */
public final class Recorded {
    private static final HexFormat HEX = HexFormat.of();

    private Recorded() {}

    /** Random editing by several peers, and what the document that has all of it knows and has deleted. */
    public record History(List<byte[]> updates, byte[] stateVector, byte[] deleteSet) {}

    /** One line of a recording: its first word and its bytes. */
    record Line(String name, byte[] bytes) {}

    static byte[] hex(String text) {
        return HEX.parseHex(text.replace(" ", ""));
    }

    static List<Line> lines(String resource) {
        return text(resource)
                .lines()
                .map(line -> line.split(" "))
                .map(words -> new Line(words[0], hex(words[1])))
                .toList();
    }

    static Map<String, byte[]> byName(String resource) {
        Map<String, byte[]> named = new LinkedHashMap<>();
        lines(resource).forEach(line -> named.put(line.name(), line.bytes()));
        return named;
    }

    static Map<String, byte[]> updates() {
        return byName("updates-yjs-13.6.33.txt");
    }

    /** The update that yjs wrote under that name in the recording. */
    static byte[] update(String name) {
        return Objects.requireNonNull(updates().get(name), name);
    }

    /** The message that y-protocols wrote under that name in the recording. */
    static byte[] message(String name) {
        return Objects.requireNonNull(byName("messages-y-protocols-1.0.7.txt").get(name), name);
    }

    public static List<History> histories() {
        try (InputStream in = new GZIPInputStream(open("histories-yjs-13.6.33.bin.gz"))) {
            byte[] bytes = in.readAllBytes();
            ByteReader reader = new ByteReader(MalformedInput.Subject.FRAME, bytes, 0, bytes.length);
            List<History> histories = new ArrayList<>();
            for (long i = reader.varUint(); i > 0; i--) {
                histories.add(history(reader));
            }
            reader.expectEnd();
            return histories;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static History history(ByteReader reader) {
        List<byte[]> updates = new ArrayList<>();
        for (long i = reader.varUint(); i > 0; i--) {
            updates.add(reader.varBytes());
        }
        return new History(updates, reader.varBytes(), reader.varBytes());
    }

    private static String text(String resource) {
        try (InputStream in = open(resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static InputStream open(String resource) {
        return Objects.requireNonNull(Recorded.class.getResourceAsStream(resource), resource);
    }
}
