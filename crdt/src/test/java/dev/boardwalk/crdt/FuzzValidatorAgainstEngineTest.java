package dev.boardwalk.crdt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.boardwalk.crdt.sync.Admission;
import dev.boardwalk.crdt.sync.ClockVector;
import dev.boardwalk.crdt.sync.Corpus;
import dev.boardwalk.crdt.sync.IdSet;
import dev.boardwalk.crdt.sync.MalformedInput;
import dev.boardwalk.crdt.sync.Recorded;
import dev.boardwalk.crdt.sync.StateVectors;
import dev.boardwalk.crdt.sync.UpdateLimits;
import dev.boardwalk.crdt.sync.UpdateOutline;
import dev.boardwalk.crdt.sync.UpdateValidator;
import dev.boardwalk.testkit.Mutator;
import dev.boardwalk.testkit.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Damaged updates that the validator accepts and admission takes for new, given to the engine and to Yjs: neither fails,
 * and both know and wait for what admission said.
 */
class FuzzValidatorAgainstEngineTest {
    private static final int RUNS = 200;
    private static final int MUTATIONS = 300;

    private final UpdateValidator validator = new UpdateValidator(UpdateLimits.defaults());
    private final List<Recorded.History> histories = Recorded.histories();

    /** An admitted update on top of what was there before, and what must be known after both. */
    private record Admitted(
            List<byte[]> base, byte[] update, ClockVector known, IdSet deleted, boolean continuesWhatIsKnown) {
        List<byte[]> all() {
            List<byte[]> all = new ArrayList<>(base);
            all.add(update);
            return all;
        }
    }

    @Test
    void the_engine_applies_whatever_is_admitted() {
        int[] applied = new int[1];
        Seed.each(RUNS, seed -> {
            for (Admitted admitted : admittedMutations(seed)) {
                applyToEngine(admitted);
                applied[0]++;
            }
        });
        assertThat(applied[0]).isPositive();
        assertThat(Engine.openDocuments()).isZero();
    }

    private void applyToEngine(Admitted admitted) {
        try (Document document = Document.open()) {
            document.apply(admitted.base());
            document.apply(List.of(admitted.update()));
            byte[] deleteSet = document.deleteSet();

            assertThat(document.pending()).isFalse();
            assertThat(StateVectors.decode(document.stateVector())).isEqualTo(admitted.known());
            IdSet deleted = IdSet.decode(deleteSet);
            assertThat(deleted.containsAll(validator.validate(withoutStructs(admitted.deleted()))))
                    .isTrue();
            assertThat(document.json()).isNotEmpty();
            // What the engine makes of it is valid in turn and says the same.
            UpdateOutline state = validator.validate(document.state());
            ClockVector again = new ClockVector();
            assertThat(Admission.admit(again, new IdSet(), state)).isEqualTo(Admission.NEW);
            assertThat(again).isEqualTo(admitted.known());
        }
    }

    @Test
    void yjs_knows_afterwards_what_admission_said() {
        int[] read = new int[1];
        try (Reference yjs = new Reference()) {
            Seed.each(RUNS / 4, seed -> {
                for (Admitted admitted : admittedMutations(seed)) {
                    // Different content under clocks that are known already: no replica can make sense of that, and
                    // some versions of Yjs throw.
                    if (admitted.continuesWhatIsKnown()) {
                        Reference.Read view = yjs.read(admitted.all());
                        assertThat(view.pending()).isFalse();
                        assertThat(StateVectors.decode(view.stateVector())).isEqualTo(admitted.known());
                        read[0]++;
                    }
                }
            });
        }
        assertThat(read[0]).isPositive();
    }

    @Test
    void engine_and_yjs_agree_on_the_corpus() {
        try (Reference yjs = new Reference()) {
            for (Corpus.Case one : Corpus.accepted()) {
                Reference.Read view = yjs.read(one.updates());
                try (Document document = Document.open()) {
                    document.apply(one.updates());

                    assertThat(document.stateVector()).as(one.name()).isEqualTo(view.stateVector());
                    assertThat(document.pending()).as(one.name()).isEqualTo(view.pending());
                    assertThat(document.json()).as(one.name()).isEqualTo(view.json());
                }
            }
        }
    }

    /** Damages the updates that come next in some history, and keeps those that are still admitted as new. */
    private List<Admitted> admittedMutations(Seed seed) {
        Random random = seed.random();
        List<byte[]> history = histories.get(random.nextInt(histories.size())).updates();
        int cut = random.nextInt(history.size() - 10);
        List<byte[]> base = history.subList(0, cut);
        ClockVector known = new ClockVector();
        IdSet deleted = new IdSet();
        base.forEach(update -> Admission.admit(known, deleted, validator.validate(update)));
        Mutator mutator = new Mutator(history.subList(cut, cut + 4), random);
        List<Admitted> admitted = new ArrayList<>();
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] update = mutator.next();
            outline(update).ifPresent(outline -> {
                ClockVector clocks = known.copy();
                IdSet deletions = IdSet.decode(deleted.encode());
                if (Admission.admit(clocks, deletions, outline) == Admission.NEW) {
                    admitted.add(new Admitted(base, update, clocks, deletions, continues(known, outline)));
                }
            });
        }
        return admitted;
    }

    private Optional<UpdateOutline> outline(byte[] update) {
        try {
            return Optional.of(validator.validate(update));
        } catch (MalformedInput refusal) {
            return Optional.empty();
        }
    }

    private static boolean continues(ClockVector known, UpdateOutline outline) {
        for (int i = 0; i < outline.sections(); i++) {
            if (outline.firstClock(i) != known.get(outline.client(i))) {
                return false;
            }
        }
        return true;
    }

    private static byte[] withoutStructs(IdSet deleted) {
        byte[] deleteSet = deleted.encode();
        byte[] update = new byte[deleteSet.length + 1];
        System.arraycopy(deleteSet, 0, update, 1, deleteSet.length);
        return update;
    }
}
