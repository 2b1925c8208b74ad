package dev.boardwalk.gateway;

import dev.boardwalk.store.BackgroundService;
import java.io.Console;
import java.io.PrintWriter;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** How far a run is, in one line of a terminal that is written over; nothing where there is none. Safe from any thread. */
final class ProgressBar implements BackgroundService.Progress {
    private static final int CELLS = 30;

    /** People see no more than that, and terminals are slow. */
    private static final long PAUSE_NANOS = 100_000_000;

    private final @Nullable PrintWriter terminal;
    private final AtomicLong shownNanos = new AtomicLong(System.nanoTime());

    ProgressBar() {
        this(terminal());
    }

    /** @param terminal where to draw, null for nowhere */
    ProgressBar(@Nullable PrintWriter terminal) {
        this.terminal = terminal;
    }

    private static @Nullable PrintWriter terminal() {
        Console console = System.console();
        return console != null && console.isTerminal() ? console.writer() : null;
    }

    @Override
    public void at(String step, long done, long total) {
        if (terminal == null) {
            return;
        }
        long before = shownNanos.get();
        long now = System.nanoTime();
        boolean last = done >= total;
        if (!last && (now - before < PAUSE_NANOS || !shownNanos.compareAndSet(before, now))) {
            return;
        }
        terminal.printf("%s%s", line(step, done, total), last ? "\r\033[K" : "");
        terminal.flush();
    }

    static String line(String step, long done, long total) {
        int full = total <= 0 ? CELLS : (int) Math.min(CELLS, done * CELLS / total);
        return "\r[%s%s] %,d of %,d %s".formatted("#".repeat(full), "-".repeat(CELLS - full), done, total, step);
    }
}
