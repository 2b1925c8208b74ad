package dev.boardwalk.gateway.live;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A world of clients, gateways and one database, all of whose steps, delays and mishaps come from one seed.
 *
 * <p>While it runs, {@link SimClient} checks that nobody is told that an edit is safe before it is durable, and every event is
 * followed by the entity's invariants. {@link SimRest} then lets everything heal, and checks that all replicas are equal and
 * that everything is confirmed.
 */
final class Simulation {
    private static final int GATEWAYS_MAX = 3;
    private static final int CLIENTS_MAX = 6;

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
        limits.dueBytesMax = 1 + random.nextInt(2) * random.nextInt(4_000);
        return limits.build();
    }

    void run(int steps) {
        for (int i = 0; i < steps; i++) {
            step();
        }
        database.up(true);
        halfOpen.forEach(socket -> socket.gateway.lose(socket));
        for (SimHostile hostile : hostiles) {
            SimSocket socket = hostile.socket;
            if (socket != null) {
                socket.gateway.lose(socket);
            }
        }
        new SimRest(database, gateways, clients, random).reach();
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
            case 12, 13 -> gateway().ticker().start();
            case 14, 15, 16 -> gateway().ticker().commit();
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

    /** The next message on the socket reaches the client, if it reads. */
    static boolean deliverToClient(SimSocket socket) {
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
}
