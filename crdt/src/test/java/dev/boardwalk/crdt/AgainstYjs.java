package dev.boardwalk.crdt;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** One Yjs from npm for all tests of a class that are judged by it. */
abstract class AgainstYjs {
    @SuppressWarnings("NullAway.Init")
    static Reference yjs;

    @BeforeAll
    @SuppressWarnings("MustBeClosed") // closed below
    static void startYjs() {
        yjs = new Reference();
    }

    @AfterAll
    static void stopYjs() {
        yjs.close();
    }
}
