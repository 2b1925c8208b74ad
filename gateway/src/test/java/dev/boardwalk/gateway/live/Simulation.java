package dev.boardwalk.gateway.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeSet;

/**
 * A world of clients, gateways and one database, all of whose steps, delays and mishaps come from one seed.
 *
 * <p>While it runs, {@link SimClient} checks that nobody is told that an edit is safe before it is durable, and every event is
 * followed by the entity's invariants. {@link #rest} then lets everything heal, and checks that all replicas are equal and that
 * everything is confirmed.
 */
final class Simulation {
    private static final int GATEWAYS_MAX = 3;
    private static final int CLIENTS_MAX = 6;
    private static final int ROUNDS_MAX = 20_000;
    private static final int AWARENESS_RENEWALS = 3;

    private final SplittableRandom random;
    private final SimDatabase database = new SimDatabase();
    private final List<SimGateway> gateways = new ArrayList<>();
    private final List<SimClient> clients = new ArrayList<>();
    private final List<SimHostile> hostiles = new ArrayList<>();
    /** Sockets that their client has abandoned and whose server does not know. */
    private final List<SimSocket> halfOpen = new ArrayList<>();

    private final boolean mishaps;
    private final int flushRarity;
    private long lastId = 10;

    Simulation(long seed) {
        random = new SplittableRandom(seed);
        mishaps = random.nextInt(4) > 0;
        flushRarity = 1 + random.nextInt(12);
        LiveLimits limits = limits();
        for (int i = 1 + random.nextInt(GATEWAYS_MAX); i > 0; i--) {
            gateways.add(new SimGateway(database, limits, random.split()));
        }
        gateways.forEach(gateway -> gateway.knows(gateways));
        for (int i = 2 + random.nextInt(CLIENTS_MAX - 1); i > 0; i--) {
            clients.add(new SimClient(++lastId, database, random.split()));
        }
        for (int i = random.nextInt(3); i > 0; i--) {
            hostiles.add(new SimHostile(++lastId, random.split()));
        }
    }

    /** Limits that are met now and then. */
    private LiveLimits limits() {
        TestLimits limits = new TestLimits();
        limits.heldUpdatesMax = 1 + random.nextInt(12);
        limits.heldBytesMax = 4_000;
        limits.uncommittedBytesMax = 2_000 + random.nextInt(20_000);
        limits.receiptsPerPeerMax = 100 + random.nextInt(200);
        limits.wholeBytesMax = 1 + random.nextInt(2) * random.nextInt(5_000);
        limits.wholeUpdatesMax = 1 + random.nextInt(60);
        limits.backlogUpdatesMax = 1 + random.nextInt(20);
        limits.awarenessClientsPerPeerMax = 30;
        return limits.build();
    }

    void run(int steps) {
        for (int i = 0; i < steps; i++) {
            step();
        }
        rest();
    }

    /** What each client applied in its order, and the rows of the database in theirs. */
    List<List<byte[]>> histories() {
        List<List<byte[]>> histories = new ArrayList<>();
        clients.forEach(client -> histories.add(client.history()));
        histories.add(database.rows().stream().map(ValidUpdate::bytes).toList());
        return histories;
    }

    private void step() {
        switch (random.nextInt(40)) {
            case 0, 1, 2, 3, 4 -> client().edit();
            case 5 -> client().mark();
            case 6 -> client().changeAwareness();
            case 7 -> connectOne();
            case 8 -> mishap();
            case 9 -> hostile();
            case 10 -> write();
            case 11 -> small();
            case 12, 13 -> gateway().startTick();
            case 14, 15, 16 -> gateway().commitTick();
            case 17, 18, 19 -> gateway().answerTick(mishaps);
            case 20 -> flush();
            case 21 -> gateway().endFlush(mishaps);
            case 22 -> gateway().endDiff(mishaps);
            case 23, 24 -> gateway().deliverRelayed();
            case 25 -> gateway().finishLoading(mishaps);
            case 26 -> gateway().reread();
            case 27 -> pressure();
            default -> deliver();
        }
    }

    private void flush() {
        if (random.nextInt(flushRarity) == 0) {
            boolean _ = gateway().beginFlush();
        }
    }

    private void small() {
        switch (random.nextInt(6)) {
            case 0 -> client().resync();
            case 1 -> client().queryAwareness();
            case 2 -> gateway().passTime(1_000);
            case 3 -> gateway().evict();
            case 4 -> gateway().finishLoading(mishaps);
            default -> pause();
        }
    }

