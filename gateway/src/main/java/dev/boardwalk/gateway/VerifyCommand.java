package dev.boardwalk.gateway;

import dev.boardwalk.store.BackgroundService.Findings;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

/** The command that checks every snapshot, object and hash, and names what is wrong. */
@Command(
        name = "verify",
        description = "Checks every snapshot, its object and its hash.",
        mixinStandardHelpOptions = true)
final class VerifyCommand implements Callable<Integer> {
    @Option(names = "--data", paramLabel = "DIR", description = "Data folder (BOARDWALK_DATA)")
    private @Nullable String data;

    @Override
    public Integer call() {
        Findings findings = StoredWork.run("compact", data, (compactor, context) -> compactor.verify(context));
        System.out.println(findings.checked());
        findings.wrong().forEach(line -> System.out.println("WRONG: " + line));
        System.out.println(
                findings.wrong().isEmpty()
                        ? "Nothing is wrong."
                        : findings.wrong().size() + " wrong.");
        return findings.wrong().isEmpty() ? ExitCode.OK : ExitCode.SOFTWARE;
    }
}
