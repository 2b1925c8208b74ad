package dev.boardwalk.gateway;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command that runs everything in the foreground until it is told to end. */
@Command(name = "up", description = "Starts everything and stays in the foreground.", mixinStandardHelpOptions = true)
final class UpCommand implements Callable<Integer> {
    /** Beyond so many on one machine, gateways only take its processors from each other. */
    private static final int GATEWAYS_MAX = 16;

    private static final int PORT_MAX = 65_535;

    @Option(names = "--port", paramLabel = "N", description = "Port to listen on; 0 takes a free one (BOARDWALK_PORT)")
    private @Nullable String port;

    @Option(names = "--host", paramLabel = "H", description = "Address to listen on (BOARDWALK_HOST)")
    private @Nullable String host;

    @Option(names = "--data", paramLabel = "DIR", description = "Data folder (BOARDWALK_DATA)")
    private @Nullable String data;

    @Option(
            names = "--gateways",
            paramLabel = "N",
            description = "Gateways to run, each a process on a port of its own, from --port on",
            defaultValue = "1")
    private int gateways;

    /** Returns after a signal, when everything is saved and stopped. */
    @Override
    public Integer call() {
        GatewaySettings settings = GatewaySettings.from(environment());
        check(settings);
        try (Foreground foreground = new Foreground()) {
            runUntilTold(settings, foreground);
        }
        return 0;
    }

    private void runUntilTold(GatewaySettings settings, Foreground foreground) {
        try {
            run(settings, foreground);
        } catch (InterruptedException told) {
            System.out.println("Stopped.");
        }
    }

    private void run(GatewaySettings settings, Foreground foreground) throws InterruptedException {
        try (RunningGateway gateway = RunningGateway.start(settings, System.out::println);
                FurtherGateways further =
                        FurtherGateways.start(settings, gateway.database(), gateways - 1, System.out::println)) {
            if (gateways > 1) {
                System.out.println("Gateway 1 of " + gateways + " listens at " + gateway.address());
                further.addresses()
                        .forEach((number, address) ->
                                System.out.println("Gateway " + number + " of " + gateways + " listens at " + address));
            }
            System.out.println("Boardwalk is ready at " + gateway.address());
            foreground.await();
        }
    }

    private void check(GatewaySettings settings) {
        if (gateways < 1 || gateways > GATEWAYS_MAX) {
            throw new InvalidSettings(
                    List.of("--gateways must be a number from 1 to " + GATEWAYS_MAX + ", not " + gateways));
        }
        if (settings.port() != 0 && settings.port() + gateways - 1 > PORT_MAX) {
            throw new InvalidSettings(List.of(
                    "--gateways " + gateways + " from port " + settings.port() + " on needs ports above " + PORT_MAX));
        }
    }

    /** What is said on the command line wins over the environment. */
    private Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>(System.getenv());
        putIfSaid(environment, "BOARDWALK_PORT", port);
        putIfSaid(environment, "BOARDWALK_HOST", host);
        putIfSaid(environment, "BOARDWALK_DATA", data);
        putIfSaid(environment, "BOARDWALK_CLUSTER", gateways > 1 ? "on" : null);
        return environment;
    }

    private static void putIfSaid(Map<String, String> environment, String name, @Nullable String value) {
        if (value != null) {
            environment.put(name, value);
        }
    }
}
