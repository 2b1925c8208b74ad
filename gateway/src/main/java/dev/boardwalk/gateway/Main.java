package dev.boardwalk.gateway;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** The program behind {@code ./boardwalk}: one sub-command per thing it can do. */
@Command(
        name = "boardwalk",
        description = "Live collaboration that is never lost.",
        subcommands = {
            UpCommand.class,
            FurtherGatewayCommand.class,
            CompactCommand.class,
            VerifyCommand.class,
            GraphCommand.class,
            SearchCommand.class,
            TokenCommand.class
        },
        versionProvider = Main.Version.class,
        mixinStandardHelpOptions = true)
public final class Main {
    /** Ends the process with 0 if all went well, 2 if the caller made a mistake, 1 otherwise. */
    public static void main(String[] arguments) {
        System.exit(execute(arguments));
    }

    static int execute(String... arguments) {
        return new CommandLine(new Main())
                .setParameterExceptionHandler((mistake, _) -> complain(String.valueOf(mistake.getMessage())))
                .setExecutionExceptionHandler((failure, _, _) -> StartFailures.report(failure))
                .execute(arguments);
    }

    private static int complain(String mistake) {
        System.err.println("boardwalk: " + mistake);
        return CommandLine.ExitCode.USAGE;
    }

    /** The version that the build wrote into the jar. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"Boardwalk " + Main.class.getPackage().getImplementationVersion()};
        }
    }
}
