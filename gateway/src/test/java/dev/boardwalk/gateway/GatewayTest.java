package dev.boardwalk.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.boardwalk.crdt.sync.SyncMessage;
import dev.boardwalk.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Edits between peers over real sockets: seen at once, confirmed after the commit, there after a reload. */
class GatewayTest {
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

    @Test
    void an_edit_reaches_the_others_and_comes_back_to_its_sender() {
        try (WirePeer ann = gateway.synced("/yjs/default/board");
                WirePeer ben = gateway.synced("/yjs/default/board")) {
            byte[] update = new Typing(1).type("hello");
            ann.update(update);
            ben.awaitUpdate(update);
            ann.awaitUpdate(update);
        }
    }

    @Test
    void the_echo_waits_for_the_commit_and_the_others_do_not() throws Exception {
        try (WirePeer ann = gateway.synced("/yjs/default/board");
                WirePeer ben = gateway.synced("/yjs/default/board");
                Connection holder = database.connect();
                Statement lock = holder.createStatement()) {
            holder.setAutoCommit(false);
            lock.execute("select 1 from gateway for update");
            byte[] update = new Typing(1).type("hello");
            ann.update(update);
            ben.awaitUpdate(update);
            ann.expectNo(update, Duration.ofMillis(400));
            holder.rollback();
            ann.awaitUpdate(update);
        }
    }

    @Test
    void echoes_come_in_the_order_of_the_edits() {
        try (WirePeer ann = gateway.synced("/yjs/default/board")) {
            Typing typing = new Typing(1);
            byte[][] updates = new byte[200][];
            for (int i = 0; i < updates.length; i++) {
                updates[i] = typing.type("word" + i + " ");
                ann.update(updates[i]);
            }
            for (byte[] update : updates) {
                assertThat(ann.awaitSync(SyncMessage.Update.class)).isEqualTo(update);
            }
        }
    }
}
