package dev.boardwalk.gateway.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** A gateway's simulated ticks: one at a time, each committed as a whole, its answer perhaps long after. */
final class SimTicker {
    private record Pending(long sequence, byte[] update) {}

    private final SimDatabase database;
    private final ArrayDeque<Pending> pending = new ArrayDeque<>();
    private final List<Pending> inTick = new ArrayList<>();
    private boolean committed;
    private long lastSequence;

    SimTicker(SimDatabase database) {
        this.database = database;
    }

    void add(long sequence, byte[] update) {
        assertThat(sequence).as("sequences ascend").isGreaterThan(lastSequence);
        lastSequence = sequence;
        pending.add(new Pending(sequence, update));
    }

    boolean start() {
        if (!inTick.isEmpty() || pending.isEmpty()) {
            return false;
        }
        inTick.addAll(pending);
        pending.clear();
        return true;
    }

    /** The tick reaches the database; that it did may become known much later. */
    boolean commit() {
        if (inTick.isEmpty() || committed || !database.isUp()) {
            return false;
        }
        committed = true;
        database.commit(inTick.stream().map(Pending::update).toList());
        return true;
    }

    boolean isCommitted() {
        return committed;
    }

    List<ValidUpdate> updates() {
        return inTick.stream().map(each -> MiniUpdate.valid(each.update())).toList();
    }

    /** Ends the committed tick; answers the sequence of its last update. */
    long end() {
        long through = inTick.getLast().sequence();
        inTick.clear();
        committed = false;
        return through;
    }
}
