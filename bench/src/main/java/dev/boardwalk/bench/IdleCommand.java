package dev.boardwalk.bench;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * What sockets cost that are open and say nothing: the server's memory for each, after a garbage collection, and its CPU,
 * with the keep-alives that such sockets need, beside what it uses without any. The server's heap is told to give back
 * what it does not use, since otherwise the garbage of opening, which stays its own, would be taken for memory of sockets.
 */
@Command(
        name = "idle",
        description = "Memory and CPU of sockets that are open and say nothing, at both doors.",
        mixinStandardHelpOptions = true)
final class IdleCommand implements Callable<Integer> {
    private static final Map<String, String> LEAN_HEAP =
            Map.of("JDK_JAVA_OPTIONS", "-XX:MinHeapFreeRatio=5 -XX:MaxHeapFreeRatio=10");

    @Option(names = "--sockets", defaultValue = "8000", description = "sockets at each door (default ${DEFAULT-VALUE})")
    private int sockets;

    @Option(names = "--per-room", defaultValue = "10", description = "sockets in one room (default ${DEFAULT-VALUE})")
    private int perRoom;

    @Option(
            names = "--seconds",
            defaultValue = "40",
            description = "how long CPU is counted (default ${DEFAULT-VALUE})")
    private int seconds;

    @Override
    public Integer call() {
        if (sockets < 1 || sockets > 9_900 || perRoom < 1 || seconds < 1 || seconds > 600) {
            throw new IllegalArgumentException("sockets go from 1 to 9900, seconds to 600");
        }
        Vertx vertx = Vertx.vertx();
        System.out.printf("  %-14s %8s %16s %16s %14s%n", "door", "sockets", "open, s", "KiB a socket", "% of a core");
        try (BoardwalkRival boardwalk = BoardwalkRival.start(LEAN_HEAP)) {
            // The first round makes the server load what it needs for sockets; it is not shown.
            measure(vertx, boardwalk, LoadProtocol.Y_WEBSOCKET, Math.min(200, sockets), 1, false);
            List<Long> server = List.of(boardwalk.pids().getFirst());
            long before = ProcessCpu.microsOf(server);
            pause(Duration.ofSeconds(seconds));
            double without = (ProcessCpu.microsOf(server) - before) / 1e4 / seconds;
            System.out.printf(Locale.ROOT, "  %-14s %8d %16s %16s %14.2f%n", "none", 0, "", "", without);
            for (LoadProtocol protocol : LoadProtocol.values()) {
                measure(vertx, boardwalk, protocol, sockets, seconds, true);
            }
        } finally {
            Waits.await(vertx.close());
        }
        return 0;
    }

    private void measure(
            Vertx vertx, BoardwalkRival boardwalk, LoadProtocol protocol, int count, int length, boolean shown) {
        URI base = protocol == LoadProtocol.Y_WEBSOCKET ? boardwalk.rooms() : boardwalk.collab();
        List<Long> server = List.of(boardwalk.pids().getFirst());
        collect(server.getFirst());
        long before = ProcessCpu.residentBytesOf(server);
        long begun = System.nanoTime();
        String id = waitFor(vertx.deployVerticle(new Idlers(base, protocol, count, perRoom)));
        double opened = (System.nanoTime() - begun) / 1e9;
        pause(Duration.ofSeconds(shown ? 5 : 1));
        collect(server.getFirst());
        long bytes = ProcessCpu.residentBytesOf(server) - before;
        long cpuBefore = ProcessCpu.microsOf(server);
        pause(Duration.ofSeconds(length));
        long cpu = ProcessCpu.microsOf(server) - cpuBefore;
        if (shown) {
            System.out.printf(
                    Locale.ROOT,
                    "  %-14s %,8d %16.1f %16.1f %14.2f%n",
                    protocol.name().toLowerCase(Locale.ROOT).replace('_', '-'),
                    count,
                    opened,
                    bytes / 1024.0 / count,
                    cpu / 1e4 / length);
        }
        waitFor(vertx.undeploy(id));
        pause(Duration.ofSeconds(3));
    }

    /** Has the server collect its garbage: what it will free anyway is not what sockets cost. */
    private static void collect(long pid) {
        String tool = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        try {
            Process collecting = new ProcessBuilder(tool, Long.toString(pid), "GC.run")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!collecting.waitFor(30, TimeUnit.SECONDS)) {
                collecting.destroy();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("running " + tool, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted in a benchmark", e);
        }
    }

    /** Opening thousands may take minutes where the machine is small. */
    private static <T> T waitFor(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(5, TimeUnit.MINUTES);
        } catch (Exception failure) {
            throw new IllegalStateException("the sockets did not open", failure);
        }
    }

    private static void pause(Duration span) {
        long end = System.nanoTime() + span.toNanos();
        for (long rest = span.toNanos(); rest > 0; rest = end - System.nanoTime()) {
            LockSupport.parkNanos(rest);
        }
    }

    /** Clients that go through the handshake and then only listen. */
    private static final class Idlers extends VerticleBase {
        private final URI base;
        private final LoadProtocol protocol;
        private final int count;
        private final int perRoom;

        Idlers(URI base, LoadProtocol protocol, int count, int perRoom) {
            this.base = base;
            this.protocol = protocol;
            this.count = count;
            this.perRoom = perRoom;
        }

        @Override
        public Future<?> start() {
            WebSocketClient client =
                    vertx.createWebSocketClient(new WebSocketClientOptions().setMaxConnections(count + 1));
            List<String> rooms = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                rooms.add("idle-" + i / perRoom);
            }
            return new Dialer(vertx, client, base, protocol, rooms, (index, socket) -> {
                        socket.binaryMessageHandler(_ -> {});
                        protocol.hello(rooms.get(index))
                                .forEach(frame ->
                                        socket.writeBinaryMessage(frame).onComplete(_ -> {}));
                    })
                    .dial();
        }
    }
}
