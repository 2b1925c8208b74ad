package dev.boardwalk.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.fail;

import dev.boardwalk.store.EntityId;
import dev.boardwalk.store.EntityKey;
import dev.boardwalk.store.OrganisationId;
import dev.boardwalk.testkit.Seed;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Messages between gateways as bytes: what is sent arrives, and anything else is refused without harm. */
class RelayCodecTest {
    private static final EntityKey KEY = new EntityKey(OrganisationId.LOCAL, "default", "a board/with ümläuts 🚗");
    private static final RelayMessage.Contents CONTENTS = new RelayMessage.Contents(
            KEY, new EntityId(OrganisationId.LOCAL, 7), List.of(new byte[] {0, 0}, new byte[] {1, 2, 3}));
    /** Version, secret and sender. */
    private static final int HEAD_BYTES = 1 + 16 + 8;

    private final RelayCodec codec = new RelayCodec(new UUID(1, 2));

    static List<RelayMessage> messages() {
        return List.of(
                new RelayMessage.Tick(Long.MAX_VALUE, List.of(CONTENTS)),
                new RelayMessage.Recovered(List.of(new RelayMessage.Contents(KEY, CONTENTS.id(), List.of()))),
                new RelayMessage.Alive(12),
                new RelayMessage.Leaving(),
                new RelayMessage.Presence(List.of(new RelayMessage.EntityPresence(KEY, new byte[] {0}))),
                new RelayMessage.PresenceWanted(KEY),
                new RelayMessage.ClientClaimed(KEY, 7),
                new RelayMessage.ClientTaken(KEY, 7, 3),
                new RelayMessage.Deleted(KEY),
                new RelayMessage.Stateless(KEY, "to all".getBytes(StandardCharsets.UTF_8)),
                new RelayMessage.Notice("revoked", "token 7".getBytes(StandardCharsets.UTF_8)));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void what_is_sent_arrives(RelayMessage message) throws Exception {
        byte[] bytes = codec.encode(42, message);
        RelayCodec.Received received = codec.decode(bytes);
        assertThat(received.gateway()).isEqualTo(42);
        assertThat(received.message()).usingRecursiveComparison().isEqualTo(message);
    }

    @ParameterizedTest
    @MethodSource("messages")
    void every_beginning_and_every_continuation_is_refused(RelayMessage message) {
        byte[] bytes = codec.encode(42, message);
        for (int length = 0; length < bytes.length; length++) {
            refuse(java.util.Arrays.copyOf(bytes, length));
        }
        refuse(java.util.Arrays.copyOf(bytes, bytes.length + 1));
    }

    @Test
    void who_does_not_know_the_secret_is_not_listened_to() {
        refuse(new RelayCodec(new UUID(1, 3)).encode(42, new RelayMessage.Leaving()));
        refuse(new RelayCodec(new UUID(0, 2)).encode(42, new RelayMessage.Leaving()));
    }

    @Test
    void a_length_is_not_believed_beyond_the_bytes_that_are_there() {
        for (int length : new int[] {Integer.MAX_VALUE, -1, Integer.MIN_VALUE, 1 << 20}) {
            byte[] tick = codec.encode(42, new RelayMessage.Tick(1, List.of()));
            ByteBuffer.wrap(tick).putInt(HEAD_BYTES + 1 + Long.BYTES, length);
            refuse(tick);
            byte[] notice = codec.encode(42, new RelayMessage.Notice("", new byte[0]));
            ByteBuffer.wrap(notice).putInt(HEAD_BYTES + 1 + Short.BYTES, length);
            refuse(notice);
        }
    }

    @Test
    void damaged_bytes_are_refused_or_read_as_another_message_and_nothing_else() {
        Seed.each(200, seed -> {
            Random random = seed.random();
            byte[] bytes =
                    codec.encode(42, messages().get(random.nextInt(messages().size())));
            for (int damage = 0; damage <= random.nextInt(4); damage++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            try {
                assertThat(codec.decode(bytes).message()).isNotNull();
            } catch (RelayCodec.Malformed refused) {
                assertThat(refused).hasMessageStartingWith("message ");
            } catch (RuntimeException escaped) {
                fail("the codec let something else through", escaped);
            }
        });
    }

    private void refuse(byte[] bytes) {
        assertThatExceptionOfType(RelayCodec.Malformed.class).isThrownBy(() -> codec.decode(bytes));
    }
}
