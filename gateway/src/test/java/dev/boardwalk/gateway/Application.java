package dev.boardwalk.gateway;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.boardwalk.testkit.Typing;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;

/**
 * An application with hooks, on a port of its own: refuses the token "wrong", lets "reader" only read, lets "short" in for
 * a moment, fills documents whose names begin with "seeded" or "slow", takes its time over the latter, and answers
 * stateless messages. A test may answer otherwise.
 */
final class Application implements AutoCloseable {
    static final String SECRET = "a secret between us";

    /** One call that came. */
    record Call(JsonObject body, boolean genuine) {
        String event() {
            return body.getString("event");
        }
    }

    /** How long it takes over documents whose names begin with "slow-": a slow application is part of the case. */
    private static final Duration SLOW_ANSWER = Duration.ofMillis(150);

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private volatile UnaryOperator<JsonObject> answers = Application::usual;
    private volatile int status = 200;

    Application() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        server.setExecutor(threads);
        server.createContext("/hooks", this::handle);
        server.start();
    }

    /** What a gateway has to be told about it. */
    Map<String, String> settings() {
        return Map.of("BOARDWALK_HOOK_URL", address(), "BOARDWALK_HOOK_SECRET", SECRET, "BOARDWALK_HOOK_TIMEOUT", "2s");
    }

    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/hooks";
    }

    /** Answers from now on so. */
    void answer(UnaryOperator<JsonObject> other) {
        answers = other;
    }

    void answerStatus(int other) {
        status = other;
    }

    void answerAsUsual() {
        answers = Application::usual;
        status = 200;
    }

    List<Call> calls() {
        return calls;
    }

    List<Call> calls(String event, String document) {
        return calls.stream()
                .filter(call -> call.event().equals(event)
                        && document.equals(call.body().getString("documentName")))
                .toList();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String signature = exchange.getRequestHeaders().getFirst(SignedCalls.SIGNATURE);
            JsonObject question = new JsonObject(new String(body, StandardCharsets.UTF_8));
            calls.add(new Call(question, ("sha256=" + SignedCalls.signature(SECRET, body)).equals(signature)));
            if (question.getString("documentName").startsWith("slow-")) {
                LockSupport.parkNanos(SLOW_ANSWER.toNanos());
            }
            byte[] answer = answers.apply(question).encode().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, answer.length);
            exchange.getResponseBody().write(answer);
        }
    }

    static JsonObject usual(JsonObject question) {
        JsonObject yes = new JsonObject().put("ok", true);
        return switch (question.getString("event")) {
            case "onConnect" -> yes.put("context", new JsonObject().put("connected", true));
            case "onAuthenticate" -> authenticated(question.getString("token"), yes);
            case "onLoadDocument" ->
                question.getString("documentName").matches("(seeded|slow)-.*")
                        ? yes.put(
                                "update",
                                Base64.getEncoder().encodeToString(new Typing(5).type("from the application")))
                        : yes;
            case "onStateless" -> {
                String payload = question.getString("payload");
                yield yes.put(
                        "actions",
                        new JsonArray()
                                .add(new JsonObject()
                                        .put("to", payload.startsWith("me") ? "sender" : "all")
                                        .put("payload", "answer to " + payload)));
            }
            default -> new JsonObject();
        };
    }

    private static JsonObject authenticated(String token, JsonObject yes) {
        return switch (token) {
            case "wrong" -> new JsonObject().put("ok", false).put("reason", "nope");
            case "reader" -> yes.put("readOnly", true);
            case "short" -> yes.put("expiresIn", 0);
            default -> yes.put("context", new JsonObject().put("user", "u-" + token));
        };
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
