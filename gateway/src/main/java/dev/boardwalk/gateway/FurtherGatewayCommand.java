package dev.boardwalk.gateway;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The command by which {@code up} runs each gateway after the first: everything it needs is in the environment. It ends
 * when its standard input does, which the first gateway's process holds open, so that it never outlives that one.
 */
@Command(name = FurtherGatewayCommand.NAME, hidden = true, description = "One of the further gateways of up.")
final class FurtherGatewayCommand implements Callable<Integer> {
    static final String NAME = "further-gateway";
    /** What the line begins with that tells where it listens. */
    static final String READY = "ready ";

    @Option(names = "--number", required = true)
    private int number;

    @Override
    public Integer call() {
        GatewaySettings settings = GatewaySettings.from(System.getenv());
        try (Foreground foreground = new Foreground()) {
            Thread.ofPlatform().daemon().name("first-gateway-watch").start(() -> endWithInput(foreground));
            try (RunningGateway gateway = RunningGateway.startFurther(settings, number)) {
                System.out.println(READY + gateway.address());
                foreground.await();
            }
        } catch (InterruptedException told) {
            return 0;
        }
        return 0;
    }

    @SuppressWarnings("SystemConsoleNull") // a pipe, of which only the end matters
    private static void endWithInput(Foreground foreground) {
        try {
            while (System.in.read() >= 0) {
                // Nobody writes to it.
            }
        } catch (IOException _) {
            // As good as its end.
        }
        foreground.end();
    }
}
