package dev.boardwalk.crdt.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The validator on the corpus. */
class CorpusTest {
    private final UpdateValidator validator = new UpdateValidator(UpdateLimits.defaults());

    static List<Corpus.Case> refused() {
        return Corpus.refused();
    }

    static List<Corpus.Case> accepted() {
        return Corpus.accepted();
    }

    @ParameterizedTest
    @MethodSource
    void refused(Corpus.Case one) {
        assertThat(one.updates()).hasSize(1);
        assertThatThrownBy(() -> validator.validate(one.updates().getFirst()))
                .isInstanceOfSatisfying(
                        MalformedInput.class,
                        refusal -> assertThat(refusal.code().text()).isEqualTo(one.refusal()));
    }

    @ParameterizedTest
    @MethodSource
    void accepted(Corpus.Case one) {
        ClockVector known = new ClockVector();
        IdSet deleted = new IdSet();
        for (byte[] update : one.updates()) {
            assertThat(Admission.admit(known, deleted, validator.validate(update)))
                    .isNotEqualTo(Admission.GAP);
        }
    }

    @Test
    void the_known_killers_are_in_the_corpus() {
        assertThat(Corpus.refused())
                .extracting(Corpus.Case::name)
                .contains("crash-unchecked-utf8.hex", "bomb-four-bytes.hex", "skip-hides-a-hole.hex");
    }
}