    private void mishap() {
        if (!mishaps) {
            return;
        }
        switch (random.nextInt(9)) {
            case 0 -> gateway().crash();
            case 1, 2 -> database.up(!database.isUp());
            case 3, 4 -> database.up(true);
            case 5 -> loseSocket();
            case 6 -> abandonSocket();
            case 7 -> noticeHalfOpen();
            default -> reloadPage();
        }
    }

    private void connectOne() {
        SimClient client = client();
        if (client.socket == null) {
            client.connect(gateway());
        }
    }

    private void loseSocket() {
        SimSocket socket = client().socket;
        if (socket != null) {
            SimPeer owner = socket.owner;
            socket.owner = null;
            if (owner != null) {
                owner.disconnected(socket);
            }
            socket.gateway.lose(socket);
        }
    }

    /** The client goes, and may be back on a new socket while what it sent on the old one still arrives. */
    private void abandonSocket() {
        SimClient client = client();
        SimSocket socket = client.socket;
        if (socket != null) {
            for (int i = random.nextInt(3); i > 0; i--) {
                client.edit();
            }
            client.abandon();
            halfOpen.add(socket);
            if (random.nextInt(4) > 0) {
                client.connect(random.nextInt(3) == 0 ? gateway() : socket.gateway);
            }
        }
    }

    private void noticeHalfOpen() {
        if (!halfOpen.isEmpty()) {
            SimSocket socket = halfOpen.remove(random.nextInt(halfOpen.size()));
            socket.gateway.lose(socket);
        }
    }

    /** A page is loaded anew: an empty replica with a new id; what the old one had not sent is gone with it. */
    private void reloadPage() {
        int at = random.nextInt(clients.size());
        SimSocket socket = clients.get(at).socket;
        if (socket != null) {
            clients.get(at).abandon();
            socket.gateway.lose(socket);
        }
        clients.set(at, new SimClient(++lastId, database, random.split()));
    }

    private void hostile() {
        if (!hostiles.isEmpty()) {
            SimHostile hostile = hostiles.get(random.nextInt(hostiles.size()));
            if (hostile.socket == null) {
                hostile.connect(gateway());
            }
            for (int i = random.nextInt(4); i >= 0; i--) {
                hostile.act();
            }
        }
    }

    private void write() {
        long id = ++lastId;
        MiniUpdate.Id origin = random.nextInt(4) == 0 ? new MiniUpdate.Id(11, random.nextInt(50)) : null;
        new SimWriter(database, MiniUpdate.valid(MiniUpdate.insert(id, 0, "rest", origin))).call(gateway());
    }

    private void pause() {
        SimSocket socket = client().socket;
        if (socket != null) {
            socket.paused = mishaps && !socket.paused;
        }
    }

    private void pressure() {
        for (SimSocket socket : List.copyOf(gateway().sockets)) {
            boolean _ = socket.gateway.tellPressure(socket);
        }
    }

    private void deliver() {
        SimGateway gateway = gateway();
        if (!gateway.sockets.isEmpty()) {
            SimSocket socket = gateway.sockets.get(random.nextInt(gateway.sockets.size()));
            for (int i = random.nextInt(4); i >= 0 && socket.openAtServer; i--) {
                boolean _ = random.nextBoolean() ? gateway.deliverToServer(socket) : deliverToClient(socket);
            }
        }
    }

    private static boolean deliverToClient(SimSocket socket) {
        SimPeer owner = socket.owner;
        if (socket.paused || owner == null) {
            return false;
        }
        Outgoing message = socket.toClient.poll();
        if (message != null) {
            owner.receive(message);
        }
        return message != null;
    }

    private SimGateway gateway() {
        return gateways.get(random.nextInt(gateways.size()));
    }

    private SimClient client() {
        return clients.get(random.nextInt(clients.size()));
    }

    /** Everything heals and comes to rest; then everything must be equal, durable and confirmed. */
    private void rest() {
        database.up(true);
        List.copyOf(halfOpen).forEach(socket -> socket.gateway.lose(socket));
        hostiles.stream().map(each -> each.socket).forEach(socket -> {
            if (socket != null) {
                socket.gateway.lose(socket);
            }
        });
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
                    client.connect(gateway());
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
            moved |= deliverToClient(socket);
        }
        moved |= gateway.startTick();
        moved |= gateway.commitTick();
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
