package dev.boardwalk.gateway.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeSet;

/** The end of a {@link Simulation}: nothing goes wrong any more, and everything comes to rest. Then all must be well. */
final class SimRest {
    private static final int ROUNDS_MAX = 20_000;
    private static final int AWARENESS_RENEWALS = 3;

    private final SimDatabase database;
    private final List<SimGateway> gateways;
    private final List<SimClient> clients;
    private final SplittableRandom random;

    SimRest(SimDatabase database, List<SimGateway> gateways, List<SimClient> clients, SplittableRandom random) {
        this.database = database;
        this.gateways = gateways;
        this.clients = clients;
        this.random = random;
    }

    /** Lets all queues empty, then checks that everything is equal, durable and confirmed. */
    void reach() {
        settle();
        gateways.forEach(SimGateway::compareWithDatabase);
        settle();
        clients.forEach(SimClient::insertAtRest);
        settle();
        clients.forEach(SimClient::mark);
        settle();
        renewAwareness();
        check();
    }

    /**
     * As clients do every 15 s. One that heard at another gateway that somebody left, under the next clock, needs that
     * one's clock to rise beyond it.
     */
    private void renewAwareness() {
        for (int i = 0; i < AWARENESS_RENEWALS; i++) {
            clients.forEach(SimClient::changeAwareness);
            settle();
        }
    }

    private void settle() {
        for (int round = 0; round < ROUNDS_MAX; round++) {
            boolean moved = false;
            for (SimClient client : clients) {
                SimSocket socket = client.socket;
                if (socket == null) {
                    client.connect(gateways.get(random.nextInt(gateways.size())));
                    moved = true;
                } else {
                    socket.paused = false;
                }
            }
            for (SimGateway gateway : gateways) {
                moved |= advance(gateway);
            }
            if (!moved) {
                return;
            }
        }
        throw new AssertionError("does not come to rest");
    }

    private static boolean advance(SimGateway gateway) {
        boolean moved = gateway.finishLoading(false);
        for (SimSocket socket : List.copyOf(gateway.sockets)) {
            moved |= gateway.tellPressure(socket);
            moved |= gateway.deliverToServer(socket);
            moved |= Simulation.deliverToClient(socket);
        }
        moved |= gateway.ticker().start();
        moved |= gateway.ticker().commit();
        moved |= gateway.answerTick(false);
        moved |= gateway.deliverRelayed();
        moved |= gateway.reread();
        moved |= gateway.endDiff(false);
        return moved | gateway.endFlush(false);
    }

    private void check() {
        for (SimClient client : clients) {
            assertThat(client.doc.pending())
                    .as("what client %d still waits for", client.id)
                    .isEmpty();
            assertThat(client.doc.content())
                    .as("content of client %d", client.id)
                    .isEqualTo(database.content().content());
            client.checkAtRest();
            SimSocket socket = Objects.requireNonNull(client.socket);
            assertThat(socket.inAudience).isTrue();
            assertThat(socket.receipts.isEmpty()).isTrue();
            assertThat(client.awareness.states().keySet())
                    .as("who is here, as client %d sees it", client.id)
                    .isEqualTo(idsAt(socket.gateway));
        }
        for (SimGateway gateway : gateways) {
            LiveEntity entity = gateway.entity();
            if (entity != null) {
                assertThat(entity.content.known()).isEqualTo(database.content().known());
                assertThat(entity.uncommittedBytes()).isZero();
            }
        }
    }

    private TreeSet<Long> idsAt(SimGateway gateway) {
        TreeSet<Long> ids = new TreeSet<>();
        for (SimClient client : clients) {
            SimSocket socket = client.socket;
            if (socket != null && socket.gateway == gateway) {
                ids.add(client.id);
            }
        }
        return ids;
    }
}
