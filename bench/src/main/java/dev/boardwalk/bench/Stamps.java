package dev.boardwalk.bench;

import java.util.function.LongConsumer;

/**
 * Finds the stamps of {@link TypingPeer} in a received frame. A server may merge several keystrokes into one string, so
 * every run of hexadecimal digits counts, one stamp for each {@value TypingPeer#STAMP_LENGTH} digits; a length byte that
 * happens to look like a digit stands before the run and is left out.
 */
final class Stamps {
    private Stamps() {}

    static void forEach(byte[] frame, LongConsumer found) {
        int runStart = 0;
        for (int at = 0; at <= frame.length; at++) {
            if (at == frame.length || digit(frame[at]) < 0) {
                run(frame, runStart, at, found);
                runStart = at + 1;
            }
        }
    }

    private static void run(byte[] frame, int start, int end, LongConsumer found) {
        int first = start + (end - start) % TypingPeer.STAMP_LENGTH;
        for (int at = first; at < end; at += TypingPeer.STAMP_LENGTH) {
            long value = 0;
            for (int digit = 0; digit < TypingPeer.STAMP_LENGTH; digit++) {
                value = value << 4 | digit(frame[at + digit]);
            }
            found.accept(value);
        }
    }

    private static int digit(byte octet) {
        if (octet >= '0' && octet <= '9') {
            return octet - '0';
        }
        return octet >= 'a' && octet <= 'f' ? octet - 'a' + 10 : -1;
    }
}
