package dev.boardwalk.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** Questions over a chain so long that they look up from it: what they may cost, and how they share processors. */
class EffortTest {
    private static final int LENGTH = 50_000;
    private static final long PATIENCE_SECONDS = 60;

    private final GraphView chain = chain();

    /** 0 -> 1 -> 2 … -> 0. */
    private static GraphView chain() {
        EdgeList edges = new EdgeList();
        for (int n = 0; n < LENGTH; n++) {
            edges.add(edges.vertex(n, 0), edges.vertex((n + 1) % LENGTH, 0), (short) 0);
        }
        Names<String> types = new Names<>();
        types.number("DEPENDS_ON");
        Names<Long> projects = new Names<>();
        projects.number(1L);
        return GraphView.of(Adjacency.of(edges), types, projects, 1);
    }

    private static Question question(int depth, long steps, BooleanSupplier cancelled) {
        return new Question(null, null, depth, LENGTH, steps, cancelled);
    }

    private Traversal.Answer ask(Question question) {
        return Traversal.reach(chain, List.of(0L), Direction.OUT, question);
    }

    @Test
    void a_question_that_nobody_wants_any_more_is_dropped() {
        Question unwanted = question(Question.ALL, Long.MAX_VALUE, () -> true);
        assertThatThrownBy(() -> ask(unwanted)).isInstanceOf(GraphException.Cancelled.class);
        assertThatThrownBy(() -> Traversal.path(chain, 0, LENGTH - 1, unwanted))
                .isInstanceOf(GraphException.Cancelled.class);
        assertThatThrownBy(() -> Cycles.in(chain, 1, unwanted)).isInstanceOf(GraphException.Cancelled.class);
        assertThat(ask(question(Question.ALL, Long.MAX_VALUE, () -> false)).vertices())
                .hasSize(LENGTH - 1);
    }

    @Test
    void a_question_ends_when_it_has_cost_what_it_may() {
        Traversal.Answer cut = ask(question(Question.ALL, 1_000, () -> false));
        assertThat(cut.truncated()).isTrue();
        assertThat(cut.vertices()).hasSizeBetween(400, 600);
        assertThat(Cycles.in(chain, 1, question(Question.ALL, 1_000, () -> false))
                        .truncated())
                .isTrue();
    }

    @Test
    void slow_questions_let_a_quick_one_through() throws Exception {
        int slow = 2 * Runtime.getRuntime().availableProcessors();
        CountDownLatch begun = new CountDownLatch(slow);
        CountDownLatch answered = new CountDownLatch(1);
        BooleanSupplier untilAnswered = () -> {
            begun.countDown();
            try {
                return !answered.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return true;
            }
        };
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Traversal.Answer>> answers = new ArrayList<>();
            for (int n = 0; n < slow; n++) {
                answers.add(threads.submit(() -> ask(question(Question.ALL, Long.MAX_VALUE, untilAnswered))));
            }
            assertThat(begun.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(ask(question(3, Long.MAX_VALUE, () -> false)).vertices()).hasSize(3);
            answered.countDown();
            for (Future<Traversal.Answer> each : answers) {
                assertThat(each.get(PATIENCE_SECONDS, TimeUnit.SECONDS).vertices())
                        .hasSize(LENGTH - 1);
            }
        }
    }
}
