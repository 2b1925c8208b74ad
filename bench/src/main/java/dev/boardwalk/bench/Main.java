package dev.boardwalk.bench;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The entry of {@code ./boardwalk bench}: one sub-command a benchmark. */
@Command(
        name = "boardwalk bench",
        description = "Benchmarks, each side by side with a rival in one run.",
        mixinStandardHelpOptions = true,
        subcommands = {
            FanoutCommand.class,
            OpenCommand.class,
            IdleCommand.class,
            AuthCommand.class,
            StallCommand.class,
            SearchCommand.class,
            GraphCommand.class,
            CompactCommand.class,
            HistoryCommand.class,
            JmhCommand.class
        })
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        CommandLine line = new CommandLine(new Main()).setCaseInsensitiveEnumValuesAllowed(true);
        if (arguments.length == 0) {
            line.usage(System.out);
            System.exit(2);
        }
        System.exit(line.execute(arguments));
    }
}
