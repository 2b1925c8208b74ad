package dev.boardwalk.gateway;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command that runs everything in the foreground until it is told to end. */
@Command(name = "up", description = "Starts everything and stays in the foreground.", mixinStandardHelpOptions = true)
final class UpCommand implements Callable<Integer> {
    @Option(names = "--port", paramLabel = "N", description = "Port to listen on; 0 takes a free one (BOARDWALK_PORT)")
    private @Nullable String port;

    @Option(names = "--host", paramLabel = "H", description = "Address to listen on (BOARDWALK_HOST)")
    private @Nullable String host;

    @Option(names = "--data", paramLabel = "DIR", description = "Data folder (BOARDWALK_DATA)")
    private @Nullable String data;

    private final CountDownLatch stopped = new CountDownLatch(1);

    /** Returns after a signal, when everything is saved and stopped. */
    @Override
    public Integer call() {
        GatewaySettings settings = GatewaySettings.from(environment());
        stopOnSignal(Thread.currentThread());
        try (RunningGateway gateway = RunningGateway.start(settings, System.out::println)) {
            System.out.println("Boardwalk is ready at " + gateway.address());
            new CountDownLatch(1).await();
        } catch (InterruptedException told) {
            System.out.println("Stopped.");
        } finally {
            stopped.countDown();
        }
        return 0;
    }

    /** What is said on the command line wins over the environment. */
    private Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>(System.getenv());
        putIfSaid(environment, "BOARDWALK_PORT", port);
        putIfSaid(environment, "BOARDWALK_HOST", host);
        putIfSaid(environment, "BOARDWALK_DATA", data);
        return environment;
    }

    private static void putIfSaid(Map<String, String> environment, String name, @Nullable String value) {
        if (value != null) {
            environment.put(name, value);
        }
    }

    /**
     * Makes SIGINT and SIGTERM an orderly end with exit code 0: the thread that started everything is interrupted,
     * stops it, and only then the machine may go. Halting from the hook is the only way to choose the code.
     */
    private void stopOnSignal(Thread starter) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            if (stopped.getCount() == 0) {
                return;
            }
            starter.interrupt();
            try {
                stopped.await();
            } catch (InterruptedException impossible) {
                Thread.currentThread().interrupt();
            }
            System.out.flush();
            Runtime.getRuntime().halt(0);
        }));
    }
}
