package dev.boardwalk.gateway;

import dev.boardwalk.store.BackgroundService;
import dev.boardwalk.store.EntityKey;
import dev.boardwalk.store.OrganisationId;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
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

    @Option(names = "--dry-run", description = "Lists what a run would remove for good, and changes nothing")
    private boolean dryRun;

    @Option(
            names = "--release",
            paramLabel = "PROJECT/NAME",
            description = "Takes this document out of quarantine, so that the next run tries it again")
    private @Nullable String release;

    @Option(names = "--org", paramLabel = "NAME", description = "Organisation of the released document (local)")
    private String organisation = "local";

    @Option(names = "--data", paramLabel = "DIR", description = "Data folder (BOARDWALK_DATA)")
    private @Nullable String data;

    @Override
    public Integer call() {
        String asked = release;
        if (asked != null) {
            return release(asked);
        }
        if (dryRun) {
            List<String> removals = StoredWork.run("compact", data, BackgroundService::removals);
            removals.forEach(line -> System.out.println("would remove " + line));
            System.out.println(removals.size() + " would be removed.");
            return ExitCode.OK;
        }
        String report =
                StoredWork.run("compact", data, (compactor, context) -> compactor.runOnce(context, new ProgressBar()));
        System.out.println(report);
        return ExitCode.OK;
    }

    private int release(String asked) {
        int slash = asked.indexOf('/');
        if (slash < 1) {
            System.err.println("boardwalk: --release wants PROJECT/NAME, not " + asked);
            return ExitCode.USAGE;
        }
        String project = asked.substring(0, slash);
        String name = asked.substring(slash + 1);
        boolean released = StoredWork.run("compact", data, (compactor, context) -> {
            OrganisationId owner = context.database()
                    .catalog()
                    .organisation(organisation)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
            return compactor.release(context, new EntityKey(owner, project, name));
        });
        System.out.println(
                released ? asked + " is released; the next run tries it again." : asked + " is not in quarantine.");
        return released ? ExitCode.OK : ExitCode.SOFTWARE;
    }
}
