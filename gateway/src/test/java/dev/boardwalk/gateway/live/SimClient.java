package dev.boardwalk.gateway.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.boardwalk.crdt.sync.IdSet;
import dev.boardwalk.crdt.sync.StateVectors;
import dev.boardwalk.crdt.sync.UpdateOutline;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A simulated y-websocket client that keeps account of what it may take as confirmed: its edits whose ids come back, and its
 * marks that come back. It deletes only what it wrote itself, so that a deletion that comes back is its own.
 */
final class SimClient implements SimPeer {
    private record Mark(int number, int clock, int deletes) {}

    final long id;
    final MiniDoc doc = new MiniDoc();
    final SimAwareness awareness;
    private final SimDatabase database;
    private final SplittableRandom random;

    @Nullable
    SimSocket socket;

    private final List<MiniUpdate.Range> deletes = new ArrayList<>();
    private final List<Mark> marks = new ArrayList<>();
    private int lastMark;
    private int clock;
    /** Where the edits begin that were made on the present socket. */
    private int clockAtOpen;

    private int deletesAtOpen;
    private IdSet confirmed = new IdSet();
    private IdSet confirmedDeletes = new IdSet();
    private boolean answered;
    /** All that it applied, in order: its own edits and what it received. */
    private final List<byte[]> history = new ArrayList<>();

    SimClient(long id, SimDatabase database, SplittableRandom random) {
        this.id = id;
        this.database = database;
        this.random = random;
        this.awareness = new SimAwareness(id, random.nextBoolean());
    }

    void connect(SimGateway gateway) {
        SimSocket opened = new SimSocket(PeerKind.CLIENT, this, gateway);
        socket = opened;
        clockAtOpen = clock;
        deletesAtOpen = deletes.size();
        marks.clear();
        answered = false;
        gateway.accept(opened);
        opened.toServer.add(new LiveEvent.PeerSyncStep1(opened, doc.known().copy()));
        awareness.opened();
        sendAwareness(List.of(id));
    }

    /** The client's end is gone; the server's may stay half open. */
    void abandon() {
        SimSocket gone = socket;
        if (gone != null) {
            gone.owner = null;
            disconnected(gone);
        }
    }

    @Override
    public void disconnected(SimSocket gone) {
        if (gone == socket) {
            socket = null;
            awareness.closed();
        }
    }

    /** Inserts, so that the server notices if the insertion before was lost. */
    void insertAtRest() {
        send(insert());
    }

    /** Makes an edit, which goes out at once if there is a socket. */
    void edit() {
        boolean deletes = clock > 0 && random.nextInt(4) == 0;
        byte[] update = deletes ? delete() : insert();
        SimSocket open = socket;
        if (open != null && !deletes && random.nextInt(80) == 0) {
            // Lost inside the client: the server notices with the next insertion and asks.
            answered = false;
            apply(update);
        } else {
            send(update);
            if (random.nextInt(50) == 0) {
                send(update);
            }
        }
    }

    private void send(byte[] update) {
        apply(update);
        SimSocket open = socket;
        if (open != null) {
            open.toServer.add(new LiveEvent.PeerUpdate(open, MiniUpdate.valid(update)));
        }
    }

    private void apply(byte[] update) {
        history.add(update);
        boolean _ = doc.apply(update);
    }

    List<byte[]> history() {
        return history;
    }

    private byte[] insert() {
        String text = "abcdefgh".substring(random.nextInt(8));
        byte[] update = MiniUpdate.insert(id, clock, text, randomId());
        clock += text.length();
        return update;
    }

    private MiniUpdate.@Nullable Id randomId() {
        List<MiniUpdate.Id> heads = new ArrayList<>();
        doc.clients()
                .forEach(client -> heads.add(
                        new MiniUpdate.Id(client, random.nextInt(doc.known().get(client)))));
        return heads.isEmpty() || random.nextInt(5) == 0 ? null : heads.get(random.nextInt(heads.size()));
    }

    private byte[] delete() {
        int from = random.nextInt(clock);
        MiniUpdate.Range range = new MiniUpdate.Range(id, from, 1 + random.nextInt(Math.min(3, clock - from)));
        deletes.add(range);
        return MiniUpdate.delete(id, from, range.length());
    }

    void mark() {
        SimSocket open = socket;
        if (open != null && answered) {
            marks.add(new Mark(++lastMark, clock, deletes.size()));
            byte[] payload = Integer.toString(lastMark).getBytes(StandardCharsets.US_ASCII);
            open.toServer.add(new LiveEvent.PeerMark(open, payload));
        }
    }

    void resync() {
        SimSocket open = socket;
        if (open != null) {
            open.toServer.add(new LiveEvent.PeerSyncStep1(open, doc.known().copy()));
        }
    }

