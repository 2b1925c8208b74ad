package dev.boardwalk.gateway;

import dev.boardwalk.crdt.sync.AwarenessLimits;
import dev.boardwalk.crdt.sync.UpdateValidator;

/**
 * What all peers of a gateway are checked against.
 *
 * @param documentsPerSocket documents that may be open on one Hocuspocus socket
 * @param counts the sockets of all doors
 */
record PeerRules(
        UpdateValidator validator,
        AwarenessLimits awareness,
        int frameBytes,
        int queueBytes,
        long pendingBytes,
        int documentsPerSocket,
        DoorLimits door,
        SocketCounts counts,
        GatewayMeters meters) {}
