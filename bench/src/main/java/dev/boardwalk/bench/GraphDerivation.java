package dev.boardwalk.bench;

import dev.boardwalk.store.Database;
import dev.boardwalk.store.EntityId;
import dev.boardwalk.store.EntityKey;
import dev.boardwalk.store.FlushWriter;
import dev.boardwalk.store.FlushedEntity;
import dev.boardwalk.store.GatewayLease;
import dev.boardwalk.store.OperationFormat;
import dev.boardwalk.store.OrganisationId;
import dev.boardwalk.store.Projection;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** Boards that are flushed for the first time, until all their relationships are in AGE. */
final class GraphDerivation {
    private static final int NODES = 500;
    private static final int EDGES = 1_000;
    private static final int BOARDS_PER_FLUSH = 5;
    /** Flushes that do not count. */
    private static final int WARM_UP = 2;

    private static final int FLUSHES = 6;

    private GraphDerivation() {}

    /** Relationships in a second, those from boards to their nodes included. The boards are deleted afterwards. */
    static double perSecond(Database database) {
        int boards = (WARM_UP + FLUSHES) * BOARDS_PER_FLUSH;
        FlushWriter writer = database.flushWriter();
        GatewayLease lease = database.leases().register("bench graph");
        List<List<FlushedEntity>> batches = new ArrayList<>();
        for (int at = 0; at < boards; at++) {
            EntityId id = Waits.await(database.entities().loadOrCreate(key(at))).id();
            Projection projection = new Projection(content(at), "board", null, new byte[] {0}, 2);
            if (at % BOARDS_PER_FLUSH == 0) {
                batches.add(new ArrayList<>());
            }
            batches.getLast()
                    .add(FlushedEntity.projected(id, OperationFormat.MERGED, new byte[] {0}, null, 1, 1, projection));
        }
        long start = 0;
        for (int at = 0; at < batches.size(); at++) {
            List<FlushedEntity> batch = batches.get(at);
            if (at == WARM_UP) {
                start = System.nanoTime();
            }
            if (!writer.write(lease, batch, null).quarantined().isEmpty()) {
                throw new IllegalStateException("a board was not flushed");
            }
        }
        double perSecond =
                (batches.size() - WARM_UP) * BOARDS_PER_FLUSH * (NODES + EDGES) * 1e9 / (System.nanoTime() - start);
        for (int at = 0; at < boards; at++) {
            Waits.await(database.catalog().delete(key(at)));
        }
        return perSecond;
    }

    private static EntityKey key(int board) {
        return new EntityKey(OrganisationId.LOCAL, "boards", "board " + board);
    }

    private static String content(int seed) {
        JsonObject nodes = new JsonObject();
        for (int node = 0; node < NODES; node++) {
            nodes.put("n" + node, new JsonObject().put("type", "note").put("text", "note " + node + " of " + seed));
        }
        JsonObject edges = new JsonObject();
        for (int edge = 0; edge < EDGES; edge++) {
            int source = edge % NODES;
            edges.put(
                    "e" + edge,
                    new JsonObject()
                            .put("source", "n" + source)
                            .put("target", "n" + (source + 1 + edge / NODES * 7) % NODES)
                            .put("type", "DEPENDS_ON"));
        }
        return new JsonObject().put("nodes", nodes).put("edges", edges).encode();
    }
}
