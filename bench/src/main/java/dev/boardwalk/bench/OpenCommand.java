package dev.boardwalk.bench;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocketClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * How long a person waits for a large board: until a client that has nothing of it is synced. Boardwalk is asked for
 * boards that it has in memory, and after a restart, its first requests of all, for boards that lie only in its database.
 * The y-websocket server, which keeps nothing on disk here, is asked for boards that others have put into its memory.
 */
@Command(
        name = "open",
        description = "Opening a large board: from the database, from memory, and beside @y/websocket-server.",
        mixinStandardHelpOptions = true)
final class OpenCommand implements Callable<Integer> {
    @Option(names = "--nodes", defaultValue = "10000", description = "nodes of a board (default ${DEFAULT-VALUE})")
    private int nodes;

    @Option(names = "--boards", defaultValue = "10", description = "boards opened in turn (default ${DEFAULT-VALUE})")
    private int boards;

    @Override
    public Integer call() {
        if (nodes < 1 || nodes > 100_000 || boards < 2 || boards > 100) {
            throw new IllegalArgumentException("nodes go from 1 to 100000, boards from 2 to 100");
        }
        Path home = Path.of(System.getProperty("boardwalk.home", "")).toAbsolutePath();
        NpmPeers peers = NpmPeers.install(home.resolve("bench"));
        byte[] board = peers.board(nodes);
        System.out.printf(Locale.ROOT, "a board of %,d nodes: %,d bytes%n%n", nodes, board.length);
        System.out.printf("  %-42s %10s %10s %10s%n", "until synced, ms", "first", "median", "slowest");
        Vertx vertx = Vertx.vertx();
        try {
            ofBoardwalk(vertx, board);
            ofYWebsocket(vertx, peers, board);
        } finally {
            Waits.await(vertx.close());
        }
        return 0;
    }

    private void ofBoardwalk(Vertx vertx, byte[] board) {
        try (BoardwalkRival boardwalk = BoardwalkRival.start()) {
            for (int at = 0; at < boards; at++) {
                post(boardwalk.http().resolve("/api/v1/projects/bench/entities/board-" + at + "/update"), board);
            }
            open(vertx, boardwalk, "Boardwalk, in its memory", board.length);
            open(vertx, boardwalk, "Boardwalk, again", board.length);
            boardwalk.restart();
            open(vertx, boardwalk, "Boardwalk just started, from the database", board.length);
            open(vertx, boardwalk, "Boardwalk, again", board.length);
        }
    }

    private void ofYWebsocket(Vertx vertx, NpmPeers peers, byte[] board) {
        try (Rival rival = YWebsocketRival.start(peers)) {
            WebSocketClient client = vertx.createWebSocketClient();
            for (int at = 0; at < boards; at++) {
                // Stays: with its last client the server forgets the room.
                Waits.await(
                        client.connect(rival.rooms().getPort(), rival.rooms().getHost(), "/board-" + at)
                                .compose(socket -> socket.writeBinaryMessage(asUpdate(board))));
            }
            open(vertx, rival, rival.title() + ", in its memory", board.length);
            open(vertx, rival, rival.title() + ", again", board.length);
        }
    }

    private void open(Vertx vertx, Rival rival, String title, int least) {
        Latencies latencies = new Latencies();
        double first = 0;
        for (int at = 0; at < boards; at++) {
            Opening opening = Opening.of(vertx, rival.rooms(), "board-" + at);
            if (opening.bytes() < least) {
                throw new IllegalStateException(
                        title + " sent " + opening.bytes() + " bytes of a board of " + least + " bytes");
            }
            latencies.add(opening.nanos());
            first = at == 0 ? opening.nanos() / 1e6 : first;
        }
        System.out.printf(
                Locale.ROOT,
                "  %-42s %10.1f %10.1f %10.1f%n",
                title,
                first,
                latencies.millisAt(0.5),
                latencies.millisAt(1));
    }

    private static Buffer asUpdate(byte[] board) {
        return Buffer.buffer(new Lib0Bytes(board.length + 8)
                .octet(0)
                .octet(2)
                .varUint(board.length)
                .raw(board)
                .toArray());
    }

    private static void post(URI address, byte[] update) {
        HttpRequest request = HttpRequest.newBuilder(address)
                .header("Content-Type", "application/octet-stream")
                .POST(HttpRequest.BodyPublishers.ofByteArray(update))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IllegalStateException(address + " answered " + answer.statusCode() + " " + answer.body());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("sending a board to " + address, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while sending a board", e);
        }
    }
}
