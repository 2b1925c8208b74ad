package dev.boardwalk.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.boardwalk.crdt.sync.AwarenessUpdate;
import dev.boardwalk.crdt.sync.ClockVector;
import dev.boardwalk.crdt.sync.HocuspocusFrame;
import dev.boardwalk.crdt.sync.StateVectors;
import dev.boardwalk.crdt.sync.SyncMessage;
import dev.boardwalk.crdt.sync.YWebsocketFrame;
import dev.boardwalk.testkit.TestDatabase;
import dev.boardwalk.testkit.Typing;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What was seen to go wrong in other servers of Yjs documents, each as a test of this one. Those that need more than frames
 * are elsewhere: kill -9 after an acknowledgement and idle providers in {@link HocuspocusDurabilityIT}, a stalled reader,
 * and that a slow one misses nothing, in {@link SlowPeerTest}, an exception in one message in {@link CollabDoorTest}.
 */
class PeerDefectsTest {
    private TestDatabase database;
    private TestGateway gateway;

    @BeforeEach
    void start() {
        database = TestDatabase.create();
        gateway = TestGateway.start(database);
    }

    @AfterEach
    void stop() {
        gateway.close();
        database.close();
    }

    private CollabWire collab(String name) {
        return CollabWire.connect(gateway.port(), "/collab/default").open(name, "");
    }

    @Test
    void edits_are_not_acknowledged_from_memory() throws InterruptedException {
        try (CollabWire ann = collab("memory");
                WirePeer ben = gateway.synced("/yjs/default/memory")) {
            database.execute("alter table crdt.journal rename to journal_away");
            byte[] counted = new Typing(1).type("counted");
            byte[] echoed = new Typing(2).type("echoed");
            int before = ann.all().size();
            ann.update("memory", counted);
            ben.update(echoed);
            // Each sees the other's at once, and no word about its own.
            ben.awaitUpdate(counted);
            ann.awaitUpdate("memory", echoed);
            ben.expectNo(echoed, Duration.ofMillis(500));
            assertThat(ann.all().subList(before, ann.all().size()))
                    .noneMatch(frame -> frame instanceof HocuspocusFrame.SyncStatus);
            database.execute("alter table crdt.journal_away rename to journal");
            ann.awaitSign("memory", true);
            ben.awaitUpdate(echoed);
        }
    }

    @Test
    void what_one_failed_store_did_not_write_is_written_after_the_last_client_has_left() {
        try (CollabWire ann = collab("stored-later")) {
            database.execute("alter table crdt.operation rename to operation_away");
            ann.update("stored-later", new Typing(1).type("late"));
            ann.awaitSign("stored-later", true);
        }
        await().atMost(Duration.ofSeconds(60))
                .until(() ->
                        gateway.meter("boardwalk_flush_failures_total") > 0 && gateway.meter("boardwalk_sockets") == 0);
        database.execute("alter table crdt.operation_away rename to operation");
        await().atMost(Duration.ofSeconds(60))
                .until(() -> database.column("select properties::text from entity where name = 'stored-later'")
                        .toString()
                        .contains("late"));
    }

    @Test
    void an_explicit_awareness_removal_is_forwarded_at_both_doors() {
        try (CollabWire ann = collab("cursors");
                WirePeer ben = gateway.synced("/yjs/default/cursors")) {
            ann.send(new HocuspocusFrame.Awareness("cursors", awareness(1, 1, "{}")));
            ben.await(new YWebsocketFrame.Awareness(awareness(1, 1, "{}"))::equals);
            ann.send(new HocuspocusFrame.Awareness("cursors", awareness(1, 2, null)));
            ben.await(new YWebsocketFrame.Awareness(awareness(1, 2, null))::equals);
            ben.send(new YWebsocketFrame.Awareness(awareness(2, 1, "{}")));
            ann.await(new HocuspocusFrame.Awareness("cursors", awareness(2, 1, "{}"))::equals);
            ben.send(new YWebsocketFrame.Awareness(awareness(2, 2, null)));
            ann.await(new HocuspocusFrame.Awareness("cursors", awareness(2, 2, null))::equals);
        }
    }

