package dev.boardwalk.gateway;

import dev.boardwalk.store.OrganisationId;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** How many WebSockets of a gateway are open by address and by user. Safe from any thread; asked when sockets come and go. */
final class SocketCounts {

    /** Somebody of an organisation. */
    record User(OrganisationId organisation, String name) {}

    private final ConcurrentHashMap<Object, Integer> open = new ConcurrentHashMap<>();

    /** TCP connections that are no WebSockets, or not yet. */
    final AtomicLong connections = new AtomicLong();

    /** Bytes that wait for somebody to be let in. */
    final AtomicLong waitingBytes = new AtomicLong();

    /** Counts one more; answers false, and counts nothing, if there are as many as may be. */
    boolean enter(Object who, int most) {
        boolean[] entered = {false};
        open.compute(who, (_, count) -> {
            entered[0] = count == null || count < most;
            return count == null ? Integer.valueOf(1) : Integer.valueOf(entered[0] ? count + 1 : count);
        });
        return entered[0];
    }

    void leave(Object who) {
        open.computeIfPresent(who, (_, count) -> count > 1 ? count - 1 : null);
    }

    /** Addresses and users with something open. */
    int size() {
        return open.size();
    }
}
