package dev.boardwalk.crdt.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.boardwalk.crdt.sync.MalformedInput.Code;
import dev.boardwalk.testkit.Mutator;
import dev.boardwalk.testkit.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The frames of Hocuspocus, as its providers and its server wrote them. */
class HocuspocusFrameTest {
    private static HocuspocusFrame decode(byte[] bytes) {
        return HocuspocusFrame.decode(bytes, 0, bytes.length, AwarenessLimits.defaults());
    }

    private static HocuspocusFrame decode(String hex) {
        return decode(Recorded.hex(hex));
    }

    private static List<Recorded.Line> recorded(String version) {
        return Recorded.lines("frames-hocuspocus-" + version + ".txt");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.15.3", "3.4.4", "4.7.0"})
    void everything_that_provider_and_server_said_is_read_and_written_alike(String version) {
        List<String> kinds = new ArrayList<>();
        for (Recorded.Line line : recorded(version)) {
            HocuspocusFrame frame = decode(line.bytes());
            kinds.add(line.name() + " " + kind(frame));

            assertThat(frame.encode()).isEqualTo(line.bytes());
        }
        assertThat(kinds)
                .contains(
                        "client Token",
                        "server Authenticated",
                        "server TokenRequest",
                        "server PermissionDenied",
                        "client Step1",
                        "server Step1",
                        "client Step2",
                        "server Step2",
                        "client Update",
                        "server Update",
                        "client Awareness",
                        "server Awareness",
                        "client Stateless",
                        "server Stateless",
                        "server SyncStatus",
                        "client Close",
                        "server Close");
    }

    private static String kind(HocuspocusFrame frame) {
        return frame instanceof HocuspocusFrame.Sync(String _, SyncMessage message)
                ? message.getClass().getSimpleName()
                : frame.getClass().getSimpleName();
    }

    @Test
    void only_version_4_says_which_version_it_is() {
        assertThat(decode(recorded("4.7.0").getFirst().bytes()))
                .isEqualTo(new HocuspocusFrame.Token("d", "t", "4.7.0"));
        assertThat(decode(recorded("3.4.4").getFirst().bytes())).isEqualTo(new HocuspocusFrame.Token("d", "t", null));
    }

    @Test
    void a_session_is_part_of_the_address() {
        assertThat(recorded("4.7.0"))
                .map(line -> ((HocuspocusFrame.Addressed) decode(line.bytes())).address())
                .contains("d")
                .anyMatch(address -> address.startsWith("d\0"));
    }

    @Test
    void ping_and_pong_are_single_bytes_and_longer_frames_are_not() {
        assertThat(decode("09")).isEqualTo(new HocuspocusFrame.Ping());
        assertThat(decode("0a")).isEqualTo(new HocuspocusFrame.Pong());
        assertThat(new HocuspocusFrame.Ping().encode()).containsExactly(9);
        assertThat(new HocuspocusFrame.Pong().encode()).containsExactly(10);
        assertThat(decode("09 313233343536373839 03")).isEqualTo(new HocuspocusFrame.QueryAwareness("123456789"));
    }

    @Test
    void the_rest_of_the_types_is_read_as_written() {
        for (HocuspocusFrame frame : List.of(
                new HocuspocusFrame.QueryAwareness("ä"),
                new HocuspocusFrame.BroadcastStateless("d", "to all"),
                new HocuspocusFrame.SyncStatus("d", true),
                new HocuspocusFrame.SyncStatus("d", false),
                new HocuspocusFrame.Close("d", null),
                new HocuspocusFrame.Close("d", "why"),
                new HocuspocusFrame.TokenRequest("d"),
                new HocuspocusFrame.Token("d", "", null))) {
            assertThat(decode(frame.encode())).isEqualTo(frame);
        }
        HocuspocusFrame reply = new HocuspocusFrame.SyncReply("d", new SyncMessage.Update(new byte[] {0, 0}));
        assertThat(decode(reply.encode()).encode()).isEqualTo(reply.encode());
        assertThat(decode("01 64 09")).isEqualTo(new HocuspocusFrame.Unknown("d", 9));
        assertThat(decode("01 64 e8 07 ff")).isEqualTo(new HocuspocusFrame.Unknown("d", 1000));
    }

    @Test
    void a_keep_alive_is_about_no_document_and_about_nobody() {
        assertThat(decode(HocuspocusFrame.keepAlive()))
                .isEqualTo(new HocuspocusFrame.Awareness("", new AwarenessUpdate(List.of())));
    }

    @Test
    void a_token_is_not_printed() {
        assertThat(new HocuspocusFrame.Token("d", "secret", "4.7.0").toString()).doesNotContain("secret");
    }

    @Test
    void of_a_malformed_frame_the_beginning_can_be_had() {
        byte[] cut = Recorded.hex("01 64 00 02 ff");
        assertThat(HocuspocusFrame.head(cut, 0, cut.length)).isEqualTo(new HocuspocusFrame.Head("d", 0, 2));
        byte[] shorter = Recorded.hex("01 64 00");
        assertThat(HocuspocusFrame.head(shorter, 0, shorter.length)).isEqualTo(new HocuspocusFrame.Head("d", 0, -1));
        byte[] none = Recorded.hex("05 64");
        assertThatThrownBy(() -> HocuspocusFrame.head(none, 0, none.length)).isInstanceOf(MalformedInput.class);
    }

    @Test
    void malformed_frames_are_refused() {
        assertRefused("", Code.TRUNCATED);
        assertRefused("01", Code.LENGTH_BOMB);
        assertRefused("01 64", Code.TRUNCATED);
        assertRefused("01 ff 00", Code.BAD_UTF8);
        assertRefused("80 04" + "61".repeat(512) + "03", Code.TOO_LONG);
        assertRefused("01 64 00", Code.TRUNCATED);
        assertRefused("01 64 00 03 00", Code.UNKNOWN_SYNC_STEP);
        assertRefused("01 64 00 02 05 00", Code.LENGTH_BOMB);
        assertRefused("01 64 04 02 02 00 00 00", Code.TRAILING_BYTES);
        assertRefused("01 64 01 05 00", Code.LENGTH_BOMB);
        assertRefused("01 64 02", Code.TRUNCATED);
        assertRefused("01 64 02 03 00", Code.UNKNOWN_AUTH);
        assertRefused("01 64 02 00 05 61", Code.LENGTH_BOMB);
        assertRefused("01 64 02 00 01 61 01 62 00", Code.TRAILING_BYTES);
        assertRefused("01 64 02 00 81 80 04" + "61".repeat(65537), Code.TOO_LONG);
        assertRefused("01 64 03 00", Code.TRAILING_BYTES);
        assertRefused("01 64 05", Code.TRUNCATED);
        assertRefused("01 64 05 01 ff", Code.BAD_UTF8);
        assertRefused("01 64 07 05", Code.LENGTH_BOMB);
        assertRefused("01 64 08 02", Code.BAD_INTEGER);
        assertRefused("01 64 ff ff ff ff ff ff ff ff ff 01", Code.BAD_INTEGER);
    }

    private static void assertRefused(String bytes, Code code) {
        assertThatThrownBy(() -> decode(bytes))
                .as(bytes)
                .isInstanceOfSatisfying(
                        MalformedInput.class,
                        refusal -> assertThat(refusal.code()).isEqualTo(code));
    }

    @Test
    void fifty_thousand_damaged_frames_are_read_or_refused_and_what_is_read_can_be_written() {
        List<byte[]> seeds = new ArrayList<>();
        for (String version : List.of("2.15.3", "3.4.4", "4.7.0")) {
            recorded(version).forEach(line -> seeds.add(line.bytes()));
        }
        Seed.each(50, seed -> {
            Random random = seed.random();
            Mutator mutator = new Mutator(seeds, random);
            for (int i = 0; i < 1_000; i++) {
                survive(mutator.next());
            }
        });
    }

    private static void survive(byte[] bytes) {
        try {
            HocuspocusFrame frame = decode(bytes);
            if (!(frame instanceof HocuspocusFrame.Unknown)) {
                assertThat(decode(frame.encode()).encode()).isEqualTo(frame.encode());
            }
        } catch (MalformedInput refusal) {
            assertThat(refusal.position()).isBetween(0, bytes.length);
        }
    }
}
