package dev.boardwalk.bench;

import java.net.URI;
import java.util.List;

/** A server under measurement: a process tree that serves y-websocket clients. */
sealed interface Rival extends AutoCloseable permits BoardwalkRival, YWebsocketRival {
    /** The name printed in tables. */
    String title();

    /** Where rooms live: a room's address is this and a slash and its name. */
    URI rooms();

    /** The roots of its process tree, all that its CPU time is summed over. */
    List<Long> pids();

    /** Stops the server and waits for its end. */
    @Override
    void close();
}
