package dev.boardwalk.gateway.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.boardwalk.crdt.sync.UpdateOutline;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** The simulated database: what is in it survives every crash, and is the measure of what may be confirmed. */
final class SimDatabase {
    private final List<byte[]> rows = new ArrayList<>();
    private final MiniDoc content = new MiniDoc();
    private boolean up = true;

    boolean isUp() {
        return up;
    }

    void up(boolean now) {
        up = now;
    }

    /** Makes the updates of one tick durable. In the order of the rows there is never a gap. */
    void commit(List<byte[]> updates) {
        for (byte[] update : updates) {
            rows.add(update);
            boolean _ = content.apply(update);
            assertThat(content.pending())
                    .as("what is durable depends on nothing that is not")
                    .isEmpty();
        }
    }

    MiniDoc content() {
        return content;
    }

    boolean holds(UpdateOutline outline) {
        return content.known().covers(outline) && content.deleted().containsAll(outline);
    }

    /** All rows, as another gateway's journal is re-read. */
    List<ValidUpdate> rows() {
        return rows.stream().map(MiniUpdate::valid).toList();
    }

    /** What an entity is loaded from: one snapshot, or all rows, or a snapshot and the rows after it. */
    Base load(SplittableRandom random) {
        int folded = random.nextInt(3) == 0 ? 0 : random.nextInt(rows.size() + 1);
        BaseBuilder builder = new BaseBuilder();
        if (folded > 0) {
            builder.add(MiniUpdate.valid(MiniDoc.of(rows.subList(0, folded)).state()));
        }
        for (byte[] row : rows.subList(folded, rows.size())) {
            builder.add(MiniUpdate.valid(row));
        }
        Base base = builder.build();
        assertThat(builder.unfit()).isEmpty();
        return base;
    }
}
