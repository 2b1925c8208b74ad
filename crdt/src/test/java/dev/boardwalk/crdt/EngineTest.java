package dev.boardwalk.crdt;

import static dev.boardwalk.testkit.YjsBytes.hex;
import static org.assertj.core.api.Assertions.assertThat;

import dev.boardwalk.testkit.Typing;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What tests of the engine have in common: a few updates by hand, and that no document stays open. */
abstract class EngineTest {
    /** Y.Text "text" with "hello", by client 7. */
    static final byte[] HELLO = hex("0101070004010474657874" + "0568656c6c6f" + "00");

    /** " you" by client 7, after "hello". */
    static final byte[] YOU = hex("01010705840704" + "0420796f75" + "00");

    static final byte[] NOTHING = hex("0000");

    private long openBefore;

    @BeforeEach
    void count_open_documents() {
        openBefore = Engine.openDocuments();
    }

    @AfterEach
    void no_document_stays_open() {
        assertThat(Engine.openDocuments()).isEqualTo(openBefore);
    }

    /** A text typed letter by letter, an update for each. */
    static List<byte[]> typed(int letters) {
        Typing typing = new Typing("text", 7);
        List<byte[]> updates = new ArrayList<>();
        for (int letter = 0; letter < letters; letter++) {
            updates.add(typing.type("x"));
        }
        return updates;
    }
}