    @Test
    void edits_that_arrive_during_stores_are_written_too() {
        StringBuilder all = new StringBuilder();
        try (WirePeer ann = gateway.synced("/yjs/default/busy")) {
            Typing typing = new Typing(1);
            // Flushes come every 500 ms, so that many of these fall into one.
            for (int i = 0; i < 300; i++) {
                String word = "w" + i + ".";
                all.append(word);
                byte[] update = typing.type(word);
                ann.update(update).awaitUpdate(update);
            }
        }
        await().atMost(Duration.ofSeconds(60))
                .until(() -> database.column("select properties::text from entity where name = 'busy'")
                        .toString()
                        .contains(all));
    }

    /** Elsewhere snapshot, history and delete were statements of their own, and a failure between them left some of it. */
    @Test
    void a_store_that_fails_halfway_leaves_nothing_of_itself() {
        try (WirePeer ann = gateway.synced("/yjs/default/halfway")) {
            Typing typing = new Typing(1);
            byte[] first = typing.type("first.");
            ann.update(first).awaitUpdate(first);
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> stored("halfway").contains("first.") && operations("halfway") == 1);
            // Written after the operations and the properties, and in the same transaction.
            database.execute("alter table public.change rename to change_away");
            double failures = gateway.meter("boardwalk_flush_failures_total");
            byte[] second = typing.type("second.");
            ann.update(second).awaitUpdate(second);
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> gateway.meter("boardwalk_flush_failures_total") > failures);
            assertThat(operations("halfway")).isEqualTo(1);
            assertThat(stored("halfway")).contains("first.").doesNotContain("second.");
            database.execute("alter table public.change_away rename to change");
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> stored("halfway").contains("first.second.") && operations("halfway") == 2);
        }
    }

    private String stored(String name) {
        return database.column("select properties::text from entity where name = '" + name + "'")
                .toString();
    }

    private long operations(String name) {
        return database.number("select count(*) from crdt.operation o join entity e using (org_id, entity_id)"
                + " where e.name = '" + name + "'");
    }

    @Test
    void one_bad_id_or_document_stalls_nobody_else() {
        try (CollabWire ann = collab("good");
                CollabWire ben = collab("good");
                CollabWire mallory = collab("bad")) {
            mallory.send(new HocuspocusFrame.Token("no/../such", "", null));
            mallory.update("bad", new Typing(9).type("x")).awaitSign("bad", true);
            for (int i = 0; i < 5; i++) {
                mallory.update("bad", new byte[] {7, 7, 7});
            }
            Typing typing = new Typing(1);
            for (int i = 0; i < 20; i++) {
                byte[] update = typing.type("x");
                ann.update("good", update);
                ben.awaitUpdate("good", update);
                ann.awaitSign("good", true);
            }
        }
    }

    @Test
    void a_client_that_comes_back_is_not_sent_the_full_state() {
        int size = 200_000;
        try (WirePeer ann = gateway.synced("/yjs/default/large")) {
            Typing typing = new Typing(1);
            byte[] large = typing.type("x".repeat(size));
            ann.update(large).awaitUpdate(large);
            byte[] last = typing.type("y");
            ann.update(last).awaitUpdate(last);
            for (String door : List.of("/yjs", "/collab")) {
                assertThat(bytesForReturning(door, stateVector(size))).isBetween(1, 1_000);
                assertThat(bytesForReturning(door, stateVector(size + 1))).isLessThan(1_000);
            }
        }
    }

    /** What a client that has this much is sent until it is synced. */
    private int bytesForReturning(String door, byte[] stateVector) {
        if (door.equals("/yjs")) {
            try (WirePeer back = gateway.connect("/yjs/default/large")) {
                back.send(new YWebsocketFrame.Sync(new SyncMessage.Step1(stateVector)));
                back.awaitSync(SyncMessage.Step2.class);
                return back.raw().stream().mapToInt(frame -> frame.length).sum();
            }
        }
        try (CollabWire back = CollabWire.connect(gateway.port(), "/collab/default")) {
            back.send(new HocuspocusFrame.Token("large", "", "4.7.0"));
            back.sync("large", new SyncMessage.Step1(stateVector));
            back.awaitStep("large", SyncMessage.Step2.class);
            return back.all().stream().mapToInt(frame -> frame.encode().length).sum();
        }
    }

    private static byte[] stateVector(int clock) {
        ClockVector known = new ClockVector();
        known.advance(1, clock);
        return StateVectors.encode(known);
    }

    private static AwarenessUpdate awareness(long client, long clock, @Nullable String json) {
        byte[] state = json == null ? null : json.getBytes(StandardCharsets.UTF_8);
        return new AwarenessUpdate(List.of(new AwarenessUpdate.Entry(client, clock, state)));
    }
}
