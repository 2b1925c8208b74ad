package dev.boardwalk.gateway;

import dev.boardwalk.gateway.live.LivePeer;
import dev.boardwalk.gateway.live.Outgoing;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The peers of one entity that get every broadcast. Belongs to the entity's shard. */
final class Audience {
    private final List<SocketPeer> members = new ArrayList<>();

    void add(SocketPeer peer) {
        peer.audienceIndex(members.size());
        members.add(peer);
    }

    void remove(SocketPeer peer) {
        // The last one takes the place: no search, no shifting.
        int index = peer.audienceIndex();
        SocketPeer last = members.removeLast();
        if (last != peer) {
            members.set(index, last);
            last.audienceIndex(index);
        }
    }

    void send(Frames frames, Outgoing message, @Nullable LivePeer except) {
        for (int i = 0; i < members.size(); i++) {
            SocketPeer peer = members.get(i);
            if (peer != except) {
                frames.send(peer, message);
            }
        }
    }
}
