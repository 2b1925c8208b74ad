package dev.boardwalk.gateway;

import dev.boardwalk.store.DatabaseSettings;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The gateways of one {@code up} besides the first, each a process of its own: started together, kept running, and stopped by
 * their process ids.
 */
final class FurtherGateways implements AutoCloseable {

    /** The first gateway keeps its quarter of the memory; the others share as much again and half. */
    private static final int MEMORY_PERCENT = 40;

    private static final int MEMORY_PERCENT_EACH_MAX = 25;

    private final List<GatewayProcess> processes = new ArrayList<>();

    private FurtherGateways() {}

    /**
     * Starts so many gateways and waits until all listen; if one does not come up, all are stopped again.
     *
     * @param settings the first gateway's; the ports follow on its port, unless that is 0
     * @param say takes a line when one of them ended and was started again
     * @throws GatewayProcess.Failed if one ends while it starts
     */
    static FurtherGateways start(GatewaySettings settings, DatabaseSettings database, int count, Consumer<String> say)
            throws InterruptedException {
        FurtherGateways further = new FurtherGateways();
        try {
            for (int number = 2; number <= count + 1; number++) {
                int port = settings.port() == 0 ? 0 : settings.port() + number - 1;
                further.processes.add(GatewayProcess.start(
                        number, command(number, count), environment(settings, database, port), say));
            }
            for (GatewayProcess process : further.processes) {
                process.awaitReady();
            }
            return further;
        } catch (InterruptedException | RuntimeException failure) {
            further.close();
            throw failure;
        }
    }

    /** This program once more: the same machine, options and class path. */
    private static List<String> command(int number, int count) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        // What a start by -jar has from the jar.
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("--sun-misc-unsafe-memory-access=allow");
        command.add("-XX:MaxRAMPercentage=" + Math.min(MEMORY_PERCENT_EACH_MAX, MEMORY_PERCENT / count));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(List.of(FurtherGatewayCommand.NAME, "--number", Integer.toString(number)));
        return command;
    }

    private static Map<String, String> environment(GatewaySettings settings, DatabaseSettings database, int port) {
        Map<String, String> environment = new HashMap<>();
        environment.put("DATABASE_URL", database.addressWithPassword());
        environment.put("BOARDWALK_HOST", settings.host());
        environment.put("BOARDWALK_PORT", Integer.toString(port));
        environment.put("BOARDWALK_DATA", settings.data().toString());
        environment.put("BOARDWALK_CLUSTER", "on");
        return environment;
    }

    /** Where each listens, by its number. */
    Map<Integer, String> addresses() {
        Map<Integer, String> addresses = new TreeMap<>();
        processes.forEach(process -> addresses.put(process.number(), process.address()));
        return addresses;
    }

    /** Drains all at the same time and waits for their ends. */
    @Override
    public void close() {
        processes.forEach(GatewayProcess::stop);
        processes.forEach(GatewayProcess::awaitEnd);
    }
}
