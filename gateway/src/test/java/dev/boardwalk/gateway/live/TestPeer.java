package dev.boardwalk.gateway.live;

import dev.boardwalk.crdt.sync.AwarenessLimits;
import dev.boardwalk.crdt.sync.AwarenessUpdate;
import dev.boardwalk.crdt.sync.StateVectors;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A peer in a unit test: what it was sent can be read in words. */
final class TestPeer extends LivePeer {
    private final List<Outgoing> inbox = new ArrayList<>();

    @Nullable
    CloseReason closed;

    int confirmations;

    TestPeer(PeerKind kind) {
        super(kind);
    }

    void put(Outgoing message) {
        inbox.add(message);
    }

    /** The messages since the last call. */
    List<Outgoing> messages() {
        List<Outgoing> messages = List.copyOf(inbox);
        inbox.clear();
        return messages;
    }

    /** The messages since the last call, in words such as {@code update 7@0+3 -7@0+1}. */
    List<String> drain() {
        return messages().stream().map(TestPeer::words).toList();
    }

    private static String words(Outgoing message) {
        byte[] payload = message.payload();
        return switch (message.kind()) {
            case SYNC_STEP_1 -> "step1 " + vectorWords(payload);
            case SYNC_STEP_2 -> "step2 " + updateWords(payload);
            case UPDATE -> "update " + updateWords(payload);
            case AWARENESS -> "awareness " + awarenessWords(payload);
            case SYNC_STATUS -> payload[0] == 1 ? "durable" : "refused";
            case DENIAL -> "denied";
            case STATELESS -> "stateless " + new String(payload, StandardCharsets.UTF_8);
            case MARK -> "mark " + new String(payload, StandardCharsets.UTF_8);
        };
    }

    private static String vectorWords(byte[] payload) {
        List<String> parts = new ArrayList<>();
        StateVectors.decode(payload).forEach((client, clock) -> parts.add(client + ":" + clock));
        return parts.isEmpty() ? "nothing" : parts.stream().sorted().collect(Collectors.joining(" "));
    }

    private static String updateWords(byte[] payload) {
        MiniUpdate update = MiniUpdate.decode(payload);
        String words = Stream.concat(
                        update.items().stream()
                                .map(item -> item.client() + "@" + item.clock() + "+"
                                        + item.text().length()),
                        update.deletes().stream()
                                .map(range -> "-" + range.client() + "@" + range.clock() + "+" + range.length()))
                .collect(Collectors.joining(" "));
        return words.isEmpty() ? "nothing" : words;
    }

    static String awarenessWords(byte[] payload) {
        String words = AwarenessUpdate.decode(payload, 0, payload.length, AwarenessLimits.defaults()).entries().stream()
                .map(AwarenessUpdate.Entry::toString)
                .sorted()
                .collect(Collectors.joining(" "));
        return words.isEmpty() ? "nobody" : words;
    }
}
