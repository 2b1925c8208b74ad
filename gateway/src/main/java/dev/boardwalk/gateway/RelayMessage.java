package dev.boardwalk.gateway;

import dev.boardwalk.store.EntityId;
import dev.boardwalk.store.EntityKey;
import java.util.List;

/** What gateways tell each other. Nothing of it has to arrive: what is durable is in the journal. */
sealed interface RelayMessage {

    /** Longest topic of a {@link Notice} in bytes. */
    int TOPIC_BYTES_MAX = 64;

    /** What one entity got: committed updates in their order. Without updates: there is something to be read again. */
    record Contents(EntityKey key, EntityId id, List<byte[]> updates) {
        public Contents {
            updates = List.copyOf(updates);
        }
    }

    /** Awareness of the peers that one entity has at a gateway, encoded as an {@code AwarenessUpdate}. */
    record EntityPresence(EntityKey key, byte[] awareness) {}

    /** A tick was committed. A gateway sends all its ticks in their order. */
    record Tick(long tick, List<Contents> contents) implements RelayMessage {
        public Tick {
            contents = List.copyOf(contents);
        }
    }

    /** What was committed under the lease of a gateway that died before it could say so. */
    record Recovered(List<Contents> contents) implements RelayMessage {
        public Recovered {
            contents = List.copyOf(contents);
        }
    }

    /** The sender lives, and this is its last tick. */
    record Alive(long lastTick) implements RelayMessage {}

    /** The sender goes, and its peers with it. */
    record Leaving() implements RelayMessage {}

    /** Who is at the sender. */
    record Presence(List<EntityPresence> entities) implements RelayMessage {
        public Presence {
            entities = List.copyOf(entities);
        }
    }

    /** The sender has loaded an entity and wants to know who is in it elsewhere. */
    record PresenceWanted(EntityKey key) implements RelayMessage {}

    /** A peer at the sender says that it is this Yjs client. */
    record ClientClaimed(EntityKey key, long client) implements RelayMessage {}

    /** A peer at the sender, which is alive, is this client: what another gateway's peer says it is too. */
    record ClientTaken(EntityKey key, long client, long byGateway) implements RelayMessage {}

    /** An entity was deleted. */
    record Deleted(EntityKey key) implements RelayMessage {}

    /** A stateless message of an application to all that are in an entity. */
    record Stateless(EntityKey key, byte[] payload) implements RelayMessage {}

    /** Something that another part of the gateway tells its like. */
    record Notice(String topic, byte[] payload) implements RelayMessage {}
}
