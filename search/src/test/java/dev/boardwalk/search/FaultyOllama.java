package dev.boardwalk.search;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/** Speaks Ollama's {@code /api/embed} on the loopback, well or badly. */
final class FaultyOllama implements AutoCloseable {
    /** How it answers. */
    enum Mood {
        WELL,
        ERROR,
        NOT_JSON,
        TOO_FEW,
        NOT_NUMBERS,
        ZEROS,
        SILENT
    }

    private final HttpServer server;
    private final CountDownLatch over = new CountDownLatch(1);
    final List<String> asked = new CopyOnWriteArrayList<>();
    volatile Mood mood = Mood.WELL;
    volatile int dimensions = 8;

    /** Texts after which it falls silent. */
    volatile int textsMax = Integer.MAX_VALUE;

    FaultyOllama() {
        try {
            server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/api/embed", this::answer);
        server.start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private void answer(HttpExchange exchange) throws IOException {
        JsonObject request =
                new JsonObject(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        List<String> texts =
                request.getJsonArray("input").stream().map(String::valueOf).toList();
        asked.addAll(texts);
        String body = switch (asked.size() > textsMax ? Mood.SILENT : mood) {
            case WELL -> vectors(texts);
            case ERROR -> "{\"error\":\"model not found\"}";
            case NOT_JSON -> "<html>no</html>";
            case TOO_FEW -> "{\"embeddings\":[]}";
            case NOT_NUMBERS -> "{\"embeddings\":[[\"a\",null]]}";
            case ZEROS -> "{\"embeddings\":[[0,0,0]]}";
            case SILENT -> silence();
        };
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(mood == Mood.ERROR ? 404 : 200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private String silence() {
        try {
            over.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        return "";
    }

    /** One direction for what speaks of vehicles, another for the rest. */
    private String vectors(List<String> texts) {
        JsonArray embeddings = new JsonArray();
        for (String text : texts) {
            boolean vehicle = text.contains("car") || text.contains("truck") || text.contains("vehicle");
            JsonArray vector = new JsonArray();
            for (int i = 0; i < dimensions; i++) {
                vector.add(i == (vehicle ? 0 : 1) ? 1.0 : 0.0);
            }
            embeddings.add(vector);
        }
        return new JsonObject().put("embeddings", embeddings).encode();
    }

    @Override
    public void close() {
        over.countDown();
        server.stop(0);
    }
}
