package dev.boardwalk.gateway.live;

/** Whoever is at the far end of a {@link SimSocket}. */
interface SimPeer {
    /** Called when the server puts a message on the wire, to check that it may. */
    void checkSent(Outgoing message);

    /** A message arrives. */
    void receive(Outgoing message);

    /** The socket was closed by the server, or lost. */
    void disconnected(SimSocket socket);
}
