package dev.boardwalk.crdt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.boardwalk.crdt.Engine.Projection;
import dev.boardwalk.crdt.sync.Admission;
import dev.boardwalk.crdt.sync.ClockVector;
import dev.boardwalk.crdt.sync.IdSet;
import dev.boardwalk.crdt.sync.MalformedInput;
import dev.boardwalk.crdt.sync.UpdateLimits;
import dev.boardwalk.crdt.sync.UpdateParts;
import dev.boardwalk.crdt.sync.UpdateValidator;
import dev.boardwalk.testkit.Seed;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * The engine against Yjs from npm, over random histories of concurrent edits: text and formats, maps, arrays, nested
 * types, XML, embeds, deletions, undo and redo, in any order of arrival.
 */
class DifferentialTest extends AgainstYjs {
    private static final int HISTORIES = 100;
    private static final int DAMAGED_HISTORIES = 60;

    private static final UpdateValidator VALIDATOR = new UpdateValidator(UpdateLimits.defaults());

    @Test
    void documents_by_hand_are_read_as_yjs_reads_them() {
        for (String name : yjs.names()) {
            Reference.Made made = yjs.document(name);
            Folded folded = Engine.fold(null, made.updates(), Projection.JSON);
            assertThat(folded.json()).as(name).isEqualTo(made.json());
            assertThat(folded.stateVector()).as(name).isEqualTo(made.stateVector());
            assertThat(folded.pending()).as(name).isFalse();
            assertThat(yjs.check(folded.state())).as(name).isEqualTo("equal");
            assertThat(Engine.fold(folded.state(), List.of(), Projection.JSON))
                    .as(name)
                    .usingRecursiveComparison()
                    .isEqualTo(folded);
        }
    }

    @Test
    void random_histories_come_to_what_yjs_comes_to() {
        Seed.each(HISTORIES, seed -> {
            Random random = seed.random();
            Reference.Made made = yjs.history(seed.value(), 20 + random.nextInt(150), 1 + random.nextInt(4));
            in_any_order_and_batches(made, random);
            folded_over_a_snapshot(made, random);
            merged_in_groups(made, random);
            as_a_diff_for_a_peer_that_returns(made, random);
            in_parts_that_each_join(made, random);
        });
    }

    /** However a state is cut, no part waits for a later one, and all together are the state. */
    private static void in_parts_that_each_join(Reference.Made made, Random random) {
        byte[] state = Engine.fold(null, made.updates(), Projection.NONE).state();
        List<byte[]> parts = UpdateParts.of(state, VALIDATOR.validate(state), 1 + random.nextInt(200));
        List<byte[]> prefix = new ArrayList<>();
        ClockVector known = new ClockVector();
        IdSet deleted = new IdSet();
        for (byte[] part : parts) {
            prefix.add(part);
            assertThat(Admission.admit(known, deleted, VALIDATOR.validate(part)))
                    .isNotEqualTo(Admission.GAP);
        }
        assertThat(yjs.read(prefix).pending()).isFalse();
        assertThat(yjs.read(prefix).json()).isEqualTo(made.json());
        assertThat(Engine.fold(null, parts, Projection.NONE).state()).isEqualTo(state);
    }

    @Test
    void damaged_histories_that_the_validator_lets_in_are_read_the_same_way_twice() {
        Seed.each(DAMAGED_HISTORIES, seed -> {
            Random random = seed.random("damage");
            List<byte[]> damaged = new ArrayList<>();
            for (byte[] update : yjs.history(seed.value(), 60, 3).updates()) {
                damaged.add(random.nextInt(8) == 0 ? damaged(update, random) : update);
            }
            damaged.removeIf(update -> !admissible(update));
            Folded folded = Engine.fold(null, damaged, Projection.JSON);
            if (!folded.pending()) {
                VALIDATOR.validate(folded.state());
            }
            assertThat(Engine.fold(folded.state(), List.of(), Projection.JSON))
                    .usingRecursiveComparison()
                    .isEqualTo(folded);
        });
    }

