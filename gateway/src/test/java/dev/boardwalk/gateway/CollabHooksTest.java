package dev.boardwalk.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.boardwalk.crdt.sync.HocuspocusFrame;
import dev.boardwalk.crdt.sync.SyncMessage;
import dev.boardwalk.crdt.sync.YWebsocketFrame;
import dev.boardwalk.testkit.TestDatabase;
import dev.boardwalk.testkit.Typing;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What an application is asked over HTTP, and what its answers, or none, do. */
class CollabHooksTest {
    private static TestDatabase database;
    private static Application application;
    private static TestGateway gateway;

    @BeforeAll
    static void start() {
        database = TestDatabase.create();
        application = new Application();
        gateway = TestGateway.start(database, application.settings());
    }

    @AfterAll
    static void stop() {
        gateway.close();
        application.close();
        database.close();
    }

    @AfterEach
    void usual() {
        application.answerAsUsual();
    }

    private static CollabWire connect() {
        return CollabWire.connect(gateway.port(), "/collab/default?x=1");
    }

    @Test
    void every_call_is_signed_and_says_who_and_what() {
        try (CollabWire ann = connect()) {
            ann.open("who", "t1");
            ann.send(new HocuspocusFrame.Stateless("who", "hi"));
            ann.await(new HocuspocusFrame.Stateless("who", "answer to hi")::equals);
        }
        assertThat(application.calls()).allMatch(Application.Call::genuine);
        JsonObject connect = application.calls("onConnect", "who").getFirst().body();
        assertThat(connect.getString("url")).isEqualTo("http://127.0.0.1:" + gateway.port() + "/collab/default?x=1");
        assertThat(connect.getString("project")).isEqualTo("default");
        assertThat(connect.getString("token")).isEqualTo("t1");
        assertThat(connect.getString("providerVersion")).isEqualTo("4.7.0");
        assertThat(connect.getBoolean("readOnly")).isFalse();
        assertThat(connect.getJsonObject("headers").getString("upgrade")).isEqualToIgnoringCase("websocket");
        JsonObject authenticate =
                application.calls("onAuthenticate", "who").getFirst().body();
        assertThat(authenticate.getJsonObject("context")).isEqualTo(new JsonObject().put("connected", true));
        JsonObject stateless =
                application.calls("onStateless", "who").getFirst().body();
        assertThat(stateless.getString("payload")).isEqualTo("hi");
        assertThat(stateless.getJsonObject("context"))
                .isEqualTo(new JsonObject().put("connected", true).put("user", "u-t1"));
        assertThat(List.of(authenticate.getString("socketId"), stateless.getString("socketId")))
                .containsOnly(connect.getString("socketId"));
        assertThat(application.calls("onLoadDocument", "who")).hasSize(1);
    }

    @Test
    void on_y_websocket_the_token_comes_in_the_address() {
        try (WirePeer ann = gateway.synced("/yjs/default/y-hooks?token=t2")) {
            assertThat(ann.open()).isTrue();
            assertThat(application
                            .calls("onAuthenticate", "y-hooks")
                            .getFirst()
                            .body()
                            .getString("token"))
                    .isEqualTo("t2");
        }
        try (WirePeer mallory = gateway.connect("/yjs/default/y-hooks?token=wrong")) {
            assertThat(mallory.awaitClose()).isEqualTo("4403 nope");
        }
        try (WirePeer reader = gateway.synced("/yjs/default/y-hooks?token=reader");
                WirePeer writer = gateway.synced("/yjs/default/y-hooks?token=t3")) {
            reader.update(new Typing(30).type("refused"));
            byte[] update = new Typing(31).type("taken");
            writer.update(update).awaitUpdate(update);
            reader.awaitUpdate(update);
            assertThat(writer.raw()).noneMatch(frame -> new String(frame, StandardCharsets.UTF_8).contains("refused"));
        }
    }

    @Test
    void a_refusal_carries_the_reason_and_what_was_under_way_is_no_new_attempt() {
        try (CollabWire mallory = connect()) {
            mallory.send(new HocuspocusFrame.Token("refused", "wrong", "4.7.0"));
            mallory.step1("refused");
            mallory.await(new HocuspocusFrame.PermissionDenied("refused", "nope")::equals);
            mallory.step1("refused");
            mallory.update("refused", new Typing(32).type("x"));
            mallory.send(new HocuspocusFrame.Token("refused", "t4", "4.7.0"));
            mallory.await(HocuspocusFrame.Authenticated.class::isInstance);
            assertThat(application.calls("onAuthenticate", "refused")).hasSize(2);
            assertThat(mallory.all().stream().filter(HocuspocusFrame.PermissionDenied.class::isInstance))
                    .hasSize(1);
        }
    }

