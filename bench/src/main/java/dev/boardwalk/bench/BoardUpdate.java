package dev.boardwalk.bench;

/**
 * Writes a whole whiteboard as one Yjs v1 update, by the content conventions: a root map {@code nodes} with a map for each
 * node, position, size, colour and a text of some words. About 300 bytes a node, so 10,000 nodes are 3 MB.
 */
final class BoardUpdate {
    private static final int TYPE = 7;
    private static final int ANY = 8;
    private static final int STRING = 4;
    private static final int KEYED = 0x20;
    private static final int MAP = 1;
    private static final int TEXT = 2;
    private static final int ANY_STRING = 119;
    private static final int ANY_INTEGER = 125;
    private static final String WORDS = "ships the quarterly report once legal has signed it off and the numbers agree";

    private final Lib0Bytes structs = new Lib0Bytes(1 << 20);
    private final long client;
    private long clock;
    private int count;

    private BoardUpdate(long client) {
        this.client = client;
    }

    /** The update of a board with this many nodes, all written by {@code client} from clock 0 on. */
    static byte[] ofNodes(long client, int nodes) {
        BoardUpdate board = new BoardUpdate(client);
        for (int node = 0; node < nodes; node++) {
            board.node(node);
        }
        return new Lib0Bytes(1 << 16)
                .varUint(1)
                .varUint(board.count)
                .varUint(client)
                .varUint(0)
                .raw(board.structs.toArray())
                .varUint(0)
                .toArray();
    }

    private void node(int index) {
        long map = clock;
        structs.octet(TYPE | KEYED)
                .varUint(1)
                .string("nodes")
                .string("node-" + index)
                .octet(MAP);
        struct(1);
        stringField(map, "type", "card");
        field(map, "x").octet(ANY_INTEGER).varUint(index % 63);
        field(map, "y").octet(ANY_INTEGER).varUint(index % 61);
        field(map, "width").octet(ANY_INTEGER).varUint(40);
        field(map, "height").octet(ANY_INTEGER).varUint(20);
        stringField(map, "color", "#aabbcc");
        stringField(map, "kind", "card-of-the-board-" + index);
        long text = clock;
        structs.octet(TYPE | KEYED)
                .varUint(0)
                .varUint(client)
                .varUint(map)
                .string("text")
                .octet(TEXT);
        struct(1);
        structs.octet(STRING).varUint(0).varUint(client).varUint(text).string(WORDS);
        struct(WORDS.length());
    }

    /** Begins a keyed value of {@code map}: one value of lib0's Any follows. */
    private Lib0Bytes field(long map, String key) {
        structs.octet(ANY | KEYED)
                .varUint(0)
                .varUint(client)
                .varUint(map)
                .string(key)
                .varUint(1);
        struct(1);
        return structs;
    }

    private void stringField(long map, String key, String value) {
        field(map, key).octet(ANY_STRING).string(value);
    }

    private void struct(int clocks) {
        clock += clocks;
        count++;
    }
}
