package dev.boardwalk.gateway;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether and where this gateway meets others that use the same database.
 *
 * @param host address at which the others reach its relay; null while there is no relay
 */
record ClusterSettings(@Nullable String host) {
    private static final String NAME = "BOARDWALK_CLUSTER";
    private static final String HOST_NAME = "BOARDWALK_CLUSTER_HOST";

    /** Reads what was said; without a word about the address it is the one for clients. */
    static ClusterSettings read(SettingsReader reader, String clientHost) {
        boolean on = reader.choice(NAME, "off", List.of("off", "on")).equals("on");
        String said = reader.optional(HOST_NAME, text -> text);
        String host = said == null ? clientHost : said;
        if (on && (host.equals("0.0.0.0") || host.equals("::") || host.equals("[::]"))) {
            reader.problem(HOST_NAME + " must name the address at which other gateways reach this one; " + host
                    + " is no such address");
        }
        return new ClusterSettings(on ? host : null);
    }

    /** One line {@code NAME=value} for each setting. */
    List<String> lines() {
        return host == null ? List.of(NAME + "=off") : List.of(NAME + "=on", HOST_NAME + "=" + host);
    }

    /** A bus that has not been joined yet. */
    RelayBus bus() {
        return host == null ? RelayBus.NONE : ClusteredBus.on(host);
    }
}