    @Test
    void read_only_from_on_connect_sticks() {
        application.answer(question -> question.getString("event").equals("onConnect")
                ? new JsonObject().put("ok", true).put("readOnly", true)
                : Application.usual(question));
        try (CollabWire ann = connect()) {
            ann.send(new HocuspocusFrame.Token("sticky", "t5", "4.7.0"));
            ann.await(new HocuspocusFrame.Authenticated("sticky", "readonly")::equals);
            ann.step1("sticky").sync("sticky", new SyncMessage.Step2(new byte[] {0, 0}));
            ann.awaitSign("sticky", true);
            ann.update("sticky", new Typing(33).type("x"));
            ann.awaitSign("sticky", false);
        }
        assertThat(application
                        .calls("onAuthenticate", "sticky")
                        .getFirst()
                        .body()
                        .getBoolean("readOnly"))
                .isTrue();
    }

    @Test
    void no_answer_in_time_and_no_200_and_no_json_refuse() {
        CountDownLatch never = new CountDownLatch(1);
        application.answer(question -> {
            if (question.getString("documentName").equals("silent")) {
                awaitQuietly(never);
            }
            return Application.usual(question);
        });
        try (CollabWire ann = connect()) {
            ann.send(new HocuspocusFrame.Token("silent", "t6", "4.7.0"));
            assertThat(ann.await(HocuspocusFrame.PermissionDenied.class::isInstance)
                            .toString())
                    .contains("does not answer");
            never.countDown();
            application.answerStatus(500);
            ann.send(new HocuspocusFrame.Token("status", "t6", "4.7.0"));
            ann.await(HocuspocusFrame.PermissionDenied.class::isInstance);
            application.answerStatus(200);
            application.answer(_ -> new JsonObject());
            ann.send(new HocuspocusFrame.Token("shrug", "t6", "4.7.0"));
            ann.await(HocuspocusFrame.PermissionDenied.class::isInstance);
            application.answerAsUsual();
            ann.open("fine-again", "t6");
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void a_document_is_seeded_once_even_if_two_gateways_ask() {
        AtomicInteger asked = new AtomicInteger();
        CountDownLatch both = new CountDownLatch(2);
        application.answer(question -> {
            if (!question.getString("event").equals("onLoadDocument")) {
                return Application.usual(question);
            }
            // Each gateway is told something else, at the same time.
            int number = asked.incrementAndGet();
            both.countDown();
            awaitQuietly(both);
            return new JsonObject()
                    .put("ok", true)
                    .put("update", Base64.getEncoder().encodeToString(new Typing(40 + number).type("by " + number)));
        });
        try (TestGateway second = TestGateway.start(database, application.settings());
                CollabWire ann = connect();
                CollabWire ben = CollabWire.connect(second.port(), "/collab/default")) {
            ann.send(new HocuspocusFrame.Token("seeded-race", "a", "4.7.0")).step1("seeded-race");
            ben.send(new HocuspocusFrame.Token("seeded-race", "b", "4.7.0")).step1("seeded-race");
            byte[] first = ann.awaitStep("seeded-race", SyncMessage.Step2.class);
            assertThat(first).hasSizeGreaterThan(2);
            assertThat(ben.awaitStep("seeded-race", SyncMessage.Step2.class)).isEqualTo(first);
            assertThat(asked.get()).isEqualTo(2);
        }
    }

    @Test
    void a_seed_is_an_edit_that_everybody_has_from_the_start() {
        try (CollabWire ann = connect()) {
            ann.send(new HocuspocusFrame.Token("seeded-doc", "a", "4.7.0")).step1("seeded-doc");
            assertThat(ann.awaitStep("seeded-doc", SyncMessage.Step2.class))
                    .isEqualTo(new Typing(5).type("from the application"));
        }
        try (WirePeer ben = gateway.connect("/yjs/default/seeded-doc")) {
            ben.send(new YWebsocketFrame.Sync(new SyncMessage.Step1(new byte[] {0})));
            assertThat(ben.awaitSync(SyncMessage.Step2.class)).isEqualTo(new Typing(5).type("from the application"));
        }
        assertThat(application.calls("onLoadDocument", "seeded-doc")).hasSize(1);
    }

    @Test
    void a_seed_that_cannot_be_had_keeps_the_document_closed() {
        application.answer(question -> question.getString("event").equals("onLoadDocument")
                ? new JsonObject().put("ok", true).put("update", "AAE=")
                : Application.usual(question));
        try (CollabWire ann = connect()) {
            ann.send(new HocuspocusFrame.Token("unseedable", "a", "4.7.0")).step1("unseedable");
            assertThat(ann.awaitClose()).startsWith("1013 the entity cannot be loaded now");
        }
    }
}
