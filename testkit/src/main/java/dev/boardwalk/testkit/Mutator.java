package dev.boardwalk.testkit;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Damages valid updates in ways that a broken or hostile peer might: a few small changes to one, or parts of two joined. */
public final class Mutator {
    /** Bytes at the edges of what the encoding tells apart: varint continuations, kinds of structs, tags of values. */
    private static final int[] EDGES = {
        0x00, 0x01, 0x02, 0x04, 0x07, 0x08, 0x0a, 0x20, 0x28, 0x3f, 0x40, 0x74, 0x76, 0x7d, 0x7f, 0x80, 0x84, 0x88,
        0xc4, 0xff
    };

    private final List<byte[]> seeds;
    private final Random random;

    /** @param seeds valid updates, at least one; not changed */
    public Mutator(List<byte[]> seeds, Random random) {
        this.seeds = seeds;
        this.random = random;
    }

    /** One more damaged update. */
    public byte[] next() {
        byte[] bytes = random.nextInt(6) == 0 ? joined(seed(), seed()) : seed().clone();
        for (int i = random.nextInt(4); i >= 0 && bytes.length > 0; i--) {
            bytes = mutated(bytes);
        }
        return bytes;
    }

    private byte[] seed() {
        return seeds.get(random.nextInt(seeds.size()));
    }

    private byte[] joined(byte[] first, byte[] second) {
        return concat(
                Arrays.copyOf(first, random.nextInt(first.length + 1)),
                Arrays.copyOfRange(second, random.nextInt(second.length + 1), second.length));
    }

    private byte[] mutated(byte[] bytes) {
        int at = random.nextInt(bytes.length);
        byte[] before = Arrays.copyOf(bytes, at);
        byte[] after = Arrays.copyOfRange(bytes, at, bytes.length);
        return switch (random.nextInt(8)) {
            case 0 -> set(bytes, at, bytes[at] ^ (1 << random.nextInt(8)));
            case 1 -> set(bytes, at, EDGES[random.nextInt(EDGES.length)]);
            case 2 -> set(bytes, at, bytes[at] + (random.nextBoolean() ? 1 : -1));
            case 3 -> set(bytes, at, random.nextInt(256));
            case 4 ->
                concat(before, Arrays.copyOfRange(after, Math.min(after.length, 1 + random.nextInt(3)), after.length));
            case 5 -> concat(concat(before, inserted()), after);
            case 6 ->
                concat(concat(before, Arrays.copyOf(after, Math.min(after.length, 1 + random.nextInt(8)))), after);
            default -> set(bytes, at, bytes[random.nextInt(bytes.length)]);
        };
    }

    private byte[] inserted() {
        return random.nextInt(3) == 0
                ? varUint(random.nextLong(1L << random.nextInt(1, 60)))
                : new byte[] {(byte) EDGES[random.nextInt(EDGES.length)]};
    }

    private static byte[] varUint(long value) {
        byte[] bytes = new byte[Math.max(1, (70 - Long.numberOfLeadingZeros(value)) / 7)];
        long rest = value;
        for (int at = 0; at < bytes.length; at++) {
            bytes[at] = (byte) (at < bytes.length - 1 ? rest & 0x7f | 0x80 : rest);
            rest >>>= 7;
        }
        return bytes;
    }

    private static byte[] set(byte[] bytes, int at, int value) {
        bytes[at] = (byte) value;
        return bytes;
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] joined = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, joined, first.length, second.length);
        return joined;
    }
}
