package dev.boardwalk.compactor;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** The HTTP side of a compactor in a process of its own: {@code /healthz}, {@code /readyz} and {@code /metrics}. */
final class HealthServer implements AutoCloseable {
    private static final int OK = 200;
    private static final int UNAVAILABLE = 503;
    private static final int METHOD_NOT_ALLOWED = 405;

    private final HttpServer server;

    private HealthServer(HttpServer server) {
        this.server = server;
    }

    /**
     * Listens; fails with {@link UncheckedIOException} if the port is taken.
     *
     * @param ready asked for each {@code /readyz}; may block
     * @param gauges names without prefix
     */
    static HealthServer start(String host, int port, BooleanSupplier ready, Map<String, LongSupplier> gauges) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(host, port), 0);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.createContext("/healthz", exchange -> answer(exchange, OK, "alive\n"));
            server.createContext("/readyz", exchange -> {
                boolean works = ready.getAsBoolean();
                answer(
                        exchange,
                        works ? OK : UNAVAILABLE,
                        works ? "ready\n" : "the database or the objects are away\n");
            });
            server.createContext("/metrics", exchange -> answer(exchange, OK, metrics(gauges)));
            server.start();
            return new HealthServer(server);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot listen on " + host + ":" + port, failure);
        }
    }

    int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    /** In Prometheus's text format. */
    private static String metrics(Map<String, LongSupplier> gauges) {
        StringBuilder text = new StringBuilder();
        new TreeMap<>(gauges)
                .forEach((name, value) -> text.append("# TYPE boardwalk_compact_%s gauge\nboardwalk_compact_%s %d\n"
                        .formatted(name, name, value.getAsLong())));
        Runtime machine = Runtime.getRuntime();
        return text.append("# TYPE jvm_memory_used_bytes gauge\njvm_memory_used_bytes{area=\"heap\"} %d\n"
                        .formatted(machine.totalMemory() - machine.freeMemory()))
                .toString();
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        try (exchange) {
            boolean reads = "GET".equals(exchange.getRequestMethod());
            byte[] body = (reads ? text : "only GET\n").getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
            exchange.sendResponseHeaders(reads ? status : METHOD_NOT_ALLOWED, body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
