package dev.boardwalk.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.boardwalk.crdt.Engine;
import dev.boardwalk.crdt.sync.AwarenessUpdate;
import dev.boardwalk.crdt.sync.SyncMessage;
import dev.boardwalk.crdt.sync.YWebsocketFrame;
import dev.boardwalk.store.EntityKey;
import dev.boardwalk.store.OrganisationId;
import dev.boardwalk.testkit.Seed;
import dev.boardwalk.testkit.TestDatabase;
import dev.boardwalk.testkit.Typing;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two gateways on one database: what happens at one is seen at the other, whatever the relay between them loses. */
class RelayTest {
    private static final String BOARD = "/yjs/default/board";
    private static final EntityKey KEY = new EntityKey(OrganisationId.LOCAL, "default", "board");

    private TestDatabase database;
    private CuttableBus bus;
    private TestGateway east;
    private TestGateway west;

    @BeforeEach
    void start() {
        database = TestDatabase.create();
        bus = new CuttableBus(new Random(1));
        east = TestGateway.start(database, bus.stop());
        west = TestGateway.start(database, bus.stop());
    }

    @AfterEach
    void stop() {
        east.close();
        west.close();
        bus.close();
        database.close();
    }

    @Test
    void edits_at_one_gateway_reach_the_peers_at_the_other() {
        try (WirePeer ann = east.synced(BOARD);
                WirePeer ben = west.synced(BOARD)) {
            byte[] hello = new Typing(1).type("hello");
            ann.update(hello);
            ben.awaitUpdate(hello);
            byte[] world = new Typing(2).type("world");
            ben.update(world);
            ann.awaitUpdate(world);
            ben.awaitUpdate(world);
        }
    }

    @Test
    void what_others_write_does_not_pile_up_where_nobody_writes() {
        try (WirePeer ann = east.synced(BOARD);
                WirePeer ben = west.synced(BOARD)) {
            Typing typing = new Typing(1);
            for (int word = 0; word < 10_100; word++) {
                ann.update(typing.type("w"));
            }
            byte[] last = typing.type("last");
            ann.update(last);
            ben.await(brings("last"));
            await().until(() -> west.meter("boardwalk_flushed_entities_total") > 0);
            assertThat(west.meter("boardwalk_entities_dirty")).isZero();
            assertThat(database.number("select count(distinct gateway_id) from crdt.operation"))
                    .as("who did not write it does not flush it")
                    .isLessThanOrEqualTo(1);
            assertThat(text(west)).isEqualTo("w".repeat(10_100) + "last");
        }
    }

    @Test
    void what_is_held_in_memory_without_peers_is_not_served_stale() {
        try (WirePeer ann = east.synced(BOARD)) {
            west.synced(BOARD).close();
            Typing typing = new Typing(1);
            for (int word = 0; word < 20; word++) {
                byte[] update = typing.type("word ");
                ann.update(update);
                ann.awaitUpdate(update);
            }
            await().untilAsserted(() -> assertThat(text(west)).isEqualTo("word ".repeat(20)));
        }
    }

    @Test
    void both_gateways_flush_one_entity_and_its_properties_have_everything() {
        try (WirePeer ann = east.synced(BOARD);
                WirePeer ben = west.synced(BOARD)) {
            Typing first = new Typing(1);
            Typing second = new Typing(2);
            for (int round = 0; round < 10; round++) {
                byte[] byAnn = first.type("a");
                byte[] byBen = second.type("b");
                ann.update(byAnn);
                ben.update(byBen);
                ann.awaitUpdate(byBen);
                ben.awaitUpdate(byAnn);
                TestGateway.await(east.entities().flush(KEY));
                TestGateway.await(west.entities().flush(KEY));
            }
            String properties =
                    TestGateway.await(east.database().catalog().describe(KEY)).properties();
            assertThat(properties.chars().filter(letter -> letter == 'a').count())
                    .isEqualTo(10);
            assertThat(properties.chars().filter(letter -> letter == 'b').count())
                    .isEqualTo(10);
        }
    }

    @Test
    void presence_crosses_and_goes_with_its_peer() {
        try (WirePeer ben = west.synced(BOARD)) {
            try (WirePeer ann = east.synced(BOARD)) {
                ann.send(presence(7, 1, "{\"name\":\"Ann\"}"));
                ben.await(speaksOf(7, "Ann"));
                try (WirePeer late = west.connect("/yjs/default/other")) {
                    late.send(presence(8, 1, "{}"));
                }
            }
            ben.await(speaksOf(7, "null"));
        }
    }

    @Test
    void who_comes_later_at_another_gateway_learns_who_is_here() {
        try (WirePeer ann = east.synced(BOARD)) {
            ann.send(presence(7, 1, "{\"name\":\"Ann\"}"));
            ann.await(speaksOf(7, "Ann"));
            try (WirePeer ben = west.synced(BOARD)) {
                ben.await(speaksOf(7, "Ann"));
            }
            // In memory still, but not looked after while nobody was there.
            try (WirePeer cleo = west.connect(BOARD)) {
                cleo.await(speaksOf(7, "Ann"));
            }
        }
    }

