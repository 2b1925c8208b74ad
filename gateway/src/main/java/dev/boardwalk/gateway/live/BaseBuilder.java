package dev.boardwalk.gateway.live;

import dev.boardwalk.crdt.sync.Admission;
import dev.boardwalk.crdt.sync.ClockVector;
import dev.boardwalk.crdt.sync.IdSet;
import dev.boardwalk.crdt.sync.UpdateParts;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Puts stored updates together to a {@link Base} without a replica, off the event loop. Updates of several gateways may be
 * stored in an order in which they do not fit one another; here they are brought into one in which they do.
 */
public final class BaseBuilder {
    /**
     * A larger update is cut into parts of about this size. Providers see that their socket lives by what they read whole,
     * which on a slow line has to be something well within the 30 s after which they give up.
     */
    static final int PART_BYTES = 512 * 1024;

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

    /** An update as parts that can be sent one by one: for what was computed and is known to be valid. */
    public static List<byte[]> parts(ValidUpdate update) {
        return UpdateParts.of(update.bytes(), update.outline(), PART_BYTES);
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
                pieces.addAll(UpdateParts.of(update.bytes(), update.outline(), PART_BYTES));
                yield true;
            }
            case NOTHING_NEW -> true;
            case GAP -> false;
        };
    }
}
