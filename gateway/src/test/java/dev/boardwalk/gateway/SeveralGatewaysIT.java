package dev.boardwalk.gateway;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.boardwalk.testkit.BoardwalkProcess;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** {@code up --gateways 2} with npm clients at both: what one gateway's clients do, the other's see, whatever ends. */
class SeveralGatewaysIT {
    private static final String SECOND = "Gateway 2 of 2 listens at ";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path data;

    private BoardwalkProcess boardwalk;
    private NpmPeers peers;
    private URI second;

    @BeforeEach
    void start() {
        boardwalk = BoardwalkProcess.start(
                data, Map.of(), "up", "--port", "0", "--gateways", "2", "--data", data.toString());
        boardwalk.address();
        second = boardwalk.output().stream()
                .filter(line -> line.startsWith(SECOND))
                .map(line -> URI.create(line.substring(SECOND.length())))
                .findFirst()
                .orElseThrow();
        peers = new NpmPeers();
        peers.open("east", 3, socket(boardwalk.address()), "shared");
        peers.open("west", 1, socket(second), "shared");
        eventually("east", NpmPeers.State::synced);
        eventually("west", NpmPeers.State::synced);
    }

    @AfterEach
    void stop() {
        peers.close();
        long orphan = boardwalk.alive() ? secondPid() : 0;
        boardwalk.kill();
        await().atMost(60, SECONDS).until(() -> ProcessHandle.of(orphan).isEmpty());
        boardwalk.close();
    }

    @Test
    void clients_at_both_gateways_edit_one_document_until_one_gateway_is_killed_and_another_drained() {
        edit("together");
        peers.presence("west", new JsonObject().put("name", "Wöst"));
        eventually("east", state -> state.presence().encode().contains("Wöst"));
        peers.draw(
                "east",
                new JsonObject().put("a", new JsonObject().put("text", "A")),
                new JsonObject().put("e", new JsonObject().put("source", "a").put("target", "a")));
        // Yjs shows the roots that somebody asked for.
        peers.draw("west", new JsonObject(), new JsonObject());
        edit("drawn");
        assertBothAnswerWhatTheClientsHave();

        long killed = secondPid();
        Set<String> confirmed = editUntilKilled(killed);
        eventually("east", state -> state.tags().containsAll(confirmed));
        eventually("east", state -> !state.presence().encode().contains("Wöst") || secondPid() != killed);
        await().atMost(60, SECONDS).until(() -> secondPid() != killed && secondPid() != 0);
        eventually("west", NpmPeers.State::connected);
        edit("again");
        assertBothAnswerWhatTheClientsHave();

        ProcessHandle.of(secondPid()).orElseThrow().destroy();
        eventually("west", state -> state.closeCodes().contains(4205));
        edit("after the drain");
        assertBothAnswerWhatTheClientsHave();
        assertThat(boardwalk.terminate()).as(boardwalk::toString).isZero();
        assertThat(peers.state("east").closeCodes()).contains(4205);
    }

    @Test
    void when_the_first_is_killed_the_others_end_and_the_next_start_has_everything() {
        edit("kept");
        long orphan = secondPid();
        peers.edit("west", "last at west");
        peers.edit("east", "last at east");
        boardwalk.kill();
        await().atMost(60, SECONDS).until(() -> ProcessHandle.of(orphan).isEmpty());
        Set<String> ledger = new TreeSet<>(peers.state("west").confirmed());
        ledger.addAll(peers.state("east").confirmed());
        try (BoardwalkProcess next = BoardwalkProcess.up(data)) {
            assertThat(properties(next.address()).getJsonObject("ledger").fieldNames())
                    .contains("kept at east", "kept at west")
                    .containsAll(ledger);
            assertThat(next.terminate()).as(next::toString).isZero();
        }
    }

    /** One edit at each gateway, seen and confirmed at both. */
    private void edit(String words) {
        peers.edit("east", words + " at east");
        peers.edit("west", words + " at west");
        for (String peer : List.of("east", "west")) {
            eventually(peer, state -> state.tags().containsAll(List.of(words + " at east", words + " at west")));
            eventually(peer, state -> state.confirmed().equals(state.sent()));
        }
    }

    /** Answers what the clients of the killed gateway saw confirmed. */
    private Set<String> editUntilKilled(long pid) {
        for (int edit = 0; edit < 40; edit++) {
            peers.edit("west", "w" + edit);
            peers.edit("east", "e" + edit);
        }
        eventually("west", state -> state.confirmed().contains("w3"));
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
        return peers.state("west").confirmed();
    }

    private void assertBothAnswerWhatTheClientsHave() {
        assertThat(peers.json("west")).isEqualTo(peers.json("east"));
        assertThat(properties(boardwalk.address())).isEqualTo(peers.json("east"));
        assertThat(properties(second)).isEqualTo(peers.json("east"));
    }

    private static JsonObject properties(URI gateway) {
        return new JsonObject(RawHttp.body(gateway, "/api/v1/projects/default/entities/shared?fresh=true"))
                .getJsonObject("properties");
    }

    /** The process id of the second gateway; 0 if there is none now. */
    private long secondPid() {
        return ProcessHandle.of(boardwalk.pid()).stream()
                .flatMap(ProcessHandle::children)
                .filter(child -> child.info().commandLine().orElse("").contains("further-gateway"))
                .mapToLong(ProcessHandle::pid)
                .findFirst()
                .orElse(0);
    }

    private static URI socket(URI gateway) {
        return URI.create("ws://" + gateway.getHost() + ":" + gateway.getPort() + "/yjs/default");
    }

    private void eventually(String peer, Predicate<NpmPeers.State> condition) {
        await().atMost(60, SECONDS).until(() -> peers.state(peer), condition::test);
    }
}
