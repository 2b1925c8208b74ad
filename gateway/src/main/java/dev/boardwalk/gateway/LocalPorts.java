package dev.boardwalk.gateway;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;

/**
 * The choice of a port for a private server: the same for the same folder, as long as nobody else has it.
 *
 * <p>Outside the range from which systems take ports for outgoing connections (32768 and up): while a server of such a
 * port is down, a client that keeps trying to reach it ends up connected to itself, and holds the port.
 */
final class LocalPorts {
    private static final int FIRST = 20_000;
    private static final int COUNT = 12_000;

    private LocalPorts() {}

    static int free(Path folder) {
        return free(InetAddress.getLoopbackAddress(), folder.hashCode());
    }

    /** A free port of an address, the same for the same seed as long as nobody else has it. */
    static int free(InetAddress address, int seed) {
        int preferred = Math.floorMod(seed, COUNT);
        for (int i = 0; i < COUNT; i++) {
            int port = FIRST + (preferred + i) % COUNT;
            if (isFree(address, port)) {
                return port;
            }
        }
        throw new PrivatePostgresFailure("no free port from " + FIRST + " to " + (FIRST + COUNT - 1), null);
    }

    private static boolean isFree(InetAddress address, int port) {
        try (ServerSocket probe = new ServerSocket(port, 1, address)) {
            return probe.isBound();
        } catch (IOException taken) {
            return false;
        }
    }
}
