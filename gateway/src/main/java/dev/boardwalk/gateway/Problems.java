package dev.boardwalk.gateway;

import dev.boardwalk.crdt.sync.MalformedInput;
import dev.boardwalk.graph.GraphException;
import dev.boardwalk.graph.cypher.CypherException;
import dev.boardwalk.graph.cypher.Place;
import dev.boardwalk.search.SearchException;
import dev.boardwalk.store.StoreException;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The translation of everything that can go wrong with a request into an answer with a stable code. */
final class Problems {
    private static final Logger log = LoggerFactory.getLogger(Problems.class);

    private Problems() {}

    /** Answers with the problem that the failure means; does nothing if an answer is already on its way. */
    static void answer(RoutingContext context, Throwable failure) {
        if (context.response().closed()) {
            log.debug("caller went away path={}", context.request().path(), failure);
            return;
        }
        Problem problem = of(failure);
        if (problem.status() == 500) {
            log.error(
                    "request failed method={} path={}",
                    context.request().method(),
                    context.request().path(),
                    failure);
        }
        answer(context.response(), problem);
    }

    static void answer(HttpServerResponse response, Problem problem) {
        if (response.headWritten() || response.ended() || response.closed()) {
            return;
        }
        if (problem.passes()) {
            response.putHeader(HttpHeaders.RETRY_AFTER, "1");
        }
        if (problem.status() == 401) {
            response.putHeader("WWW-Authenticate", "Bearer");
        }
        response.setStatusCode(problem.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .end(problem.toJson().toBuffer())
                .onFailure(gone -> log.debug("caller went away before the answer", gone));
    }

    /**
     * Answers what is not HTTP, or too much of it, and gives the connection up: nobody knows where the next request begins.
     * Returns the code of the problem.
     */
    static String answerInvalid(HttpServerRequest request) {
        Throwable cause = request.decoderResult().cause();
        int status = cause instanceof TooLongHttpLineException
                ? 414
                : cause instanceof TooLongHttpHeaderException ? 431 : 400;
        request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        Problem problem = ofStatus(status);
        answer(request.response(), problem);
        request.connection().close().onFailure(gone -> log.debug("closed by the caller already", gone));
        return problem.code();
    }

    static Problem of(Throwable failure) {
        return switch (failure) {
            case ProblemException known -> known.problem();
            case MalformedInput malformed -> of(malformed);
            case GatewayException gateway -> of(gateway);
            case CypherException cypher -> of(cypher);
            case StoreException store -> of(store);
            case SearchException search -> of(search);
            case GraphException graph -> of(graph);
            case HttpException http -> ofStatus(http.getStatusCode());
            default -> new Problem(500, "internal", "something went wrong here; the log says what");
        };
    }

    /** For what the HTTP layer refuses by itself. */
    static Problem ofStatus(int status) {
        return switch (status) {
            case 404 -> new Problem(404, "no-such-address", "nothing is at this address");
            case 413 -> new Problem(413, "request-too-large", "the request is too large");
            case 414 -> new Problem(414, "address-too-long", "the address is too long");
            case 431 -> new Problem(431, "headers-too-large", "the headers are too large");
            case 500 -> new Problem(500, "internal", "something went wrong here; the log says what");
            default -> new Problem(400, "malformed-request", "the request cannot be understood");
        };
    }

    private static Problem of(MalformedInput malformed) {
        return new Problem(
                400,
                "malformed-update",
                String.valueOf(malformed.getMessage()),
                Map.of("reason", malformed.code().text(), "position", malformed.position()));
    }

    private static Problem of(GatewayException failure) {
        int status = switch (failure) {
            case GatewayException.Overloaded _ -> 503;
            case GatewayException.Draining _ -> 503;
            case GatewayException.Incomplete _ -> 409;
            case GatewayException.Deleted _ -> 404;
            case GatewayException.TooLarge _ -> 413;
        };
        return new Problem(status, failure.code(), String.valueOf(failure.getMessage()));
    }

    private static Problem of(GraphException failure) {
        int status = switch (failure) {
            case GraphException.NotFound _ -> 404;
            case GraphException.InvalidCursor _ -> 400;
            case GraphException.PositionNotReached _ -> 504;
            case GraphException.Cancelled _, GraphException.Closed _ -> 503;
        };
        return new Problem(status, failure.code(), String.valueOf(failure.getMessage()));
    }

    private static Problem of(CypherException failure) {
        int status = switch (failure) {
            case CypherException.Invalid _,
                    CypherException.Unsupported _,
                    CypherException.BadParameter _,
                    CypherException.TooLarge _,
                    CypherException.Failed _ -> 400;
            case CypherException.Busy _ -> 503;
            case CypherException.TimedOut _, CypherException.Behind _ -> 504;
        };
        Place place = failure.place();
        return new Problem(
                status,
                failure.code(),
                String.valueOf(failure.getMessage()),
                place == null ? Map.of() : Map.of("line", place.line(), "column", place.column()));
    }

    private static Problem of(SearchException failure) {
        int status = switch (failure) {
            case SearchException.InvalidQuery _, SearchException.InvalidCursor _ -> 400;
            case SearchException.NotFound _ -> 404;
            case SearchException.PositionNotReached _ -> 504;
        };
        return new Problem(status, failure.code(), String.valueOf(failure.getMessage()));
    }

    private static Problem of(StoreException failure) {
        int status = switch (failure) {
            case StoreException.Unavailable _,
                    StoreException.ReadOnly _,
                    StoreException.Fenced _,
                    StoreException.ObjectsUnavailable _ -> 503;
            case StoreException.DiskFull _, StoreException.ObjectsFull _ -> 507;
            case StoreException.NotFound _ -> 404;
            case StoreException.Deleted _, StoreException.NotKept _ -> 410;
            case StoreException.InvalidName _, StoreException.InvalidCursor _ -> 400;
            case StoreException.Conflict _ -> 409;
            case StoreException.Rejected _ -> 422;
            case StoreException.Unsuitable _,
                    StoreException.ObjectsUnsuitable _,
                    StoreException.ObjectMissing _,
                    StoreException.ObjectDamaged _ -> 500;
        };
        return new Problem(status, failure.code(), String.valueOf(failure.getMessage()));
    }
}
