package dev.boardwalk.gateway;

import java.time.Duration;
import java.util.List;

/**
 * What those who come to the door may do before and while they are in; read from {@code BOARDWALK_MAX_…}.
 *
 * @param connections TCP connections open at one time, with and without WebSocket; one more is closed at once
 * @param socketsPerAddress WebSockets from one address; above, the upgrade is refused with 429
 * @param socketsPerUser WebSockets on which one user is in; above, the newcomer is closed with 1013
 * @param proxies whose word counts on the address
 * @param handshakeTime until the first request of a connection has come whole; above, it is cut
 * @param requestTime until a request's body has come whole, and from one request to the next; above, it is cut
 * @param unauthenticatedTime until somebody is let in on a WebSocket; above, it is closed with 4408
 * @param unauthenticatedBytes what one WebSocket may send ahead of the decision; above, it is closed with 4408
 * @param unauthenticatedMessages the same in messages
 * @param updateRate sync messages a second of one socket; above, it is read from more slowly
 * @param awarenessRate all other messages a second but those
 * @param statelessRate messages for the application and tokens a second
 * @param slowedTime who does not keep to a rate for so long in a row is closed with 1013
 * @param awarenessClients awareness clients that one peer may introduce
 * @param headerBytes of one request, above, 431; half of it of its first line, above, 414
 * @param jsonDepth of a request's body; above, 400
 */
record DoorLimits(
        int connections,
        int socketsPerAddress,
        int socketsPerUser,
        TrustedProxies proxies,
        Duration handshakeTime,
        Duration requestTime,
        Duration unauthenticatedTime,
        int unauthenticatedBytes,
        int unauthenticatedMessages,
        int updateRate,
        int awarenessRate,
        int statelessRate,
        Duration slowedTime,
        int awarenessClients,
        int headerBytes,
        int jsonDepth) {

    private static final int KIB = 1024;
    private static final int MANY = 1_000_000;
    private static final Duration BRIEF = Duration.ofMillis(100);
    private static final Duration LONG = Duration.ofDays(1);

    /**
     * The limits of a gateway about which nothing was said. Rates are those of programs that import, not of people: a
     * person who drags makes 60 updates a second.
     */
    static final DoorLimits DEFAULTS = new DoorLimits(
            20_000,
            10_000,
            1_000,
            TrustedProxies.NONE,
            Duration.ofSeconds(10),
            Duration.ofMinutes(5),
            Duration.ofSeconds(30),
            4 * KIB * KIB,
            256,
            2_000,
            1_000,
            200,
            Duration.ofMinutes(1),
            64,
            16 * KIB,
            100);

    static DoorLimits read(SettingsReader reader) {
        return new DoorLimits(
                reader.integer("BOARDWALK_MAX_CONNECTIONS", DEFAULTS.connections, 1, MANY),
                reader.integer("BOARDWALK_MAX_SOCKETS_PER_ADDRESS", DEFAULTS.socketsPerAddress, 1, MANY),
                reader.integer("BOARDWALK_MAX_SOCKETS_PER_USER", DEFAULTS.socketsPerUser, 1, MANY),
                reader.value("BOARDWALK_TRUSTED_PROXIES", DEFAULTS.proxies, TrustedProxies::parse),
                reader.duration("BOARDWALK_MAX_HANDSHAKE_TIME", DEFAULTS.handshakeTime, BRIEF, LONG),
                reader.duration("BOARDWALK_MAX_REQUEST_TIME", DEFAULTS.requestTime, BRIEF, LONG),
                reader.duration("BOARDWALK_MAX_UNAUTHENTICATED_TIME", DEFAULTS.unauthenticatedTime, BRIEF, LONG),
                reader.sizeInt("BOARDWALK_MAX_UNAUTHENTICATED_BYTES", DEFAULTS.unauthenticatedBytes),
                reader.integer("BOARDWALK_MAX_UNAUTHENTICATED_MESSAGES", DEFAULTS.unauthenticatedMessages, 1, MANY),
                reader.integer("BOARDWALK_MAX_UPDATE_RATE", DEFAULTS.updateRate, 1, MANY),
                reader.integer("BOARDWALK_MAX_AWARENESS_RATE", DEFAULTS.awarenessRate, 1, MANY),
                reader.integer("BOARDWALK_MAX_STATELESS_RATE", DEFAULTS.statelessRate, 1, MANY),
                reader.duration("BOARDWALK_MAX_SLOWED_TIME", DEFAULTS.slowedTime, BRIEF, LONG),
                reader.integer("BOARDWALK_MAX_AWARENESS_CLIENTS", DEFAULTS.awarenessClients, 1, 10_000),
                reader.sizeInt("BOARDWALK_MAX_HEADER_BYTES", DEFAULTS.headerBytes),
                reader.integer("BOARDWALK_MAX_JSON_DEPTH", DEFAULTS.jsonDepth, 1, 1_000));
    }

    /** One line {@code NAME=value} for each limit. */
    List<String> lines() {
        return List.of(
                "BOARDWALK_MAX_CONNECTIONS=" + connections,
                "BOARDWALK_MAX_SOCKETS_PER_ADDRESS=" + socketsPerAddress,
                "BOARDWALK_MAX_SOCKETS_PER_USER=" + socketsPerUser,
                "BOARDWALK_TRUSTED_PROXIES=" + proxies,
                "BOARDWALK_MAX_HANDSHAKE_TIME=" + SettingsReader.format(handshakeTime),
                "BOARDWALK_MAX_REQUEST_TIME=" + SettingsReader.format(requestTime),
                "BOARDWALK_MAX_UNAUTHENTICATED_TIME=" + SettingsReader.format(unauthenticatedTime),
                "BOARDWALK_MAX_UNAUTHENTICATED_BYTES=" + SettingsReader.formatSize(unauthenticatedBytes),
                "BOARDWALK_MAX_UNAUTHENTICATED_MESSAGES=" + unauthenticatedMessages,
                "BOARDWALK_MAX_UPDATE_RATE=" + updateRate,
                "BOARDWALK_MAX_AWARENESS_RATE=" + awarenessRate,
                "BOARDWALK_MAX_STATELESS_RATE=" + statelessRate,
                "BOARDWALK_MAX_SLOWED_TIME=" + SettingsReader.format(slowedTime),
                "BOARDWALK_MAX_AWARENESS_CLIENTS=" + awarenessClients,
                "BOARDWALK_MAX_HEADER_BYTES=" + SettingsReader.formatSize(headerBytes),
                "BOARDWALK_MAX_JSON_DEPTH=" + jsonDepth);
    }
}