    void changeAwareness() {
        awareness.change();
        sendAwareness(List.of(id));
    }

    void queryAwareness() {
        SimSocket open = socket;
        if (open != null) {
            open.toServer.add(new LiveEvent.PeerQueryAwareness(open));
        }
    }

    private void sendAwareness(List<Long> clients) {
        SimSocket open = socket;
        if (open != null && !clients.isEmpty()) {
            open.toServer.add(new LiveEvent.PeerAwareness(open, awareness.update(clients)));
        }
    }

    @Override
    public void checkSent(Outgoing message) {
        switch (message.kind()) {
            case UPDATE, SYNC_STEP_2 -> checkNothingUnsafe(message.payload());
            case MARK -> checkMark(numberOf(message));
            case SYNC_STEP_1, AWARENESS, DENIAL, SYNC_STATUS, STATELESS -> {}
        }
    }

    /** A client takes its own ids, coming from the server, as their confirmation. */
    private void checkNothingUnsafe(byte[] update) {
        UpdateOutline outline = MiniUpdate.valid(update).outline();
        for (int i = 0; i < outline.sections(); i++) {
            if (outline.client(i) == id) {
                assertThat(database.content().known().get(id))
                        .as("durable edits of client %d when they are sent to it", id)
                        .isGreaterThanOrEqualTo(outline.endClock(i));
            }
        }
        for (int i = 0; i < outline.deletes(); i++) {
            for (int at = outline.deleteClock(i); at < outline.deleteEnd(i) && outline.deleteClient(i) == id; at++) {
                assertThat(database.content().deleted().contains(id, at))
                        .as("durable deletion of %d@%d when it is sent to its maker", id, at)
                        .isTrue();
            }
        }
    }

    private void checkMark(int number) {
        Mark mark = marks.stream()
                .filter(each -> each.number() == number)
                .findFirst()
                .orElseThrow(() -> new AssertionError("mark " + number + " came twice or on another socket"));
        assertThat(database.content().known().get(id))
                .as("durable edits of client %d when mark %d comes back", id, number)
                .isGreaterThanOrEqualTo(mark.clock());
        for (MiniUpdate.Range range : deletes.subList(0, mark.deletes())) {
            assertThat(isDeleted(database.content().deleted(), range)).isTrue();
        }
    }

    private static boolean isDeleted(IdSet set, MiniUpdate.Range range) {
        for (int at = range.clock(); at < range.clock() + range.length(); at++) {
            if (!set.contains(range.client(), at)) {
                return false;
            }
        }
        return true;
    }

    private static int numberOf(Outgoing mark) {
        return Integer.parseInt(new String(mark.payload(), StandardCharsets.US_ASCII));
    }

    @Override
    public void receive(Outgoing message) {
        switch (message.kind()) {
            case SYNC_STEP_1 -> answer(message.payload());
            case SYNC_STEP_2, UPDATE -> {
                apply(message.payload());
                confirm(MiniUpdate.decode(message.payload()));
            }
            case AWARENESS -> sendAwareness(awareness.receive(message.payload()));
            case MARK -> marks.removeIf(mark -> mark.number() == numberOf(message));
            case DENIAL, SYNC_STATUS, STATELESS -> throw new AssertionError(message + " to a y-websocket client");
        }
    }

    private void answer(byte[] stateVector) {
        SimSocket open = socket;
        if (open != null) {
            byte[] diff = doc.diff(StateVectors.decode(stateVector));
            open.toServer.add(new LiveEvent.PeerSyncStep2(open, MiniUpdate.valid(diff)));
            answered = true;
            if (random.nextBoolean()) {
                mark();
            }
        }
    }

    private void confirm(MiniUpdate update) {
        for (MiniUpdate.Item item : update.items()) {
            if (item.client() == id) {
                boolean _ = confirmed.add(id, item.clock(), item.text().length());
            }
        }
        for (MiniUpdate.Range range : update.deletes()) {
            if (range.client() == id) {
                boolean _ = confirmedDeletes.add(id, range.clock(), range.length());
            }
        }
    }

    /** At rest: everything it did on this socket has been confirmed. */
    void checkAtRest() {
        assertThat(marks).as("marks of client %d on their way", id).isEmpty();
        if (clock > clockAtOpen) {
            assertThat(isDeleted(confirmed, new MiniUpdate.Range(id, clockAtOpen, clock - clockAtOpen)))
                    .as("confirmation of the edits of client %d from %d to %d", id, clockAtOpen, clock)
                    .isTrue();
        }
        for (MiniUpdate.Range range : deletes.subList(deletesAtOpen, deletes.size())) {
            assertThat(isDeleted(confirmedDeletes, range))
                    .as("confirmation of %s", range)
                    .isTrue();
        }
    }
}
