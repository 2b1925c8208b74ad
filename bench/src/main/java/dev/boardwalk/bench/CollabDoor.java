package dev.boardwalk.bench;

import java.net.URI;
import java.util.List;

/** The other door of a Boardwalk that runs already, for clients of Hocuspocus; its end is not ours. */
record CollabDoor(BoardwalkRival boardwalk) implements Rival {
    @Override
    public String title() {
        return "Boardwalk, /collab";
    }

    @Override
    public URI rooms() {
        return boardwalk.collab();
    }

    @Override
    public LoadProtocol protocol() {
        return LoadProtocol.HOCUSPOCUS;
    }

    @Override
    public List<Long> pids() {
        return boardwalk.pids();
    }

    @Override
    public void close() {
        // Whoever started the server stops it.
    }
}
