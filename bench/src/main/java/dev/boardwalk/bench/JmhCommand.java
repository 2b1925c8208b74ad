package dev.boardwalk.bench;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/** Runs the JMH benchmarks of this module; what follows is handed to JMH as it stands. */
@Command(
        name = "jmh",
        description = "JMH benchmarks of the validator and the live entity; arguments go to JMH (try: jmh -l).")
final class JmhCommand implements Callable<Integer> {
    @Unmatched
    private List<String> arguments = List.of();

    @Override
    public Integer call() throws Exception {
        org.openjdk.jmh.Main.main(arguments.toArray(String[]::new));
        return 0;
    }
}
