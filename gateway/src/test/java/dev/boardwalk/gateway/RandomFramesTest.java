package dev.boardwalk.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.boardwalk.crdt.sync.HocuspocusFrame;
import dev.boardwalk.crdt.sync.YWebsocketFrame;
import dev.boardwalk.testkit.Seed;
import dev.boardwalk.testkit.TestDatabase;
import dev.boardwalk.testkit.Typing;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/**
 * Random bytes at every door: nothing crashes, nothing is stored, nobody else notices, and the log has no errors. A
 * failure names its seed; {@code -Dboardwalk.frames=100000} tries more than a build does.
 */
class RandomFramesTest {
    private static final int FRAMES = Integer.getInteger("boardwalk.frames", 4_000);
    private static final int RAW_SOCKETS = 60;

    private static final class Errors extends AppenderBase<ILoggingEvent> {
        private final List<String> lines = new CopyOnWriteArrayList<>();

        @Override
        protected void append(ILoggingEvent event) {
            if (event.getLevel().isGreaterOrEqual(Level.ERROR)) {
                lines.add(event.getFormattedMessage());
            }
        }
    }

    private final Errors errors = new Errors();
    private TestDatabase database;
    private TestGateway gateway;
    private WirePeer witness;

    @BeforeEach
    void start() {
        errors.start();
        rootLogger().addAppender(errors);
        database = TestDatabase.create();
        gateway = TestGateway.start(
                database,
                Map.of(
                        "BOARDWALK_MAX_FRAME_BYTES", "64KiB",
                        "BOARDWALK_MAX_UPDATE_RATE", "1000000",
                        "BOARDWALK_MAX_AWARENESS_RATE", "1000000",
                        "BOARDWALK_MAX_STATELESS_RATE", "1000000"));
        witness = gateway.synced("/yjs/default/witness");
    }

    @AfterEach
    void nobodyNoticed() {
        byte[] update = new Typing(5).type("still served");
        witness.update(update).awaitUpdate(update);
        assertThat(witness.raw())
                .as("what the witness heard, its handshake included")
                .filteredOn(frame -> !Arrays.equals(frame, YWebsocketFrame.keepAlive()))
                .hasSizeLessThan(6);
        witness.close();
        await().until(() -> gateway.meter("boardwalk_sockets") == 0);
        for (String table : List.of("journal", "operation")) {
            assertThat(database.number("select count(*) from crdt." + table
                            + " j join entity e using (org_id, entity_id) where e.name <> 'witness'"))
                    .as("rows in crdt." + table)
                    .isZero();
        }
        gateway.close();
        database.close();
        rootLogger().detachAppender(errors);
        assertThat(errors.lines).isEmpty();
    }

    private static Logger rootLogger() {
        return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }

    @Test
    void at_the_y_websocket_door() {
        Seed.each(1, seed -> {
            Random random = seed.random();
            WirePeer mallory = gateway.synced("/yjs/default/fuzzed");
            for (int i = 0; i < FRAMES; i++) {
                if (!mallory.open()) {
                    mallory.close();
                    mallory = gateway.synced("/yjs/default/fuzzed");
                }
                mallory.sendIfOpen(frame(random, new byte[0], new int[] {0, 1, 2, 3, 4, 42, 0x66}));
                YWebsocketFrame.Marker probe = new YWebsocketFrame.Marker(number(i));
                mallory.sendIfOpen(probe.encode());
                notABug(mallory, mallory.awaitOrClose(frame -> isMarker(frame, probe)));
            }
            mallory.close();
        });
    }

    @Test
    void at_the_hocuspocus_door() {
        byte[] name = "fuzzed".getBytes(StandardCharsets.US_ASCII);
        byte[] address = new byte[name.length + 1];
        address[0] = (byte) name.length;
        System.arraycopy(name, 0, address, 1, name.length);
        Seed.each(1, seed -> {
            Random random = seed.random();
            CollabWire mallory = collab();
            for (int i = 0; i < FRAMES; i++) {
                if (!mallory.open()) {
                    mallory.close();
                    mallory = collab();
                }
                // Not 7, which would close the document.
                mallory.sendIfOpen(frame(random, address, new int[] {0, 1, 2, 3, 4, 5, 6, 8, 9, 10, 42}));
                mallory.sendIfOpen(new HocuspocusFrame.QueryAwareness("fuzzed").encode());
                notABug(mallory, mallory.awaitOrClose(HocuspocusFrame.Awareness.class::isInstance));
            }
            mallory.close();
        });
    }

    @Test
    void below_both_of_them() {
        Seed.each(1, seed -> {
            Random random = seed.random();
            for (int i = 0; i < RAW_SOCKETS; i++) {
                String door = random.nextBoolean() ? "/yjs/default/fuzzed" : "/collab/default";
                byte[] bytes = new byte[1 + random.nextInt(300)];
                random.nextBytes(bytes);
                try (RawSocket raw = RawSocket.upgraded(gateway.port(), door)) {
                    raw.send(bytes);
                } catch (IOException closing) {
                    // Cut in the middle, as it should be.
                }
            }
        });
    }

    private CollabWire collab() {
        return CollabWire.connect(gateway.port(), "/collab/default").open("fuzzed", "");
    }

    /** The frame was read, since what came after it was answered; or it was the end of its socket, with a reason. */
    private static void notABug(FrameSocket<?, ?> socket, Optional<?> answer) {
        if (answer.isEmpty()) {
            assertThat(socket.awaitClose()).doesNotStartWith("1011");
        }
    }

    private static boolean isMarker(YWebsocketFrame frame, YWebsocketFrame.Marker probe) {
        return frame instanceof YWebsocketFrame.Marker(byte[] payload) && Arrays.equals(payload, probe.payload());
    }

    private static byte[] number(int number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }

    /** Every second one begins like a message that exists; any bytes come behind that. */
    private static byte[] frame(Random random, byte[] address, int[] types) {
        byte[] payload = new byte[random.nextInt(40)];
        random.nextBytes(payload);
        if (random.nextBoolean()) {
            return payload;
        }
        byte[] frame = new byte[address.length + 2 + payload.length];
        System.arraycopy(address, 0, frame, 0, address.length);
        frame[address.length] = (byte) types[random.nextInt(types.length)];
        frame[address.length + 1] = (byte) random.nextInt(4);
        System.arraycopy(payload, 0, frame, address.length + 2, payload.length);
        return frame;
    }
}