    @Test
    void the_peers_of_a_gateway_that_dies_or_drains_are_gone() {
        try (WirePeer ben = west.synced(BOARD)) {
            WirePeer ann = east.synced(BOARD);
            ann.send(presence(7, 1, "{\"name\":\"Ann\"}"));
            ben.await(speaksOf(7, "Ann"));
            bus.lose(100);
            east.crash();
            ben.await(speaksOf(7, "null"));
        }
        bus.lose(0);
        try (TestGateway third = TestGateway.start(database, bus.stop());
                WirePeer ben = west.synced(BOARD);
                WirePeer cleo = third.synced(BOARD)) {
            cleo.send(presence(9, 1, "{\"name\":\"Cleo\"}"));
            ben.await(speaksOf(9, "Cleo"));
            third.drain();
            ben.await(speaksOf(9, "null"));
        }
    }

    @Test
    void what_the_relay_loses_is_read_from_the_journal() {
        Seed.each(2, seed -> {
            Random random = seed.random();
            String board = "/yjs/default/lossy-" + random.nextInt(1_000_000);
            bus.lose(List.of(30, 70, 100).get(random.nextInt(3)));
            try (WirePeer ann = east.synced(board);
                    WirePeer ben = west.synced(board)) {
                Typing first = new Typing(1);
                Typing second = new Typing(2);
                for (int word = 0; word < 30; word++) {
                    byte[] east = first.type("east ");
                    ann.update(east);
                    ben.update(second.type("west "));
                    if (random.nextInt(4) == 0) {
                        ann.awaitUpdate(east);
                    }
                }
                ann.update(first.type("sunrise"));
                ben.update(second.type("sunset"));
                ben.await(brings("sunrise"));
                ann.await(brings("sunset"));
            }
            bus.lose(0);
        });
        assertThat(west.meter("boardwalk_relay_gaps_total")).isPositive();
        assertThat(west.meter("boardwalk_relay_rereads_total")).isPositive();
    }

    @Test
    void gateways_without_a_relay_see_each_others_edits_a_little_later() {
        try (TestGateway alone = TestGateway.start(database);
                WirePeer ann = east.synced(BOARD);
                WirePeer ben = alone.synced(BOARD)) {
            byte[] hello = new Typing(1).type("hello");
            ann.update(hello);
            ben.await(brings("hello"));
            byte[] world = new Typing(2).type("world");
            ben.update(world);
            ann.await(brings("world"));
        }
    }

    @Test
    void what_a_gateway_confirmed_before_it_died_reaches_the_peers_at_the_others() {
        try (WirePeer ben = west.synced(BOARD);
                WirePeer ann = east.synced(BOARD)) {
            bus.lose(100);
            byte[] last = new Typing(1).type("last words");
            ann.update(last);
            ann.awaitUpdate(last);
            east.crash();
            ben.await(brings("last words"));
        }
    }

    @Test
    void a_deleted_entity_is_closed_at_all_gateways() {
        try (WirePeer ben = west.synced(BOARD)) {
            TestGateway.await(east.entities().deleted(KEY));
            assertThat(ben.awaitClose()).startsWith("4404");
        }
    }

    @Test
    void a_notice_reaches_the_listeners_at_the_others_only() {
        List<String> heard = new CopyOnWriteArrayList<>();
        east.gateway()
                .relay()
                .listen("revoked", bytes -> heard.add("east " + new String(bytes, StandardCharsets.UTF_8)));
        west.gateway()
                .relay()
                .listen("revoked", bytes -> heard.add("west " + new String(bytes, StandardCharsets.UTF_8)));
        await().until(() -> {
            east.gateway().relay().notice("revoked", "7".getBytes(StandardCharsets.UTF_8));
            return !heard.isEmpty();
        });
        assertThat(heard).containsOnly("west 7");
    }

    @Test
    void bytes_that_no_gateway_sent_are_refused_and_change_nothing() {
        try (WirePeer ann = east.synced(BOARD);
                WirePeer ben = west.synced(BOARD)) {
            Random random = new Random(3);
            for (int i = 0; i < 50; i++) {
                byte[] bytes = new byte[random.nextInt(60)];
                random.nextBytes(bytes);
                bus.inject(bytes);
            }
            byte[] hello = new Typing(1).type("hello");
            ann.update(hello);
            ben.awaitUpdate(hello);
            assertThat(west.meter("boardwalk_refused_total")).isEqualTo(50);
        }
    }

    /** An update with these words, alone or among others: what is read from the store may be merged by then. */
    private static Predicate<YWebsocketFrame> brings(String words) {
        return frame -> frame instanceof YWebsocketFrame.Sync(SyncMessage message)
                && !(message instanceof SyncMessage.Step1)
                && new String(message.payload(), StandardCharsets.ISO_8859_1).contains(words);
    }

    private static String text(TestGateway gateway) {
        byte[] state = TestGateway.await(gateway.entities().state(KEY));
        return String.valueOf(Engine.fold(null, List.of(state), Engine.Projection.JSON)
                        .json())
                .replaceAll("^\\{\"t\":\"|\"}$", "");
    }

    private static YWebsocketFrame presence(long client, long clock, String json) {
        return new YWebsocketFrame.Awareness(new AwarenessUpdate(
                List.of(new AwarenessUpdate.Entry(client, clock, json.getBytes(StandardCharsets.UTF_8)))));
    }

    private static Predicate<YWebsocketFrame> speaksOf(long client, String words) {
        return frame -> frame instanceof YWebsocketFrame.Awareness(AwarenessUpdate update)
                && update.entries().stream()
                        .anyMatch(entry ->
                                entry.client() == client && entry.toString().contains(words));
    }
}