    private static byte[] damaged(byte[] update, Random random) {
        byte[] damaged = update.clone();
        for (int i = random.nextInt(3); i >= 0; i--) {
            int at = random.nextInt(damaged.length);
            damaged[at] = (byte) (random.nextBoolean() ? random.nextInt(256) : damaged[at] + random.nextInt(5) - 2);
        }
        return damaged;
    }

    /** Whether the validator lets it in; then the engine must be able to read it. */
    private static boolean admissible(byte[] update) {
        try {
            VALIDATOR.validate(update);
        } catch (MalformedInput _) {
            return false;
        }
        assertThat(Engine.merge(List.of(update))).isPresent();
        return true;
    }

    private void in_any_order_and_batches(Reference.Made made, Random random) {
        List<byte[]> updates = new ArrayList<>(made.updates());
        Collections.shuffle(updates, random);
        try (Document document = Document.open()) {
            for (int from = 0; from < updates.size(); ) {
                int to = Math.min(updates.size(), from + 1 + random.nextInt(20));
                document.apply(updates.subList(from, to));
                from = to;
                if (random.nextInt(6) == 0) {
                    partly_arrived(document, updates.subList(0, to));
                }
            }
            assertThat(document.pending()).isFalse();
            assertThat(document.stateVector()).isEqualTo(made.stateVector());
            assertThat(document.json()).isEqualTo(made.json());
            assertThat(yjs.check(document.state())).isEqualTo("equal");
            VALIDATOR.validate(document.state());
        }
    }

    /** What has arrived so far is seen as Yjs sees it, with the rest waiting. */
    private void partly_arrived(Document document, List<byte[]> arrived) {
        Reference.Read read = yjs.read(arrived);
        assertThat(document.pending()).isEqualTo(read.pending());
        assertThat(document.stateVector()).isEqualTo(read.stateVector());
        assertThat(document.json()).isEqualTo(read.json());
        Reference.Read again = yjs.read(List.of(document.state()));
        assertThat(again.json()).isEqualTo(read.json());
        assertThat(again.pending()).isEqualTo(read.pending());
    }

    private void folded_over_a_snapshot(Reference.Made made, Random random) {
        int middle = random.nextInt(made.updates().size() + 1);
        Folded snapshot = Engine.fold(null, made.updates().subList(0, middle), Projection.NONE);
        List<byte[]> rest = made.updates().subList(middle, made.updates().size());
        Folded folded = Engine.fold(snapshot.state(), rest, Projection.JSON);
        assertThat(folded.json()).isEqualTo(made.json());
        assertThat(folded.stateVector()).isEqualTo(made.stateVector());
        assertThat(yjs.check(folded.state())).isEqualTo("equal");
        Folded whole = Engine.fold(null, made.updates(), Projection.NONE);
        assertThat(folded.deleteSet()).isEqualTo(whole.deleteSet());
    }

    private void merged_in_groups(Reference.Made made, Random random) {
        List<byte[]> merged = new ArrayList<>();
        for (int from = 0; from < made.updates().size(); ) {
            int to = Math.min(made.updates().size(), from + 1 + random.nextInt(12));
            List<byte[]> group = made.updates().subList(from, to);
            Engine.merge(group).ifPresentOrElse(merged::add, () -> merged.addAll(group));
            from = to;
        }
        assertThat(Engine.fold(null, merged, Projection.JSON).json()).isEqualTo(made.json());
        assertThat(Engine.merge(made.updates()))
                .hasValueSatisfying(all -> assertThat(yjs.check(all)).isEqualTo("equal"));
        assertThat(Engine.merge(merged))
                .hasValueSatisfying(all -> assertThat(yjs.check(all)).isEqualTo("equal"));
    }

    private void as_a_diff_for_a_peer_that_returns(Reference.Made made, Random random) {
        List<byte[]> seen =
                made.updates().subList(0, random.nextInt(made.updates().size() + 1));
        byte[] diff = Engine.diff(made.updates(), yjs.stateVector(seen));
        assertThat(yjs.checkParts(seen, diff)).isEqualTo("equal");
    }
}
