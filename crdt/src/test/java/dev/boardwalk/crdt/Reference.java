package dev.boardwalk.crdt;

import com.google.errorprone.annotations.MustBeClosed;
import dev.boardwalk.testkit.NodeProcess;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Yjs from npm, in a process of its own, as what the engine is measured against. */
final class Reference implements AutoCloseable {
    private final NodeProcess node;

    /** What Yjs made of some updates: its JSON in canonical form, and its state vector. */
    record Made(List<byte[]> updates, String json, byte[] stateVector) {}

    /** What Yjs reads out of some updates. */
    record Read(String json, byte[] stateVector, boolean pending) {}

    @MustBeClosed
    @SuppressWarnings("MustBeClosed") // closed by close()
    Reference() {
        node = NodeProcess.start(Path.of("src/test/js/reference.mjs"));
    }

    /** A random history of several clients. */
    Made history(long seed, int steps, int clients) {
        return made(node.ask("history " + seed + " " + steps + " " + clients));
    }

    List<String> names() {
        return List.of(node.ask("names").split(" "));
    }

    /** One of the documents by hand. */
    Made document(String name) {
        return made(node.ask("document " + name));
    }

    /** "equal" if this update alone makes the document that was made last, down to what is deleted. */
    String check(byte[] update) {
        return node.ask("check " + encode(update));
    }

    /** The same of a later part on top of earlier updates. */
    String checkParts(List<byte[]> first, byte[] rest) {
        return node.ask("partial " + encode(first) + " " + encode(rest));
    }

    /** "equal" if some updates and one more show what others show, down to formats and attributes. */
    String restored(List<byte[]> present, byte[] update, List<byte[]> wanted) {
        return node.ask("restored " + encode(present) + " " + encode(update) + " " + encode(wanted));
    }

    byte[] stateVector(List<byte[]> updates) {
        return decode(node.ask("vector " + encode(updates)));
    }

    Read read(List<byte[]> updates) {
        String[] parts = node.ask("read " + encode(updates)).split(" ");
        return new Read(text(parts[0]), decode(parts[1]), Boolean.parseBoolean(parts[2]));
    }

    @Override
    public void close() {
        node.close();
    }

    private static Made made(String answer) {
        String[] parts = answer.split(" ", -1);
        List<byte[]> updates = Stream.of(parts[0].split(","))
                .filter(part -> !part.isEmpty())
                .map(Reference::decode)
                .toList();
        return new Made(updates, text(parts[1]), decode(parts[2]));
    }

    private static String text(String base64) {
        return new String(decode(base64), StandardCharsets.UTF_8);
    }

    private static byte[] decode(String base64) {
        return Base64.getDecoder().decode(base64);
    }

    private static String encode(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static String encode(List<byte[]> updates) {
        return updates.stream().map(Reference::encode).collect(Collectors.joining(","));
    }
}
