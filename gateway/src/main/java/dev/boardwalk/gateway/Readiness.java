package dev.boardwalk.gateway;

import dev.boardwalk.store.Database;
import dev.boardwalk.store.StoreException;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Whether this gateway should be sent work: it is not going down, and the database takes a write just now. */
final class Readiness {
    private static final JsonObject OK = new JsonObject().put("status", "ok");

    /** Whoever asks may be patient for some seconds only, and a storage that is away takes long to say so. */
    private static final int OBJECTS_SECONDS_MAX = 3;

    private final Database database;
    private final Supplier<Future<Void>> objects;
    private volatile boolean draining;

    Readiness(Database database, Supplier<Future<Void>> objects) {
        this.database = database;
        this.objects = objects;
    }

    /** From now on the answer is no, so that whoever distributes work stops before the port closes. */
    void drain() {
        draining = true;
    }

    /**
     * Completes with what was checked; fails with a 503 that names what is wrong. Objects that are away are shown and no
     * more: edits do not need them, and to turn all gateways away for them would make a small trouble a large one.
     */
    Future<JsonObject> check() {
        return required()
                .compose(checks -> objects.get()
                        .timeout(OBJECTS_SECONDS_MAX, TimeUnit.SECONDS)
                        .map(_ -> OK)
                        .otherwise(Readiness::failed)
                        .map(stored -> checks.copy().put("objects", stored)));
    }

    private Future<JsonObject> required() {
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
