package dev.boardwalk.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.boardwalk.crdt.Engine;
import dev.boardwalk.store.EntityKey;
import dev.boardwalk.store.OrganisationId;
import dev.boardwalk.testkit.TestDatabase;
import dev.boardwalk.testkit.Typing;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of edits when gateways die, lose their lease, or meet on one database. */
class RecoveryTest {
    private static final String BOARD = "/yjs/default/board";
    private static final EntityKey KEY = new EntityKey(OrganisationId.LOCAL, "default", "board");
    private static final Map<String, String> NO_FLUSH = Map.of("BOARDWALK_FLUSH_INTERVAL", "1h");

    private TestDatabase database;

    @BeforeEach
    void create() {
        database = TestDatabase.create();
    }

    @AfterEach
    void drop() {
        database.close();
    }

    @Test
    void what_a_dead_gateway_confirmed_is_there_at_once_and_flushed_by_the_next() {
        try (TestGateway dying = TestGateway.start(database, NO_FLUSH);
                WirePeer ann = dying.synced(BOARD)) {
            byte[] update = new Typing(1).type("confirmed");
            ann.update(update).awaitUpdate(update);
            dying.crash();
        }
        assertThat(database.number("select count(*) from crdt.operation")).isZero();
        try (TestGateway next = TestGateway.start(database, NO_FLUSH)) {
            assertThat(text(next)).isEqualTo("{\"t\":\"confirmed\"}");
            await().atMost(Duration.ofSeconds(15)).until(() -> properties().contains("confirmed"));
            await().until(() -> database.number("select count(*) from gateway where retired_at is null") == 1);
            assertThat(next.meter("boardwalk_recovered_gateways_total")).isEqualTo(1);
            assertThat(text(next)).isEqualTo("{\"t\":\"confirmed\"}");
        }
    }

    @Test
    void a_fresh_read_knows_what_a_dead_gateway_confirmed_before_anybody_recovers_it() {
        try (TestGateway dying = TestGateway.start(database, NO_FLUSH);
                WirePeer ann = dying.synced(BOARD)) {
            byte[] update = new Typing(1).type("confirmed");
            ann.update(update).awaitUpdate(update);
            dying.crash();
        }
        try (TestGateway next = TestGateway.start(database, NO_FLUSH)) {
            TestGateway.await(next.entities().flush(KEY));
            assertThat(properties()).contains("confirmed");
            assertThat(database.number("select count(*) from gateway where retired_at is null"))
                    .as("the dead one still holds its lease")
                    .isEqualTo(2);
        }
    }

    @Test
    void an_edit_that_arrives_while_a_dead_gateway_is_recovered_is_kept_beside_it() {
        try (TestGateway dying = TestGateway.start(database, NO_FLUSH);
                WirePeer ann = dying.synced(BOARD)) {
            byte[] update = new Typing(1).type("old");
            ann.update(update).awaitUpdate(update);
            dying.crash();
        }
        try (TestGateway next = TestGateway.start(database);
                WirePeer ben = next.synced(BOARD)) {
            Typing typing = new Typing(2);
            for (int i = 0; i < 40; i++) {
                byte[] update = typing.type("n");
                ben.update(update).awaitUpdate(update);
            }
            await().atMost(Duration.ofSeconds(15)).until(() -> next.meter("boardwalk_recovered_gateways_total") == 1);
            TestGateway.await(next.entities().flush(KEY));
            assertThat(text(next)).contains("old").contains("n".repeat(40));
            await().until(() -> properties().contains("old") && properties().contains("n".repeat(40)));
        }
    }

    @Test
    void a_gateway_that_was_taken_for_dead_registers_anew_and_confirms_what_it_held() {
        try (TestGateway gateway = TestGateway.start(database);
                WirePeer ann = gateway.synced(BOARD)) {
            Typing typing = new Typing(1);
            byte[] before = typing.type("before ");
            ann.update(before).awaitUpdate(before);
            database.execute("update gateway set epoch = epoch + 1, lease_until = now() + interval '1 minute'");
            byte[] after = typing.type("after");
            ann.update(after).awaitUpdate(after);
            assertThat(database.number("select count(*) from gateway")).isEqualTo(2);
            assertThat(gateway.meter("boardwalk_fenced_total")).isPositive();
            TestGateway.await(gateway.entities().flush(KEY));
            assertThat(properties()).contains("before after");
        }
    }

    @Test
    void two_gateways_that_flush_one_entity_lose_nothing() {
        try (TestGateway one = TestGateway.start(database);
                TestGateway two = TestGateway.start(database);
                WirePeer ann = one.synced(BOARD);
                WirePeer ben = two.synced(BOARD)) {
            byte[] first = new Typing(1).type("first");
            byte[] second = new Typing(2).type("second");
            ann.update(first);
            ben.update(second);
            ann.awaitUpdate(first);
            ben.awaitUpdate(second);
            one.drain();
            two.drain();
        }
        assertThat(database.number("select count(*) from crdt.operation")).isEqualTo(2);
        try (TestGateway third = TestGateway.start(database)) {
            assertThat(text(third)).contains("first").contains("second");
        }
    }

    @Test
    void while_the_database_refuses_peers_see_each_other_and_on_return_all_is_confirmed() {
        try (TestGateway gateway = TestGateway.start(database);
                WirePeer ann = gateway.synced(BOARD);
                WirePeer ben = gateway.synced(BOARD)) {
            Typing typing = new Typing(1);
            byte[] before = typing.type("a");
            ann.update(before).awaitUpdate(before);
            ben.awaitUpdate(before);
            database.execute("alter table crdt.journal rename to journal_away");
            byte[][] during = new byte[20][];
            for (int i = 0; i < during.length; i++) {
                during[i] = typing.type("b");
                ann.update(during[i]);
                ben.awaitUpdate(during[i]);
            }
            assertThat(gateway.meter("boardwalk_pending_bytes")).isPositive();
            database.execute("alter table crdt.journal_away rename to journal");
            for (byte[] update : during) {
                ann.awaitUpdate(update);
            }
            await().until(() -> properties().contains("a" + "b".repeat(20)));
        }
    }

    @Test
    void killed_database_sessions_confirm_nothing_twice_and_lose_nothing() {
        try (TestGateway gateway = TestGateway.start(database);
                WirePeer ann = gateway.synced(BOARD)) {
            Typing typing = new Typing(1);
            for (int i = 0; i < 30; i++) {
                byte[] update = typing.type("c");
                ann.update(update);
                if (i % 10 == 5) {
                    database.killSessions("%");
                }
                ann.awaitUpdate(update);
            }
            await().until(() -> properties().contains("c".repeat(30)));
        }
    }

    private String properties() {
        return String.join("", database.column("select properties::text from entity where name = 'board'"));
    }

    private static String text(TestGateway gateway) {
        byte[] state = TestGateway.await(gateway.entities().state(KEY));
        return String.valueOf(
                Engine.fold(null, List.of(state), Engine.Projection.JSON).json());
    }
}
