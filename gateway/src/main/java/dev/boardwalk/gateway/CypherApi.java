package dev.boardwalk.gateway;

import dev.boardwalk.graph.cypher.CypherAnswer;
import dev.boardwalk.graph.cypher.CypherGauges;
import dev.boardwalk.graph.cypher.CypherLimits;
import dev.boardwalk.graph.cypher.CypherQueries;
import dev.boardwalk.graph.cypher.CypherReader;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** The call that answers read-only Cypher. */
final class CypherApi {
    private static final Set<String> FIELDS = Set.of("query", "parameters", "limit");

    /** How long a caller waits for the position they ask for. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** JSON may write one character of a query in six: {@code \\u0041}. */
    private static final int BYTES_A_CHARACTER = 6;

    private static final int FIELD_BYTES = 1024;

    private final Vertx vertx;
    private final LiveEntities live;
    private final CypherQueries queries;
    private final RequestBodies bodies;

    CypherApi(Vertx vertx, LiveEntities live, CypherQueries queries, RequestBodies bodies, MeterRegistry meters) {
        this.vertx = vertx;
        this.live = live;
        this.queries = queries;
        this.bodies = bodies;
        CypherGauges gauges = queries.gauges();
        count(meters, gauges, "answered", CypherGauges::answered);
        count(meters, gauges, "truncated", CypherGauges::truncated);
        count(meters, gauges, "refused", CypherGauges::refused);
        count(meters, gauges, "timeout", CypherGauges::timedOut);
        count(meters, gauges, "busy", CypherGauges::busy);
        Gauge.builder("boardwalk_cypher_running", gauges, CypherGauges::running)
                .description("Cypher queries that run now")
                .register(meters);
    }

    List<Endpoint> endpoints() {
        return List.of(Endpoint.post("/api/v1/cypher", Right.READ, this::ask));
    }

    private Future<Void> ask(RoutingContext context) {
        Caller caller = Caller.of(context);
        CypherReader reader =
                new CypherReader(caller.organisation(), caller.grants().projects());
        Long after = position(context);
        return bodies.with(context.request(), body -> {
            Future<Void> written = after == null
                    ? Future.succeededFuture()
                    : live.flushOrganisation(caller.organisation(), after, PATIENCE);
            return written.compose(_ -> Blocking.call(vertx.getOrCreateContext(), () -> answer(reader, body, after)))
                    .compose(answer -> context.response()
                            .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                            .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                            .end(answer));
        });
    }

    private Buffer answer(CypherReader reader, Buffer body, @Nullable Long after) {
        JsonObject asked = read(body);
        int rows = rows(asked.getValue("limit"));
        if (after != null) {
            queries.await(after, PATIENCE);
        }
        CypherAnswer answer = queries.answer(
                reader,
                asked.getString("query"),
                asked.getJsonObject("parameters", new JsonObject()).getMap(),
                rows);
        return new JsonObject()
                .put("columns", new JsonArray(answer.columns()))
                .put("rows", new JsonArray(answer.rows()))
                .put("truncated", answer.truncated())
                .put("asOf", answer.asOf())
                .toBuffer();
    }

    private JsonObject read(Buffer body) {
        CypherLimits limits = queries.limits();
        long most = (long) limits.queryCharacters() * BYTES_A_CHARACTER + limits.parameterBytes() + FIELD_BYTES;
        if (body.length() > most) {
            throw new ProblemException(413, "request-too-large", "a query may have " + most + " bytes as JSON");
        }
        JsonObject asked;
        try {
            asked = new JsonObject(body);
        } catch (DecodeException | ClassCastException unreadable) {
            throw invalid("the body must be JSON: {\"query\": \"…\", \"parameters\": {…}, \"limit\": …}");
        }
        for (String field : asked.fieldNames()) {
            if (!FIELDS.contains(field)) {
                throw invalid("the body has query, parameters and limit, and no field \"" + field + "\"");
            }
        }
        if (!(asked.getValue("query") instanceof String)) {
            throw invalid("query must be a string");
        }
        if (asked.getValue("parameters") == null) {
            asked.remove("parameters");
        } else if (!(asked.getValue("parameters") instanceof JsonObject)) {
            throw invalid("parameters must be an object");
        }
        return asked;
    }

    private int rows(@Nullable Object limit) {
        int most = queries.limits().rows();
        return switch (limit) {
            case null -> Math.min(CypherLimits.ROWS_DEFAULT, most);
            case Integer number when number >= 1 && number <= most -> number;
            default -> throw invalid("limit must be a number from 1 to " + most);
        };
    }

    private static @Nullable Long position(RoutingContext context) {
        String text = RequestParts.text(context, "after");
        if (text == null) {
            return null;
        }
        if (!text.matches("\\d{1,18}")) {
            throw new ProblemException(400, "invalid-parameter", "the parameter after must be a position");
        }
        return Long.parseLong(text);
    }

    private static ProblemException invalid(String detail) {
        return new ProblemException(400, "invalid-parameter", detail);
    }

    private static void count(
            MeterRegistry meters, CypherGauges gauges, String outcome, ToDoubleFunction<CypherGauges> value) {
        FunctionCounter.builder("boardwalk_cypher_queries", gauges, value)
                .description("Cypher queries by what they came to")
                .tag("outcome", outcome)
                .register(meters);
    }
}
