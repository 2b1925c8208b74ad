package dev.boardwalk.gateway;

import io.vertx.core.http.HttpServerRequest;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The proxies whose word counts on where a request comes from, and the address behind them.
 *
 * <p>Each proxy appends to {@code X-Forwarded-For} whom it heard, so the list is read from its end, past the trusted
 * ones; what stands before the first other address, anybody may have written.
 *
 * @param networks as set, none by default
 */
record TrustedProxies(List<Network> networks) {
    static final TrustedProxies NONE = new TrustedProxies(List.of());

    private static final String HEADER = "X-Forwarded-For";

    /** Hops that are looked at; a longer way has nothing to do with proxies. */
    private static final int HOPS_MAX = 16;

    /**
     * A range of addresses; those of version 4 as {@code ::ffff:a.b.c.d}.
     *
     * @param bits how many of the 128 count
     */
    record Network(long high, long low, int bits) {
        static Network parse(String text) {
            int slash = text.indexOf('/');
            long[] address = read(slash < 0 ? text : text.substring(0, slash));
            if (address == null) {
                throw new IllegalArgumentException("must be addresses or networks like 10.0.0.0/8, not " + text);
            }
            int width = isVersion4(address) ? 32 : 128;
            int bits = width;
            if (slash >= 0) {
                String length = text.substring(slash + 1);
                bits = length.matches("\\d{1,3}") ? Integer.parseInt(length) : -1;
            }
            if (bits < 0 || bits > width) {
                throw new IllegalArgumentException("a network has from 0 to " + width + " bits, not as in " + text);
            }
            return new Network(address[0], address[1], 128 - width + bits);
        }

        boolean contains(long[] address) {
            long highMask = bits == 0 ? 0 : -1L << Math.max(0, 64 - bits);
            long lowMask = bits <= 64 ? 0 : -1L << (128 - bits);
            return ((address[0] ^ high) & highMask) == 0 && ((address[1] ^ low) & lowMask) == 0;
        }
    }

    TrustedProxies {
        networks = List.copyOf(networks);
    }

    /**
     * Reads a list with commas.
     *
     * @throws IllegalArgumentException with the first part that is neither an address nor a network
     */
    static TrustedProxies parse(String text) {
        return new TrustedProxies(Arrays.stream(text.split(",", -1))
                .map(part -> Network.parse(part.trim()))
                .toList());
    }

    /**
     * What clients are counted by: the address from which a request comes as far as that is known, of version 6 the
     * network of 64 bits that one customer has.
     */
    String clientOf(HttpServerRequest request) {
        String peer = request.remoteAddress() == null
                ? ""
                : String.valueOf(request.remoteAddress().hostAddress());
        List<String> headers =
                networks.isEmpty() ? List.of() : request.headers().getAll(HEADER);
        return clientOf(peer, String.join(",", headers));
    }

    /** The same from an address and what the header says. */
    String clientOf(String peer, String forwarded) {
        String[] hops = forwarded.split(",", -1);
        String client = peer;
        for (int i = hops.length - 1; i >= Math.max(0, hops.length - HOPS_MAX); i--) {
            String hop = hops[i].trim();
            if (!trusts(client) || read(hop) == null) {
                break;
            }
            client = hop;
        }
        return grouped(client);
    }

    private boolean trusts(String text) {
        long[] address = read(text);
        if (address == null) {
            return false;
        }
        for (Network network : networks) {
            if (network.contains(address)) {
                return true;
            }
        }
        return false;
    }

    private static String grouped(String text) {
        long[] address = read(text);
        return address == null || isVersion4(address) ? text : Long.toHexString(address[0]) + "::/64";
    }

    private static boolean isVersion4(long[] address) {
        return address[0] == 0 && address[1] >>> 32 == 0xffff;
    }

    /** An address in 128 bits; null if the text is none. Never asks a name server. */
    private static long @Nullable [] read(String text) {
        try {
            byte[] bytes = InetAddress.ofLiteral(text).getAddress();
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            return bytes.length == 4
                    ? new long[] {0, 0xffff_0000_0000L | Integer.toUnsignedLong(buffer.getInt())}
                    : new long[] {buffer.getLong(), buffer.getLong()};
        } catch (IllegalArgumentException notAnAddress) {
            return null;
        }
    }

    @Override
    public String toString() {
        return networks.isEmpty() ? "(none)" : networks.size() + " networks";
    }
}
