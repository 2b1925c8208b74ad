package dev.boardwalk.gateway;

import dev.boardwalk.store.Database;
import dev.boardwalk.store.StoreException;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Map;

/** Whether this gateway should be sent work: it is not going down, and the database takes a write just now. */
final class Readiness {
    private static final JsonObject OK = new JsonObject().put("status", "ok");

    private final Database database;
    private volatile boolean draining;

    Readiness(Database database) {
        this.database = database;
    }

    /** From now on the answer is no, so that whoever distributes work stops before the port closes. */
    void drain() {
        draining = true;
    }

    /** Completes with what was checked; fails with a 503 that names what is wrong. */
    Future<JsonObject> check() {
        return database.probe()
                .map(_ -> OK)
                .otherwise(Readiness::failed)
                .map(writable -> new JsonObject()
                        .put("database", writable)
                        .put("gateway", draining ? new JsonObject().put("status", "draining") : OK))
                .compose(checks -> {
                    if (checks.stream().allMatch(check -> OK.equals(check.getValue()))) {
                        return Future.succeededFuture(checks);
                    }
                    return Future.failedFuture(new ProblemException(new Problem(
                            503, "not-ready", "the gateway cannot do its work now", Map.of("checks", checks))));
                });
    }

    private static JsonObject failed(Throwable failure) {
        String code = failure instanceof StoreException known ? known.code() : "internal";
        return new JsonObject().put("status", "failed").put("code", code).put("detail", failure.getMessage());
    }
}
