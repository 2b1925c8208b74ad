package dev.boardwalk.crdt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.boardwalk.crdt.Engine.Projection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The handle of a native document: one thread at a time, dead after a panic, and its memory is given back. */
class DocumentHandleTest extends EngineTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void a_panic_becomes_an_exception_and_poisons_the_document() {
        try (Document document = Document.open()) {
            document.apply(List.of(HELLO));
            assertThatThrownBy(document::panic)
                    .isInstanceOfSatisfying(
                            EngineFailure.Panicked.class,
                            failure -> assertThat(failure.code()).isEqualTo("engine-panicked"))
                    .hasMessageContaining("asked to");
            assertThatThrownBy(document::state)
                    .isInstanceOf(EngineFailure.Poisoned.class)
                    .hasMessageContaining("load the entity again");
            assertThatThrownBy(() -> document.apply(List.of(YOU))).isInstanceOf(EngineFailure.Poisoned.class);
        }
    }

    @Test
    void use_after_close_is_an_exception_and_closing_twice_is_allowed() {
        Document closed;
        try (Document document = Document.open()) {
            closed = document;
        }
        closed.close();
        assertThatThrownBy(closed::json).isInstanceOf(EngineFailure.Closed.class);
        assertThatThrownBy(() -> closed.apply(List.of(HELLO))).isInstanceOf(EngineFailure.Closed.class);
    }

    @Test
    void two_threads_at_once_are_told_apart() throws Exception {
        try (Document document = Document.open()) {
            document.apply(typed(16_000));
            AtomicInteger busy = new AtomicInteger();
            long giveUpNanos = System.nanoTime() + PATIENCE.toNanos();
            CountDownLatch start = new CountDownLatch(1);
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                threads.add(Thread.ofPlatform().start(() -> {
                    try {
                        start.await();
                        while (busy.get() == 0 && System.nanoTime() < giveUpNanos) {
                            document.json();
                        }
                    } catch (EngineFailure.Busy | InterruptedException _) {
                        busy.incrementAndGet();
                    }
                }));
            }
            start.countDown();
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(busy).hasPositiveValue();
            assertThat(document.pending()).isFalse();
        }
    }

    @Test
    void a_document_that_is_dropped_unclosed_is_freed_and_counted() {
        long leakedBefore = Engine.leakedDocuments();
        dropOne();
        await().atMost(PATIENCE).until(() -> {
            System.gc();
            return Engine.leakedDocuments() == leakedBefore + 1;
        });
    }

    @SuppressWarnings("MustBeClosed") // that is the point
    private static void dropOne() {
        Document.open().apply(List.of(HELLO));
    }

    @Test
    void native_memory_is_counted_and_given_back() {
        Engine.fold(null, typed(100), Projection.JSON);
        long before = Engine.nativeBytes();
        try (Document document = Document.open()) {
            document.apply(typed(16_000));
            document.state();
            long held = Engine.nativeBytes() - before;
            assertThat(document.weightBytes()).isBetween(held * 9 / 10, held * 11 / 10);
            assertThat(held).isGreaterThan(16_000);
        }
        assertThat(Engine.nativeBytes()).isLessThan(before + 10_000);
    }
}
