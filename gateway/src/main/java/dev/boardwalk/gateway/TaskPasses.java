package dev.boardwalk.gateway;

import io.vertx.core.Context;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tasks from any thread, done on one event loop in passes: many tasks cost one wake-up, and what they bring forth can leave
 * together at the end of the pass.
 */
final class TaskPasses {

    /** So many tasks make a pass; then the event loop gets to its sockets first. */
    private static final int PASS_TASKS_MAX = 1_024;

    private static final Logger log = LoggerFactory.getLogger(TaskPasses.class);

    private final Context context;
    private final Runnable endOfPass;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();

    TaskPasses(Context context, Runnable endOfPass) {
        this.context = context;
        this.endOfPass = endOfPass;
    }

    /** Does the task in the next pass; tasks from one thread keep their order. May be called from any thread. */
    void execute(Runnable task) {
        tasks.add(task);
        schedule();
    }

    /** Whether nothing waits for the next pass. */
    boolean isEmpty() {
        return tasks.isEmpty();
    }

    private void schedule() {
        if (scheduled.compareAndSet(false, true)) {
            context.runOnContext(_ -> pass());
        }
    }

    private void pass() {
        scheduled.set(false);
        int count = 0;
        Runnable task;
        while (count++ < PASS_TASKS_MAX && (task = tasks.poll()) != null) {
            try {
                task.run();
            } catch (RuntimeException bug) {
                log.error("task of a shard failed", bug);
            }
        }
        try {
            endOfPass.run();
        } catch (RuntimeException bug) {
            log.error("end of a shard's pass failed", bug);
        }
        if (!tasks.isEmpty()) {
            schedule();
        }
    }
}
