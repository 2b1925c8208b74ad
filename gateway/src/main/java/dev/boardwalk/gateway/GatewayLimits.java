package dev.boardwalk.gateway;

import dev.boardwalk.gateway.live.LiveLimits;
import java.util.ArrayList;
import java.util.List;

/**
 * The bounds of one gateway: nothing that a peer or a caller sends can make the process hold more than these allow.
 *
 * <p>Each is read from {@code BOARDWALK_MAX_…} by {@link GatewaySettings} and reported in {@code /metrics} where it is
 * reached.
 *
 * @param frameBytes largest WebSocket message that is accepted; a larger one closes the socket with 1009
 * @param sockets WebSockets open at one time; above, the upgrade is refused with 503
 * @param peersPerEntity peers on one entity at one time; above, the newcomer is closed with 1013
 * @param peerQueueBytes bytes waiting in one socket before its peer counts as stalled
 * @param pendingBytes update bytes of all entities that wait for their commit; above, senders are closed with 1013.
 *     Bodies of HTTP requests are bounded by the same amount; above, 503
 * @param entityPendingBytes the same for one entity
 * @param awarenessBytes largest awareness state of one client id
 * @param documentBytes memory of one live entity, mostly its encoded content; above, it takes no more edits
 * @param documentsPerSocket documents that may be open on one Hocuspocus socket; above, the document is refused
 * @param requestBytes largest body of an HTTP request; above, 413
 * @param door what those who come may do before and while they are in
 */
public record GatewayLimits(
        int frameBytes,
        int sockets,
        int peersPerEntity,
        int peerQueueBytes,
        long pendingBytes,
        long entityPendingBytes,
        int awarenessBytes,
        long documentBytes,
        int documentsPerSocket,
        int requestBytes,
        DoorLimits door) {

    private static final int MIB = 1024 * 1024;

    /** The limits of a gateway about which nothing was said. */
    public static final GatewayLimits DEFAULTS = new GatewayLimits(
            16 * MIB,
            10_000,
            1_000,
            4 * MIB,
            256L * MIB,
            64L * MIB,
            64 * 1024,
            256L * MIB,
            256,
            16 * MIB,
            DoorLimits.DEFAULTS);

    /** What follows for one live entity; whatever no setting names is as usual. */
    LiveLimits live() {
        LiveLimits standard = LiveLimits.standard();
        return new LiveLimits(
                peersPerEntity(),
                standard.heldUpdatesMax(),
                Math.max(standard.heldBytesMax(), frameBytes()),
                entityPendingBytes(),
                standard.receiptsPerPeerMax(),
                entityPendingBytes(),
                standard.loadingEventsMax(),
                Math.max(standard.loadingBytesMax(), frameBytes()),
                door().awarenessClients(),
                standard.awarenessClientsMax(),
                awarenessBytes(),
                standard.logUpdatesMax(),
                standard.logBytesMax(),
                standard.wholeBytesMax(),
                standard.wholeUpdatesMax(),
                standard.backlogUpdatesMax(),
                Math.max(1, Math.min(standard.dueBytesMax(), peerQueueBytes() / 4)),
                standard.stalledMillisMax());
    }

    static GatewayLimits read(SettingsReader reader) {
        return new GatewayLimits(
                reader.sizeInt("BOARDWALK_MAX_FRAME_BYTES", DEFAULTS.frameBytes),
                reader.integer("BOARDWALK_MAX_SOCKETS", DEFAULTS.sockets, 1, 1_000_000),
                reader.integer("BOARDWALK_MAX_PEERS_PER_ENTITY", DEFAULTS.peersPerEntity, 1, 1_000_000),
                reader.sizeInt("BOARDWALK_MAX_PEER_QUEUE_BYTES", DEFAULTS.peerQueueBytes),
                reader.size("BOARDWALK_MAX_PENDING_BYTES", DEFAULTS.pendingBytes),
                reader.size("BOARDWALK_MAX_ENTITY_PENDING_BYTES", DEFAULTS.entityPendingBytes),
                reader.sizeInt("BOARDWALK_MAX_AWARENESS_BYTES", DEFAULTS.awarenessBytes),
                reader.size("BOARDWALK_MAX_DOCUMENT_BYTES", DEFAULTS.documentBytes),
                reader.integer("BOARDWALK_MAX_DOCUMENTS_PER_SOCKET", DEFAULTS.documentsPerSocket, 1, 100_000),
                reader.sizeInt("BOARDWALK_MAX_REQUEST_BYTES", DEFAULTS.requestBytes),
                DoorLimits.read(reader));
    }

    /** One line {@code NAME=value} for each limit. */
    List<String> lines() {
        List<String> lines = new ArrayList<>(List.of(
                "BOARDWALK_MAX_FRAME_BYTES=" + SettingsReader.formatSize(frameBytes),
                "BOARDWALK_MAX_SOCKETS=" + sockets,
                "BOARDWALK_MAX_PEERS_PER_ENTITY=" + peersPerEntity,
                "BOARDWALK_MAX_PEER_QUEUE_BYTES=" + SettingsReader.formatSize(peerQueueBytes),
                "BOARDWALK_MAX_PENDING_BYTES=" + SettingsReader.formatSize(pendingBytes),
                "BOARDWALK_MAX_ENTITY_PENDING_BYTES=" + SettingsReader.formatSize(entityPendingBytes),
                "BOARDWALK_MAX_AWARENESS_BYTES=" + SettingsReader.formatSize(awarenessBytes),
                "BOARDWALK_MAX_DOCUMENT_BYTES=" + SettingsReader.formatSize(documentBytes),
                "BOARDWALK_MAX_DOCUMENTS_PER_SOCKET=" + documentsPerSocket,
                "BOARDWALK_MAX_REQUEST_BYTES=" + SettingsReader.formatSize(requestBytes)));
        lines.addAll(door.lines());
        return lines;
    }

    /** Refuses limits that contradict each other: what one admits the next must be able to hold. */
    void check(SettingsReader reader) {
        reader.atMost(
                "BOARDWALK_MAX_FRAME_BYTES", frameBytes, "BOARDWALK_MAX_ENTITY_PENDING_BYTES", entityPendingBytes);
        reader.atMost(
                "BOARDWALK_MAX_REQUEST_BYTES", requestBytes, "BOARDWALK_MAX_ENTITY_PENDING_BYTES", entityPendingBytes);
        reader.atMost(
                "BOARDWALK_MAX_ENTITY_PENDING_BYTES", entityPendingBytes, "BOARDWALK_MAX_PENDING_BYTES", pendingBytes);
        reader.atMost("BOARDWALK_MAX_AWARENESS_BYTES", awarenessBytes, "BOARDWALK_MAX_FRAME_BYTES", frameBytes);
    }
}
