package dev.boardwalk.crdt.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.boardwalk.testkit.Seed;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The check of UTF-8 agrees with the JDK's strict decoder. */
class Utf8Test {
    private static final String[] PIECES = {
        "a", "hello, world", "ä", "€", "\ud7ff", "\ue000", "\uffff", "😀", "\udbff\udfff"
    };

    @Test
    void strings_and_their_damaged_copies_are_judged_as_by_the_jdk() {
        Seed.each(20_000, seed -> {
            Random random = seed.random();
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(8); i >= 0; i--) {
                text.append(PIECES[random.nextInt(PIECES.length)]);
            }
            byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
            assertThat(Utf8.length16(bytes, 0, bytes.length)).isEqualTo(text.length());

            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            int to = 1 + random.nextInt(bytes.length);
            assertThat(Utf8.length16(bytes, 0, to) >= 0).isEqualTo(isUtf8(bytes, to));
        });
    }

    @Test
    void every_sequence_of_up_to_three_bytes_is_judged_as_by_the_jdk() {
        for (int code = 0; code < 1 << 24; code += code < 0xc00000 ? 0x1003 : 0x35) {
            byte[] bytes = {(byte) (code >> 16), (byte) (code >> 8), (byte) code};
            assertThat(Utf8.length16(bytes, 0, 3) >= 0).as("%06x", code).isEqualTo(isUtf8(bytes, 3));
        }
    }

    private static boolean isUtf8(byte[] bytes, int length) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, 0, length)) != null;
        } catch (CharacterCodingException _) {
            return false;
        }
    }
}
