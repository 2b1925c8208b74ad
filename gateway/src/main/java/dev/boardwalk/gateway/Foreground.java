package dev.boardwalk.gateway;

import java.util.concurrent.CountDownLatch;

/**
 * The life of a command that stays until it is told to end: by SIGINT or SIGTERM, which then end the process with exit code
 * 0, or by {@link #end}.
 *
 * <p>Whoever is told is the thread that made this: it is interrupted, wherever it is, and stops what it started. Only then
 * the process may go. Halting from the hook is the only way to choose the code.
 */
final class Foreground implements AutoCloseable {
    private final CountDownLatch over = new CountDownLatch(1);
    private final Thread owner = Thread.currentThread();

    Foreground() {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            if (over.getCount() == 0) {
                return;
            }
            end();
            try {
                over.await();
            } catch (InterruptedException impossible) {
                Thread.currentThread().interrupt();
            }
            System.out.flush();
            Runtime.getRuntime().halt(0);
        }));
    }

    /** Tells the command to end. May be called from any thread. */
    void end() {
        owner.interrupt();
    }

    /** Returns never; throws when the command is told to end. */
    void await() throws InterruptedException {
        new CountDownLatch(1).await();
    }

    /** Everything is stopped: a signal that waits may end the process. */
    @Override
    public void close() {
        over.countDown();
    }
}
