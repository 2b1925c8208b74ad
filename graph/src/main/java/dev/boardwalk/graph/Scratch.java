package dev.boardwalk.graph;

import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a question works with: arrays that it writes into, used again by the next one (16 bytes for each vertex of the largest
 * organisation), and a turn at a processor. Marks of earlier questions are told apart by their generation, so nothing has to
 * be cleared.
 */
final class Scratch {
    private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

    /** Questions that have begun, at one time; more wait, so that they cannot take all memory. */
    private static final int AT_ONCE = 4 * PROCESSORS;

    /** Questions that compute, at one time: what is typed meanwhile needs processors too. */
    private static final Semaphore TURNS = new Semaphore(Math.max(1, PROCESSORS / 2), true);

    private static final BlockingQueue<Scratch> POOL = new ArrayBlockingQueue<>(AT_ONCE);

    static {
        for (int n = 0; n < AT_ONCE; n++) {
            POOL.add(new Scratch());
        }
    }

    private int[] marks = new int[0];
    private int generation;
    /** Vertices in the order in which they were come to. */
    int[] queue = new int[0];
    /** For each place of the queue: the place from which it was come to. */
    int[] parents = new int[0];
    /** For each place of the queue: the type of the relationship by which it was come to. */
    int[] vias = new int[0];

    private Scratch() {}

    /** What is done with the arrays. */
    interface Work<T extends @Nullable Object> {
        T with(Scratch scratch);
    }

    /** Waits for arrays and a turn, uses them, gives them back. */
    static <T extends @Nullable Object> T use(int vertices, Work<T> work) {
        Scratch scratch;
        try {
            scratch = POOL.take();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new GraphException.Cancelled("interrupted while waiting for other questions");
        }
        TURNS.acquireUninterruptibly();
        try {
            scratch.prepare(vertices);
            return work.with(scratch);
        } finally {
            TURNS.release();
            POOL.add(scratch);
        }
    }

    /** Computes nothing meanwhile: those who have waited longer go first. */
    static <T> T outOfTurn(Supplier<T> work) {
        TURNS.release();
        try {
            return work.get();
        } finally {
            TURNS.acquireUninterruptibly();
        }
    }

    private void prepare(int vertices) {
        if (marks.length < vertices) {
            int room = Math.max(vertices, marks.length + marks.length / 2);
            marks = new int[room];
            queue = new int[room];
            parents = new int[room];
            vias = new int[room];
            generation = 0;
        }
        unmark();
    }

    /** Forgets all marks. */
    void unmark() {
        if (generation == Integer.MAX_VALUE) {
            Arrays.fill(marks, 0);
            generation = 0;
        }
        generation++;
    }

    /** Whether the vertex had not been marked by this question yet. */
    boolean mark(int vertex) {
        if (marks[vertex] == generation) {
            return false;
        }
        marks[vertex] = generation;
        return true;
    }
}
