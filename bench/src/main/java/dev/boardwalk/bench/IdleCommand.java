package dev.boardwalk.bench;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * What sockets cost that are open and say nothing: the server's memory for each, heap in use after a collection and all that
 * is resident, and its CPU, with the keep-alives that such sockets need, beside what it uses without any. The server's heap
 * is told to give back what it does not use, since otherwise the garbage of opening, which stays its own, would be taken for
 * memory of sockets.
 */
@Command(
        name = "idle",
        description = "Memory and CPU of sockets that are open and say nothing, at both doors.",
        mixinStandardHelpOptions = true)
final class IdleCommand implements Callable<Integer> {
    private static final Map<String, String> LEAN_HEAP =
            Map.of("JDK_JAVA_OPTIONS", "-XX:MinHeapFreeRatio=5 -XX:MaxHeapFreeRatio=10");

    /** Until what opening brought about is over: the flush of new entities, looking for their words, compiling. */
    private static final Duration SETTLING = Duration.ofSeconds(60);

    private static final Pattern HEAP_USED = Pattern.compile("used (\\d+)K");

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
        System.out.printf(
                "  %-14s %8s %10s %14s %14s %14s%n",
                "door", "sockets", "open, s", "heap KiB", "resident KiB", "% of a core");
        try (BoardwalkRival boardwalk = BoardwalkRival.start(LEAN_HEAP)) {
            // The first round makes the server load what it needs for sockets; it is not shown.
            measure(vertx, boardwalk, LoadProtocol.Y_WEBSOCKET, Math.min(200, sockets), 1, false);
            List<Long> server = List.of(boardwalk.pids().getFirst());
            pause(SETTLING);
            long before = ProcessCpu.microsOf(server);
            pause(Duration.ofSeconds(seconds));
            double without = (ProcessCpu.microsOf(server) - before) / 1e4 / seconds;
            System.out.printf(Locale.ROOT, "  %-14s %8d %10s %14s %14s %14.2f%n", "none", 0, "", "", "", without);
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
        long heapBefore = heapBytes(server.getFirst());
        long before = ProcessCpu.residentBytesOf(server);
        long begun = System.nanoTime();
        String id = waitFor(vertx.deployVerticle(new Idlers(base, protocol, count, perRoom)));
        double opened = (System.nanoTime() - begun) / 1e9;
        pause(shown ? SETTLING : Duration.ofSeconds(1));
        long heap = heapBytes(server.getFirst()) - heapBefore;
        long bytes = ProcessCpu.residentBytesOf(server) - before;
        long cpuBefore = ProcessCpu.microsOf(server);
        pause(Duration.ofSeconds(length));
        long cpu = ProcessCpu.microsOf(server) - cpuBefore;
        if (shown) {
            System.out.printf(
                    Locale.ROOT,
                    "  %-14s %,8d %10.1f %14.1f %14.1f %14.2f%n",
                    protocol.name().toLowerCase(Locale.ROOT).replace('_', '-'),
                    count,
                    opened,
                    heap / 1024.0 / count,
                    bytes / 1024.0 / count,
                    cpu / 1e4 / length);
        }
        waitFor(vertx.undeploy(id));
        pause(Duration.ofSeconds(3));
    }

    /** Bytes of heap in use after a collection: what the server will free anyway is not what sockets cost. */
    private static long heapBytes(long pid) {
        tell(pid, "GC.run");
        Matcher used = HEAP_USED.matcher(tell(pid, "GC.heap_info"));
        if (!used.find()) {
            throw new IllegalStateException("the server's virtual machine does not say how much heap is in use");
        }
        return Long.parseLong(used.group(1)) * 1024;
    }

    /** Gives the server's virtual machine a command and answers what it said. */
    private static String tell(long pid, String command) {
        String tool = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        try {
            Process telling = new ProcessBuilder(tool, Long.toString(pid), command)
                    .redirectErrorStream(true)
                    .start();
            String said = new String(telling.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (telling.waitFor() != 0) {
                throw new IllegalStateException(command + " was refused: " + said);
            }
            return said;
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
