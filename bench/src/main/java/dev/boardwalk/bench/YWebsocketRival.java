package dev.boardwalk.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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

    /**
     * Installs the package below the module's {@code target} when it is not there yet, starts it and waits until it
     * listens.
     *
     * @param module the folder of the bench module
     */
    static YWebsocketRival start(Path module) {
        Path folder = module.resolve("target/peers/y-websocket");
        try {
            install(module.resolve("src/main/peers/y-websocket"), folder);
            int port = freePort();
            ProcessBuilder builder = new ProcessBuilder(node(), "node_modules/@y/websocket-server/src/server.js")
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("server.log").toFile());
            builder.environment().put("HOST", "127.0.0.1");
            builder.environment().put("PORT", Integer.toString(port));
            YWebsocketRival rival = new YWebsocketRival(builder.start(), port);
            rival.awaitListening();
            return rival;
        } catch (IOException e) {
            throw new UncheckedIOException("starting the y-websocket server in " + folder, e);
        }
    }

    private static void install(Path source, Path folder) throws IOException {
        if (Files.isDirectory(folder.resolve("node_modules"))) {
            return;
        }
        Files.createDirectories(folder);
        for (String file : List.of("package.json", "package-lock.json", ".npmrc")) {
            Files.copy(source.resolve(file), folder.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        run(folder, npm(), "ci", "--no-audit", "--no-fund");
    }

    private static String node() {
        return System.getenv().getOrDefault("BOARDWALK_NODE", "node");
    }

    private static String npm() {
        return System.getenv().getOrDefault("BOARDWALK_NPM", "npm");
    }

    private static void run(Path folder, String... command) throws IOException {
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .inheritIO()
                .start();
        if (process.onExit().join().exitValue() != 0) {
            throw new IllegalStateException(String.join(" ", command) + " failed in " + folder);
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
