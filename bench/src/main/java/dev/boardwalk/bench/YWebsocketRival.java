package dev.boardwalk.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The npm package {@code @y/websocket-server} 0.1.1 without persistence, as its own process. */
final class YWebsocketRival implements Rival {
    private static final Duration START_TIMEOUT = Duration.ofSeconds(20);
    private static final Duration POLL = Duration.ofMillis(50);

    private final Process process;
    private final int port;

    private YWebsocketRival(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Starts it and waits until it listens. */
    static YWebsocketRival start(NpmPeers peers) {
        try {
            int port = freePort();
            ProcessBuilder builder = peers.node("node_modules/@y/websocket-server/src/server.js")
                    .redirectErrorStream(true)
                    .redirectOutput(peers.folder().resolve("server.log").toFile());
            builder.environment().put("HOST", "127.0.0.1");
            builder.environment().put("PORT", Integer.toString(port));
            YWebsocketRival rival = new YWebsocketRival(builder.start(), port);
            rival.awaitListening();
            return rival;
        } catch (IOException e) {
            throw new UncheckedIOException("starting the y-websocket server in " + peers.folder(), e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress("127.0.0.1", 0));
            return socket.getLocalPort();
        }
    }

    private void awaitListening() {
        long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
        while (System.nanoTime() < deadline && process.isAlive()) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress("127.0.0.1", port), (int) POLL.toMillis());
                return;
            } catch (IOException _) {
                LockSupport.parkNanos(POLL.toNanos());
            }
        }
        close();
        throw new IllegalStateException(
                "the y-websocket server did not listen on port " + port + " in " + START_TIMEOUT);
    }

    @Override
    public String title() {
        return "y-websocket server 0.1.1";
    }

    @Override
    public URI rooms() {
        return URI.create("ws://127.0.0.1:" + port);
    }

    @Override
    public List<Long> pids() {
        return List.of(process.pid());
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException _) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
