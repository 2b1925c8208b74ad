package dev.boardwalk.gateway;

import io.vertx.core.Future;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A bus between gateways of one process that loses messages as a seed says, or all of them. */
final class CuttableBus implements AutoCloseable {
    private final List<Stop> stops = new CopyOnWriteArrayList<>();
    /** One thread: what one gateway sends keeps its order. */
    private final ExecutorService courier = Executors.newSingleThreadExecutor();

    private final Random random;
    /** How many of a hundred messages are lost. */
    private volatile int lossPercent;

    CuttableBus(Random random) {
        this.random = random;
    }

    void lose(int percent) {
        lossPercent = percent;
    }

    /** Sends bytes to all as if a gateway had. */
    void inject(byte[] message) {
        courier.execute(() -> stops.forEach(stop -> stop.deliver(message)));
    }

    RelayBus stop() {
        return new Stop();
    }

    @Override
    public void close() {
        courier.shutdownNow();
    }

    private final class Stop implements RelayBus {
        private volatile @Nullable Consumer<byte[]> receiver;

        @Override
        public String address() {
            return "in this process";
        }

        @Override
        public Future<Void> join(String name, Supplier<List<String>> members, Consumer<byte[]> to) {
            receiver = to;
            stops.add(this);
            return Future.succeededFuture();
        }

        @Override
        public boolean publish(byte[] message) {
            courier.execute(() -> {
                for (Stop other : stops) {
                    if (other != this && random.nextInt(100) >= lossPercent) {
                        other.deliver(message);
                    }
                }
            });
            return true;
        }

        @Override
        public Future<Void> leave() {
            stops.remove(this);
            return Future.succeededFuture();
        }

        void deliver(byte[] message) {
            Consumer<byte[]> to = receiver;
            if (to != null) {
                to.accept(message.clone());
            }
        }
    }
}
