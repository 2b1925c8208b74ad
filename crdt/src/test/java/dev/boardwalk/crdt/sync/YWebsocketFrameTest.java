package dev.boardwalk.crdt.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.boardwalk.crdt.sync.MalformedInput.Code;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The frames of y-websocket and the sync messages in them. */
class YWebsocketFrameTest {
    private static YWebsocketFrame decode(byte[] bytes) {
        return YWebsocketFrame.decode(bytes, 0, bytes.length, AwarenessLimits.defaults());
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.5.4", "2.1.0", "3.0.0", "4.0.0-3"})
    void everything_that_provider_and_server_said_is_read_and_written_alike(String version) {
        List<String> kinds = new ArrayList<>();
        for (Recorded.Line line : Recorded.lines("frames-y-websocket-" + version + ".txt")) {
            YWebsocketFrame frame = decode(line.bytes());
            kinds.add(line.name() + " " + kind(frame));

            assertThat(frame.encode()).isEqualTo(line.bytes());
        }
        assertThat(kinds)
                .contains(
                        "client Step1",
                        "server Step1",
                        "client Step2",
                        "server Step2",
                        "client Update",
                        "server Update",
                        "client Awareness",
                        "server Awareness",
                        "client QueryAwareness");
    }

    private static String kind(YWebsocketFrame frame) {
        return frame instanceof YWebsocketFrame.Sync(SyncMessage message)
                ? message.getClass().getSimpleName()
                : frame.getClass().getSimpleName();
    }

    @Test
    void sync_messages_are_those_of_y_protocols() {
        UpdateValidator validator = new UpdateValidator(UpdateLimits.defaults());

        for (String step : List.of("step1", "step2", "update")) {
            byte[] bytes = Recorded.message(step);
            SyncMessage message = SyncMessage.decode(bytes, 0, bytes.length);
            assertThat(message.encode()).isEqualTo(bytes);
            switch (message) {
                case SyncMessage.Step1(byte[] stateVector) ->
                    assertThat(StateVectors.decode(stateVector).get(7)).isEqualTo(5);
                case SyncMessage.Step2(byte[] update) ->
                    assertThat(validator.validate(update).endClock(0)).isEqualTo(5);
                case SyncMessage.Update(byte[] update) ->
                    assertThat(validator.validate(update).endClock(0)).isEqualTo(5);
            }
        }
    }

    @Test
    void a_refusal_of_access_is_that_of_y_protocols() {
        byte[] denied = Recorded.message("denied");
        byte[] encoded = new YWebsocketFrame.Auth("no entry").encode();

        assertThat(encoded).startsWith(YWebsocketFrame.AUTH).endsWith(denied);
        assertThat(decode(encoded)).isEqualTo(new YWebsocketFrame.Auth("no entry"));
    }

    @Test
    void a_marker_goes_back_as_it_came() {
        byte[] marker = Recorded.hex("66 02 80 01");

        assertThat(decode(marker)).isInstanceOf(YWebsocketFrame.Marker.class);
        assertThat(decode(marker).encode()).isEqualTo(marker);
    }

    @Test
    void unknown_types_are_told_apart_from_malformed_frames() {
        assertThat(decode(Recorded.hex("04 ff ff"))).isEqualTo(new YWebsocketFrame.Unknown(4));
        assertThat(decode(Recorded.hex("e8 07"))).isEqualTo(new YWebsocketFrame.Unknown(1000));
    }

    @Test
    void prefixes_stand_before_an_update_as_the_codec_writes_it() {
        for (int length : new int[] {0, 2, 127, 128, 16_383, 16_384, 3_000_000}) {
            byte[] update = new byte[length];
            byte[] frame = new YWebsocketFrame.Sync(new SyncMessage.Update(update)).encode();
            byte[] step2 = new YWebsocketFrame.Sync(new SyncMessage.Step2(update)).encode();

            assertThat(frame).startsWith(YWebsocketFrame.updatePrefix(length));
            assertThat(YWebsocketFrame.updatePrefix(length).length + length).isEqualTo(frame.length);
            assertThat(step2).startsWith(YWebsocketFrame.step2Prefix(length));
        }
    }

    @Test
    void frames_that_say_nothing_are_valid() {
        assertThat(decode(YWebsocketFrame.keepAlive()))
                .isEqualTo(new YWebsocketFrame.Awareness(new AwarenessUpdate(List.of())));
        assertThat(decode(YWebsocketFrame.emptyStep2()).encode()).isEqualTo(YWebsocketFrame.emptyStep2());
    }

    @Test
    void malformed_frames_are_refused() {
        assertRefused("", Code.TRUNCATED);
        assertRefused("80", Code.TRUNCATED);
        assertRefused("ff ff ff ff ff ff ff ff ff 01", Code.BAD_INTEGER);
        assertRefused("00", Code.TRUNCATED);
        assertRefused("00 03 00", Code.UNKNOWN_SYNC_STEP);
        assertRefused("00 02 05 00", Code.LENGTH_BOMB);
        assertRefused("00 02 02 00 00 00", Code.TRAILING_BYTES);
        assertRefused("00 02 ff ff ff ff ff ff ff 0f 00", Code.LENGTH_BOMB);
        assertRefused("01 05 00", Code.LENGTH_BOMB);
        assertRefused("02 01 00", Code.UNKNOWN_AUTH);
        assertRefused("02 00 01 ff", Code.BAD_UTF8);
        assertRefused("03 00", Code.TRAILING_BYTES);
        assertRefused("66 41" + "00".repeat(65), Code.TOO_LONG);
    }

    private static void assertRefused(String bytes, Code code) {
        assertThatThrownBy(() -> decode(Recorded.hex(bytes)))
                .as(bytes)
                .isInstanceOfSatisfying(
                        MalformedInput.class,
                        refusal -> assertThat(refusal.code()).isEqualTo(code));
    }
}
