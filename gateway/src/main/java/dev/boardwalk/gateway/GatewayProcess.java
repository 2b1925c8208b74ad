package dev.boardwalk.gateway;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One further gateway, kept running from {@link #start} to {@link #stop}: when its process ends, another takes its place on
 * the same port. One virtual thread owns the restarts.
 *
 * <p>The process is given a pipe as its input, which this process never writes to: its end is how the gateway learns that
 * nobody looks after it any more.
 */
final class GatewayProcess {

    /** A further gateway did not come up. */
    static final class Failed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Failed(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** A gateway that a killed {@code up} left may hold its port until it has drained. */
    private static final Duration START_PATIENCE = Duration.ofSeconds(20);

    private static final Duration RAN_WELL = Duration.ofMinutes(1);
    private static final Duration BACKOFF_FIRST = Duration.ofMillis(200);
    private static final Duration BACKOFF_MOST = Duration.ofSeconds(10);
    /** Longer than a drain may take. */
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(70);

    private static final int LINES_TOLD = 5;

    private static final Logger log = LoggerFactory.getLogger(GatewayProcess.class);

    private final int number;
    private final List<String> command;
    private final Map<String, String> environment;
    private final Consumer<String> say;
    private final CompletableFuture<String> ready = new CompletableFuture<>();
    private final Thread supervisor;
    private volatile Process process;
    private volatile boolean stopping;

    private GatewayProcess(
            int number, List<String> command, Map<String, String> environment, Consumer<String> say, Process first) {
        this.number = number;
        this.command = List.copyOf(command);
        this.environment = environment;
        this.say = say;
        this.process = first;
        this.supervisor = Thread.ofVirtual().name("gateway-" + number).unstarted(this::supervise);
    }

    /**
     * Starts the process; {@link #awaitReady} tells whether it came up.
     *
     * @param environment settings besides those of this process
     * @param say takes a line when the process was replaced
     */
    static GatewayProcess start(
            int number, List<String> command, Map<String, String> environment, Consumer<String> say) {
        GatewayProcess gateway =
                new GatewayProcess(number, command, environment, say, launch(number, command, environment));
        gateway.supervisor.start();
        return gateway;
    }

    private static Process launch(int number, List<String> command, Map<String, String> environment) {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        try {
            return builder.start();
        } catch (IOException failure) {
            throw new Failed("gateway " + number + " cannot be started", failure);
        }
    }

    int number() {
        return number;
    }

    /** Where it listens, once it is ready. */
    String address() {
        return ready.join();
    }

    /** Returns when it listens. */
    void awaitReady() throws InterruptedException {
        try {
            ready.get();
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof Failed failed) {
                throw failed;
            }
            throw new IllegalStateException("gateway " + number + " is not supervised any more", failure.getCause());
        }
    }

    /** Tells it to drain and does not replace it any more. */
    void stop() {
        stopping = true;
        process.destroy();
        supervisor.interrupt();
    }

    /** Returns when its process has ended. */
    void awaitEnd() {
        try {
            if (!process.waitFor(STOP_PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                log.error("gateway does not stop, ending it hard number={} pid={}", number, process.pid());
                process.destroyForcibly();
            }
            supervisor.join();
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private void supervise() {
        long firstStart = System.nanoTime();
        Duration backoff = BACKOFF_FIRST;
        try {
            while (true) {
                long started = System.nanoTime();
                Deque<String> said = listen(process);
                int exit = process.waitFor();
                if (stopping) {
                    return;
                }
                if (!ready.isDone() && System.nanoTime() - firstStart > START_PATIENCE.toNanos()) {
                    ready.completeExceptionally(new Failed(
                            "gateway " + number + " ended with " + exit + ": " + String.join("; ", said),
                            new IllegalStateException(
                                    "it did not come up within " + START_PATIENCE.toSeconds() + " s")));
                    return;
                }
                if (System.nanoTime() - started > RAN_WELL.toNanos()) {
                    backoff = BACKOFF_FIRST;
                }
                log.warn("gateway ended number={} pid={} exit={} said=\"{}\"", number, process.pid(), exit, said);
                Thread.sleep(backoff);
                backoff = backoff.multipliedBy(2).compareTo(BACKOFF_MOST) < 0 ? backoff.multipliedBy(2) : BACKOFF_MOST;
                process = launch(number, command, environment);
                if (stopping) {
                    process.destroy();
                }
            }
        } catch (InterruptedException told) {
            log.debug("supervision ends number={}", number, told);
        } catch (RuntimeException failure) {
            log.error("gateway is not looked after any more number={}", number, failure);
            ready.completeExceptionally(failure);
        }
    }

    /** Reads what the process says to its end; answers the last lines. */
    private Deque<String> listen(Process of) {
        Deque<String> last = new ArrayDeque<>();
        try (BufferedReader lines = of.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(FurtherGatewayCommand.READY)) {
                    nowAt(line.substring(FurtherGatewayCommand.READY.length()));
                } else {
                    log.info("gateway says number={} line=\"{}\"", number, line);
                    last.add(line);
                    if (last.size() > LINES_TOLD) {
                        last.removeFirst();
                    }
                }
            }
        } catch (IOException ended) {
            log.debug("output ended number={}", number, ended);
        }
        return last;
    }

    private void nowAt(String address) {
        log.info("gateway listens number={} pid={} address={}", number, process.pid(), address);
        if (!ready.complete(address)) {
            say.accept("Gateway " + number + " ended; a new one listens at " + address);
        }
        // Clients know the port by now, also if the system chose it.
        environment.put("BOARDWALK_PORT", Integer.toString(URI.create(address).getPort()));
    }
}
