package dev.boardwalk.gateway.live;

import dev.boardwalk.crdt.sync.Admission;
import dev.boardwalk.crdt.sync.ClockVector;
import dev.boardwalk.crdt.sync.IdSet;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Puts stored updates together to a {@link Base} without a replica, off the event loop. Updates of several gateways may be
 * stored in an order in which they do not fit one another; here they are brought into one in which they do.
 */
public final class BaseBuilder {
    private final List<byte[]> pieces = new ArrayList<>();
    private final ClockVector known = new ClockVector();
    private final IdSet deleted = new IdSet();
    private final List<ValidUpdate> unfit = new ArrayList<>();

    /** Adds an update; one that brings nothing new is left out. */
    public void add(ValidUpdate update) {
        if (!admit(update)) {
            unfit.add(update);
        }
    }

    /** The base of all updates that fit. */
    public Base build() {
        while (retryUnfit()) {
            // Each round may make others fit.
        }
        return new Base(pieces, known, deleted.encode());
    }

    /** After {@link #build}: the updates that refer to what is not stored; there are none unless something was lost. */
    public List<ValidUpdate> unfit() {
        return List.copyOf(unfit);
    }

    private boolean retryUnfit() {
        boolean any = false;
        for (Iterator<ValidUpdate> i = unfit.iterator(); i.hasNext(); ) {
            if (admit(i.next())) {
                i.remove();
                any = true;
            }
        }
        return any;
    }

    private boolean admit(ValidUpdate update) {
        return switch (Admission.admit(known, deleted, update.outline())) {
            case NEW -> {
                pieces.add(update.bytes());
                yield true;
            }
            case NOTHING_NEW -> true;
            case GAP -> false;
        };
    }
}
