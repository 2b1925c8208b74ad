package dev.boardwalk.gateway;

import dev.boardwalk.testkit.NodeProcess;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Yjs clients from npm in a Node process, each known by a name: {@code peers.mjs} driven from Java. */
final class NpmPeers implements AutoCloseable {
    private final NodeProcess node;
    private int requests;

    @SuppressWarnings("MustBeClosedChecker") // closed by close()
    NpmPeers() {
        node = NodeProcess.start(Path.of("src/test/js/peers.mjs"));
    }

    /** What one client knows. */
    record State(JsonObject json) {
        String text() {
            return json.getString("text");
        }

        /** Tags that its document holds. */
        Set<String> tags() {
            return strings("tags");
        }

        /** Tags of its own edits that the server has confirmed by sending them back. */
        Set<String> confirmed() {
            return strings("confirmed");
        }

        Set<String> sent() {
            return strings("sent");
        }

        boolean connected() {
            return json.getBoolean("connected");
        }

        boolean synced() {
            return json.getBoolean("synced");
        }

        int messages() {
            return json.getInteger("messages");
        }

        /** Codes with which sockets of this client were closed. */
        List<Integer> closeCodes() {
            return json.getJsonArray("closes").stream()
                    .map(close -> ((JsonObject) close).getInteger("code"))
                    .toList();
        }

        /** Awareness states by client id. */
        JsonObject presence() {
            return json.getJsonObject("presence");
        }

        /** When an edit of somebody else arrived, in milliseconds since 1970; -1 if it has not. */
        long receivedAt(String tag) {
            return json.getJsonArray("received").stream()
                    .map(JsonObject.class::cast)
                    .filter(arrival -> arrival.getString("tag").equals(tag))
                    .mapToLong(arrival -> arrival.getLong("at"))
                    .findFirst()
                    .orElse(-1);
        }

        private Set<String> strings(String field) {
            JsonArray values = json.getJsonArray(field);
            return new TreeSet<>(values.stream().map(String::valueOf).toList());
        }
    }

    /**
     * Opens a client.
     *
     * @param generation 1, 2 or 3 for y-websocket 1.5, 2.1 and 3.0; 4 for @y/websocket 4. Generation 4 brings a Yjs of its
     *     own and needs a process of its own
     * @param project the address of the project, {@code ws://…/yjs/default}
     */
    void open(String peer, int generation, URI project, String entity) {
        ask(
                "open",
                new JsonObject()
                        .put("peer", peer)
                        .put("generation", generation)
                        .put("url", project.toString())
                        .put("entity", entity));
    }

    /**
     * Opens a provider of Hocuspocus.
     *
     * @param version 2, 3 or 4
     * @param project the address of the project, {@code ws://…/collab/default}
     */
    void openCollab(String peer, int version, URI project, String entity) {
        ask(
                "openCollab",
                new JsonObject()
                        .put("peer", peer)
                        .put("version", version)
                        .put("url", project.toString())
                        .put("entity", entity));
    }

    /** Makes an edit; answers when, in milliseconds since 1970. */
    long edit(String peer, String tag) {
        return ask("edit", peer(peer).put("tag", tag)).getLong("at");
    }

    /** Fills a root of every kind. */
    void fill(String peer) {
        ask("fill", peer(peer));
    }

    /** Gives a client what somebody else typed without its second word; answers the missing update. */
    String tear(String peer, String text) {
        JsonObject torn = ask("tear", peer(peer).put("text", text));
        assert torn.getBoolean("pending");
        return torn.getString("missing");
    }

    /** Gives a client what was missing. */
    void mend(String peer, String missing) {
        ask("mend", peer(peer).put("missing", missing));
    }

    void draw(String peer, JsonObject nodes, JsonObject edges) {
        ask("draw", peer(peer).put("nodes", nodes).put("edges", edges));
    }

    /** Runs JavaScript on {@code doc} and {@code Y}, in one transaction; answers what it returns. */
    @Nullable
    Object run(String peer, String script) {
        return ask("run", peer(peer).put("script", script)).getValue("value");
    }

    void presence(String peer, @Nullable JsonObject state) {
        ask("presence", peer(peer).put("state", state));
    }

    State state(String peer) {
        return new State(ask("state", peer(peer)));
    }

    /** The document's own toJSON(). */
    JsonObject json(String peer) {
        return ask("json", peer(peer));
    }

    void disconnect(String peer) {
        ask("disconnect", peer(peer));
    }

    void connect(String peer) {
        ask("connect", peer(peer));
    }

    void leave(String peer) {
        ask("close", peer(peer));
    }

    private static JsonObject peer(String name) {
        return new JsonObject().put("peer", name);
    }

    private JsonObject ask(String what, JsonObject details) {
        JsonObject request = details.copy().put("id", ++requests).put("do", what);
        JsonObject answer = new JsonObject(node.ask(request.encode()));
        if (answer.containsKey("error")) {
            throw new IllegalStateException(what + " " + details + " failed: " + answer.getString("error"));
        }
        return answer.getJsonObject("ok");
    }

    @Override
    public void close() {
        node.close();
    }
}
