package dev.boardwalk.gateway;

import dev.boardwalk.search.Rebuild;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The commands about what can be found. */
@Command(
        name = "search",
        description = "The search index.",
        subcommands = {SearchCommand.RebuildCommand.class},
        mixinStandardHelpOptions = true)
final class SearchCommand implements Callable<Integer> {

    @Override
    public Integer call() {
        System.err.println("boardwalk: search: say what to do: rebuild [--data DIR]");
        return 2;
    }

    /** Derives the index from the entities again, beside a running {@code up} or without one. */
    @Command(
            name = "rebuild",
            description = "Derives the search index from the entities again.",
            mixinStandardHelpOptions = true)
    static final class RebuildCommand implements Callable<Integer> {
        @Option(names = "--data", paramLabel = "DIR", description = "Data folder (BOARDWALK_DATA)")
        private @Nullable String data;

        @Override
        public Integer call() {
            return StoredWork.run(data, context -> {
                try {
                    Rebuild.run(context.database(), System.out::println);
                    return 0;
                } catch (InterruptedException told) {
                    Thread.currentThread().interrupt();
                    System.out.println("Stopped; a running Boardwalk goes on with it.");
                    return 0;
                }
            });
        }
    }
}
