package dev.boardwalk.bench;

import java.net.URI;
import java.util.List;

/** A server under measurement, or one door of it: a process tree that serves Yjs clients. */
sealed interface Rival extends AutoCloseable permits BoardwalkRival, CollabDoor, YWebsocketRival {
    /** The name printed in tables. */
    String title();

    /** Where rooms live; how a room is reached from there, its protocol says. */
    URI rooms();

    /** What its clients speak. */
    default LoadProtocol protocol() {
        return LoadProtocol.Y_WEBSOCKET;
    }

    /** The roots of its process tree, all that its CPU time is summed over. */
    List<Long> pids();

    /** Stops the server and waits for its end. */
    @Override
    void close();
}
