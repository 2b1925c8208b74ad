package dev.boardwalk.gateway;

import io.vertx.core.Future;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Carries messages from each gateway to all others: in the order in which one sends them if they arrive, and with no promise
 * that they do.
 */
interface RelayBus {

    /** A bus with nobody else on it. */
    RelayBus NONE = new RelayBus() {
        @Override
        public @Nullable String address() {
            return null;
        }

        @Override
        public Future<Void> join(String name, Supplier<List<String>> members, Consumer<byte[]> receiver) {
            return Future.succeededFuture();
        }

        @Override
        public boolean publish(byte[] message) {
            return true;
        }

        @Override
        public Future<Void> leave() {
            return Future.succeededFuture();
        }
    };

    /** {@code host:port} at which others reach this gateway once it has joined; null for {@link #NONE}. */
    @Nullable
    String address();

    /**
     * Enters the bus; completes when this gateway hears the others.
     *
     * @param name of the bus; gateways under other names are not met
     * @param members answers the present addresses of the others; blocks, and may be asked at any time and from any thread
     * @param receiver gets what others publish, one message after another
     */
    Future<Void> join(String name, Supplier<List<String>> members, Consumer<byte[]> receiver);

    /** Sends to all others, or answers false if too much is on its way already. */
    boolean publish(byte[] message);

    /** Leaves the bus. */
    Future<Void> leave();
}
