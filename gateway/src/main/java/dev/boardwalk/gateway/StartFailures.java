package dev.boardwalk.gateway;

import dev.boardwalk.crdt.EngineFailure;
import dev.boardwalk.store.StoreException;
import java.util.List;
import org.slf4j.LoggerFactory;

/** What is said, and with which exit code, when a command cannot be carried out. */
final class StartFailures {
    /** The caller has to change something. */
    private static final int MISTAKE = 2;

    private static final int FAILURE = 1;

    private StartFailures() {}

    /** Prints one line for each thing that is wrong; a failure that nobody foresaw comes with its stack. */
    static int report(Throwable failure) {
        return switch (failure) {
            case InvalidSettings mistakes -> say(MISTAKE, mistakes.problems());
            case DataFolderInUse inUse -> say(MISTAKE, List.of(String.valueOf(inUse.getMessage())));
            case StoreException store -> explain(store);
            case EngineFailure engine -> explain(engine);
            case PrivatePostgresFailure postgres -> explain(postgres);
            case GatewayProcess.Failed gateway -> explain(gateway);
            case PortTaken taken -> explain(taken);
            default -> {
                LoggerFactory.getLogger(StartFailures.class).error("boardwalk failed", failure);
                yield FAILURE;
            }
        };
    }

    private static int explain(RuntimeException failure) {
        LoggerFactory.getLogger(StartFailures.class).info("start failed", failure);
        return say(FAILURE, List.of(String.valueOf(failure.getMessage())));
    }

    private static int say(int exit, List<String> lines) {
        lines.forEach(line -> System.err.println("boardwalk: " + line));
        return exit;
    }
}
