package dev.boardwalk.testkit;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * How long a test waits for a condition unless it says so itself: as long as a machine may need that is busy with other
 * builds. Found by JUnit in every module; only a test that fails waits that long.
 */
public final class Patience implements BeforeAllCallback {
    /** Awaitility's own is 10 s. */
    private static final Duration DEFAULT = Duration.ofSeconds(60);

    @Override
    public void beforeAll(ExtensionContext context) {
        Awaitility.setDefaultTimeout(DEFAULT);
    }
}
