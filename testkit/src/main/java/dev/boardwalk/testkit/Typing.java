package dev.boardwalk.testkit;

import java.io.ByteArrayOutputStream;

/**
 * Somebody who types at the end of a root text: each call is one update in Yjs v1 encoding, made by hand, which refers to the
 * one before, so that a lost one shows.
 */
public final class Typing {
    private static final int STRING = 4;
    private static final int HAS_ORIGIN = 0x80;

    private final String root;
    private final long client;
    private long clock;

    /** Into the root text {@code t}. */
    public Typing(long client) {
        this("t", client);
    }

    public Typing(String root, long client) {
        this.root = root;
        this.client = client;
    }

    /** Appends text after what this client typed before. ASCII only. */
    public byte[] type(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        YjsBytes.varUint(out, 1);
        YjsBytes.varUint(out, 1);
        YjsBytes.varUint(out, client);
        YjsBytes.varUint(out, clock);
        if (clock == 0) {
            out.write(STRING);
            YjsBytes.varUint(out, 1);
            YjsBytes.string(out, root);
        } else {
            out.write(STRING | HAS_ORIGIN);
            YjsBytes.varUint(out, client);
            YjsBytes.varUint(out, clock - 1);
        }
        YjsBytes.string(out, text);
        YjsBytes.varUint(out, 0);
        clock += text.length();
        return out.toByteArray();
    }

    /** An update that nobody saw: the next one starts over a gap. */
    public void skip(String text) {
        type(text);
    }

    /** Deletes one letter that was typed. */
    public byte[] delete(long letter) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        YjsBytes.varUint(out, 0);
        YjsBytes.varUint(out, 1);
        YjsBytes.varUint(out, client);
        YjsBytes.varUint(out, 1);
        YjsBytes.varUint(out, letter);
        YjsBytes.varUint(out, 1);
        return out.toByteArray();
    }

    /** How many letters were typed, deleted or not. */
    public long letters() {
        return clock;
    }
}
