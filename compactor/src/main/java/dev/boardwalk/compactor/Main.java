package dev.boardwalk.compactor;

import dev.boardwalk.store.BackgroundContext;
import dev.boardwalk.store.BackgroundService;
import dev.boardwalk.store.BackgroundService.Progress;
import dev.boardwalk.store.BlobStore;
import dev.boardwalk.store.Database;
import dev.boardwalk.store.StoreException;
import io.vertx.core.Vertx;
import java.io.UncheckedIOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

/** A compactor in a process of its own: runs at its intervals until it is told to end, or once. */
@Command(name = "compactor", description = "Compacts at its intervals.", mixinStandardHelpOptions = true)
public final class Main implements Callable<Integer> {
    private static final Logger log = LoggerFactory.getLogger(Main.class);

    @Option(names = "--now", description = "One run with a report, instead of running at intervals")
    private boolean now;

    /** Ends the process with 0 if all went well, 2 if settings are wrong, 1 otherwise. */
    public static void main(String[] arguments) {
        int code = new CommandLine(new Main())
                .setExecutionExceptionHandler((failure, _, _) -> complain(failure))
                .execute(arguments);
        // Halted, not exited: the hook for signals waits for this thread.
        System.out.flush();
        Runtime.getRuntime().halt(code);
    }

    @Override
    public Integer call() {
        CompactorSettings settings = CompactorSettings.from(System.getenv());
        Vertx vertx = Vertx.vertx();
        try (BlobStore objects = settings.objects();
                Database database = Database.open(vertx, settings.database(), objects)) {
            BackgroundContext context = settings.context(database, objects);
            if (now) {
                System.out.println(new CompactorService().runOnce(context, Progress.NONE));
            } else {
                runUntilTold(settings, context);
            }
        }
        return ExitCode.OK;
    }

    private static void runUntilTold(CompactorSettings settings, BackgroundContext context) {
        CountDownLatch told = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(stopping(told, Thread.currentThread()));
        try (BackgroundService.Running running = new CompactorService().start(context);
                HealthServer health =
                        HealthServer.start(settings.host(), settings.port(), () -> works(context), running.gauges())) {
            System.out.println("Compactor is ready at http://" + settings.host() + ":" + health.port());
            told.await();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private static Thread stopping(CountDownLatch told, Thread main) {
        return new Thread(() -> {
            told.countDown();
            try {
                main.join();
            } catch (InterruptedException impossible) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private static boolean works(BackgroundContext context) {
        try {
            context.database().foldBacklog().health();
            context.objects().probe();
            return true;
        } catch (StoreException away) {
            log.warn("not ready code={} cause=\"{}\"", away.code(), away.getMessage());
            return false;
        }
    }

    private static int complain(Exception failure) {
        if (failure instanceof CompactorSettings.Unusable
                || failure instanceof StoreException
                || failure instanceof UncheckedIOException) {
            System.err.println("compactor: " + failure.getMessage());
        } else {
            failure.printStackTrace(System.err);
        }
        return failure instanceof CompactorSettings.Unusable ? ExitCode.USAGE : ExitCode.SOFTWARE;
    }
}
