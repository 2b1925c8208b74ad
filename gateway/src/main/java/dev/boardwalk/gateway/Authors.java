package dev.boardwalk.gateway;

import dev.boardwalk.crdt.sync.UpdateOutline;
import dev.boardwalk.gateway.live.ValidUpdate;
import dev.boardwalk.gateway.live.Writer;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who wrote an operation, as its row keeps it: a JSON array of {@code {client, user, name}}, each as far as it is known.
 * {@code user} is who signed in, {@code name} what the client called itself in its awareness state.
 */
final class Authors {
    /** Longest name that is kept. */
    private static final int NAME_LENGTH_MAX = 100;

    private static final int CLIENTS_MAX = 200;

    private Authors() {}

    /** Null if nobody is known. */
    static @Nullable String of(List<Writer> writers) {
        JsonArray authors = new JsonArray();
        for (Writer writer : writers) {
            JsonObject author = new JsonObject();
            if (writer.client() != Writer.UNKNOWN) {
                author.put("client", writer.client());
            }
            if (writer.user() != null) {
                author.put("user", writer.user());
            }
            String name = writer.presence() == null ? null : name(writer.presence());
            if (name != null) {
                author.put("name", name);
            }
            if (!author.isEmpty()) {
                authors.add(author);
            }
        }
        return authors.isEmpty() ? null : authors.encode();
    }

    /** Of updates that were read back, of which nobody knows more than the client ids; null if there are none. */
    static @Nullable String ofUpdates(List<byte[]> updates) {
        Set<Long> clients = new LinkedHashSet<>();
        for (ValidUpdate update : StoredContent.validated(updates)) {
            UpdateOutline outline = update.outline();
            for (int section = 0; section < outline.sections() && clients.size() < CLIENTS_MAX; section++) {
                clients.add(outline.client(section));
            }
        }
        return of(clients.stream().map(client -> new Writer(client, null, null)).toList());
    }

    /** As most editors put it: {@code {user: {name}}}, or {@code {name}}. */
    private static @Nullable String name(byte[] presence) {
        try {
            JsonObject state = new JsonObject(Buffer.buffer(presence));
            Object user = state.getValue("user");
            Object name = user instanceof JsonObject known ? known.getValue("name") : state.getValue("name");
            return name instanceof String text && !text.isBlank() ? shortened(text) : null;
        } catch (DecodeException _) {
            // A client may make anything its state; then it has no name.
            return null;
        }
    }

    private static String shortened(String name) {
        if (name.length() <= NAME_LENGTH_MAX) {
            return name;
        }
        boolean splits = Character.isHighSurrogate(name.charAt(NAME_LENGTH_MAX - 1));
        return name.substring(0, splits ? NAME_LENGTH_MAX - 1 : NAME_LENGTH_MAX);
    }
}
