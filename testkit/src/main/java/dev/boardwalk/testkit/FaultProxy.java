package dev.boardwalk.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A bad line in front of a real S3 server: passes requests on, and with some chance answers 500 or 503, drops the
 * connection before or after the request had its effect, cuts what is read, or turns one bit of it.
 *
 * <p>The requests' signatures stay valid, as the {@code Host} header that they were signed with is passed on.
 */
public final class FaultProxy implements AutoCloseable {
    private static final Set<String> NOT_PASSED_ON =
            Set.of("connection", "content-length", "expect", "transfer-encoding", "upgrade");

    /** What may happen to a request. */
    public enum Fault {
        INTERNAL_ERROR,
        SLOW_DOWN,
        DROPPED_BEFORE,
        DROPPED_AFTER,
        CUT,
        BIT_TURNED
    }

    private final URI target;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Random random;
    private final AtomicInteger done = new AtomicInteger();
    private volatile int oneIn;
    private volatile List<Fault> faults = List.of(Fault.values());

    private FaultProxy(URI target, Random random, int oneIn) throws IOException {
        this.target = target;
        this.random = random;
        this.oneIn = oneIn;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::pass);
        server.start();
    }

    /**
     * Starts between a client and a server.
     *
     * @param random where all chances come from
     * @param oneIn one request in so many goes wrong; 0 for none
     */
    public static FaultProxy start(URI target, Random random, int oneIn) {
        try {
            return new FaultProxy(target, random, oneIn);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot start a proxy to " + target, failure);
        }
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** From now on one request in so many goes wrong, in one of these ways. */
    public void fail(int oneIn, Fault... ways) {
        this.faults = ways.length == 0 ? List.of(Fault.values()) : List.of(ways);
        this.oneIn = oneIn;
    }

    /** How many requests went wrong. */
    public int done() {
        return done.get();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void pass(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        @Nullable Fault fault = draw();
        if (fault == Fault.INTERNAL_ERROR || fault == Fault.SLOW_DOWN) {
            answer(exchange, fault == Fault.INTERNAL_ERROR ? 500 : 503, new byte[0], 0);
            return;
        }
        if (fault == Fault.DROPPED_BEFORE) {
            drop(exchange);
            return;
        }
        Answer response = ask(exchange, body);
        response.headers.forEach(line -> {
            int colon = line.indexOf(':');
            String name = line.substring(0, colon);
            if (!NOT_PASSED_ON.contains(name.toLowerCase(Locale.ROOT))) {
                exchange.getResponseHeaders()
                        .add(name, line.substring(colon + 1).strip());
            }
        });
        byte[] answer = response.body;
        // Of objects only: a list of keys that reads as other keys is no fault that a line makes.
        boolean list = response.headers.stream().anyMatch(line -> line.contains("application/xml"));
        boolean read = exchange.getRequestMethod().equals("GET") && answer.length > 0 && !list;
        if (fault == Fault.DROPPED_AFTER) {
            drop(exchange);
        } else if (fault == Fault.CUT && read) {
            answer(exchange, response.status, Arrays.copyOf(answer, chance(answer.length)), answer.length);
        } else if (fault == Fault.BIT_TURNED && read && response.status < 300) {
            answer[chance(answer.length)] ^= (byte) (1 << chance(8));
            answer(exchange, response.status, answer, answer.length);
        } else {
            answer(exchange, response.status, answer, answer.length);
        }
    }

    /** As the server sent it. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Answer(int status, List<String> headers, byte[] body) {}

    /**
     * One request on a connection of its own, in HTTP 1.0, so that the answer ends with the connection. The host header is
     * the client's: it is part of what the client signed.
     */
    private Answer ask(HttpExchange exchange, byte[] body) throws IOException {
        StringBuilder head = new StringBuilder()
                .append(exchange.getRequestMethod())
                .append(' ')
                .append(exchange.getRequestURI().toASCIIString())
                .append(" HTTP/1.0\r\n");
        exchange.getRequestHeaders().forEach((name, values) -> {
            if (!NOT_PASSED_ON.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> head.append(name + ": " + value + "\r\n"));
            }
        });
        head.append("Content-Length: ").append(body.length).append("\r\n\r\n");
        try (Socket socket = new Socket(target.getHost(), target.getPort())) {
            OutputStream out = socket.getOutputStream();
            out.write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
            out.write(body);
            out.flush();
            return parse(socket.getInputStream().readAllBytes());
        }
    }

    private static Answer parse(byte[] bytes) throws IOException {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\r\n\r\n");
        if (end < 0) {
            throw new IOException("the server's answer has no end of its head");
        }
        List<String> lines = text.substring(0, end).lines().toList();
        int status = Integer.parseInt(lines.getFirst().split(" ")[1]);
        return new Answer(status, lines.subList(1, lines.size()), Arrays.copyOfRange(bytes, end + 4, bytes.length));
    }

    private static void answer(HttpExchange exchange, int status, byte[] body, int promised) throws IOException {
        try (exchange) {
            boolean head = exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(status, head || promised == 0 ? -1 : promised);
            if (!head && promised > 0) {
                exchange.getResponseBody().write(body);
            }
        }
    }

    /** The server closes a connection whose answer was promised and not sent. */
    private static void drop(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 1 << 20);
        exchange.getResponseBody().flush();
        exchange.close();
    }

    private @Nullable Fault draw() {
        int chance = oneIn;
        List<Fault> ways = faults;
        if (chance == 0 || chance(chance) != 0) {
            return null;
        }
        done.incrementAndGet();
        return ways.get(chance(ways.size()));
    }

    private synchronized int chance(int bound) {
        return random.nextInt(bound);
    }
}
