package dev.boardwalk.gateway;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command that compacts once and prints what it did. */
@Command(
        name = "compact",
        description = "Folds operations into snapshots now and reports.",
        mixinStandardHelpOptions = true)
final class CompactCommand implements Callable<Integer> {
    @SuppressWarnings("UnusedVariable") // said for clarity: this command never waits
    @Option(names = "--now", description = "Without waiting for the interval, which is how this command always runs")
    private boolean now;

    @Option(names = "--data", paramLabel = "DIR", description = "Data folder (BOARDWALK_DATA)")
    private @Nullable String data;

    @Override
    public Integer call() {
        String report =
                StoredWork.run("compact", data, (compactor, context) -> compactor.runOnce(context, new ProgressBar()));
        System.out.println(report);
        return 0;
    }
}
