package dev.boardwalk.gateway;

import java.util.regex.Pattern;

/** The names under which a machine reaches only itself. */
final class Loopback {
    private static final Pattern IPV4 = Pattern.compile("127(\\.\\d{1,3}){3}");

    private Loopback() {}

    /**
     * Whether a host, as a user or a browser writes it, is the machine itself whatever the name server says.
     *
     * @param host a name or literal address without a port; IPv6 with or without brackets
     */
    static boolean isLoopback(String host) {
        return host.equalsIgnoreCase("localhost")
                || host.equals("::1")
                || host.equals("[::1]")
                || IPV4.matcher(host).matches();
    }
}
