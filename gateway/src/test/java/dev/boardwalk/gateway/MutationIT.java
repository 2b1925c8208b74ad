package dev.boardwalk.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.boardwalk.crdt.sync.MalformedInput;
import dev.boardwalk.crdt.sync.UpdateLimits;
import dev.boardwalk.crdt.sync.UpdateValidator;
import dev.boardwalk.testkit.BoardwalkProcess;
import dev.boardwalk.testkit.Mutator;
import dev.boardwalk.testkit.Seed;
import dev.boardwalk.testkit.Typing;
import dev.boardwalk.testkit.YjsBytes;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Peers that send damaged updates, thousands of them, to a whole Boardwalk: what is no update ends its socket and
 * nothing else; what is one by chance is taken into an entity that nobody misses, and must not end the process either.
 *
 * <p>{@code -Dboardwalk.mutations=100000} sends more than a build does.
 */
class MutationIT {
    private static final int MUTATIONS = Integer.getInteger("boardwalk.mutations", 5_000);
    private static final int PEERS = 4;
    private static final String ENTITIES = "/api/v1/projects/default/entities/";

    /** The update that crashed an engine. */
    private static final byte[] KILLER = HexFormat.of().parseHex("0106070004010174036865ec81");

    private final UpdateValidator validator = new UpdateValidator(UpdateLimits.defaults());

    @TempDir
    Path data;

    @Test
    void damaged_updates_end_neither_the_process_nor_touch_the_document_of_others() {
        try (BoardwalkProcess boardwalk = BoardwalkProcess.up(data);
                NpmPeers peers = new NpmPeers()) {
            peers.open("witness", 3, boardwalk.socket("/yjs/default"), "target");
            peers.fill("witness");
            peers.edit("witness", "here");
            await().atMost(30, TimeUnit.SECONDS)
                    .until(() -> peers.state("witness").confirmed().contains("here"));
            JsonObject document = peers.json("witness");
            String stored = RawHttp.body(boardwalk.address(), ENTITIES + "target?fresh=true");
            List<byte[]> seeds = List.of(
                    RawHttp.bytes(boardwalk.address(), ENTITIES + "target/update"),
                    new Typing(7).type("some words"),
                    YjsBytes.nestedMaps(8, 20),
                    KILLER);

            Seed.each(1, seed -> {
                int refused = attack(boardwalk.address(), seeds, seed);
                assertThat(refused).isGreaterThan(MUTATIONS / 3);
                assertThat(refusals(boardwalk.address())).isGreaterThanOrEqualTo(refused);
            });

            assertThat(peers.json("witness")).isEqualTo(document);
            assertThat(peers.state("witness").closeCodes()).isEmpty();
            assertThat(RawHttp.body(boardwalk.address(), ENTITIES + "target?fresh=true"))
                    .isEqualTo(stored);
            peers.edit("witness", "still here");
            await().atMost(30, TimeUnit.SECONDS)
                    .until(() -> peers.state("witness").confirmed().contains("still here"));
            assertThat(boardwalk.terminate()).isZero();
        }
    }

    /** Several at once, each with mutations of its own; answers how many updates were no updates. */
    private int attack(URI address, List<byte[]> seeds, Seed seed) throws ExecutionException, InterruptedException {
        try (ExecutorService attackers = Executors.newFixedThreadPool(PEERS)) {
            List<Future<Integer>> counts = new ArrayList<>();
            for (int peer = 0; peer < PEERS; peer++) {
                Mutator mutator = new Mutator(seeds, seed.random("peer " + peer));
                counts.add(attackers.submit(() -> attack(address.getPort(), mutator)));
            }
            int refused = 0;
            for (Future<Integer> count : counts) {
                refused += count.get();
            }
            return refused;
        }
    }

    private int attack(int port, Mutator mutator) {
        int refused = 0;
        try (WirePeer scrap = WirePeer.synced(port, "/yjs/default/scrap")) {
            for (int i = 0; i < MUTATIONS / PEERS; i++) {
                byte[] update = mutator.next();
                if (isUpdate(update)) {
                    if (scrap.open()) {
                        scrap.update(update);
                    }
                } else {
                    refused++;
                    refuse(port, update);
                }
            }
        }
        return refused;
    }

    private static void refuse(int port, byte[] update) {
        try (WirePeer attacker = WirePeer.connect(port, "/yjs/default/target")) {
            attacker.update(update);
            assertThat(attacker.awaitClose()).startsWith("1003");
        }
    }

    private boolean isUpdate(byte[] bytes) {
        try {
            validator.validate(bytes);
            return true;
        } catch (MalformedInput _) {
            return false;
        }
    }

    private static double refusals(URI address) {
        return RawHttp.body(address, "/metrics")
                .lines()
                .filter(line -> line.startsWith("boardwalk_refused_total{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
