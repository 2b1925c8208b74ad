package dev.boardwalk.compactor;

import com.google.errorprone.annotations.MustBeClosed;
import dev.boardwalk.store.BackgroundContext;
import dev.boardwalk.store.BackgroundService;
import dev.boardwalk.store.EntityKey;
import dev.boardwalk.store.StoreException;
import java.util.List;

/** The compactor as a part of another process. */
public final class CompactorService implements BackgroundService {
    /** Lines beyond these would help nobody. */
    private static final int LINES_MAX = 10_000;

    @Override
    public String name() {
        return "compact";
    }

    @Override
    @MustBeClosed
    public Running start(BackgroundContext context) {
        return CompactorSchedule.start(context);
    }

    @Override
    public String runOnce(BackgroundContext context, Progress progress) {
        CompactionReport report = new CompactorRun(context, CompactionLimits.DEFAULTS).run(true, progress);
        if (report.failed() > 0) {
            throw new StoreException.Unavailable(
                    "not everything could be compacted; the next run goes on where this one stopped\n" + report.text(),
                    null);
        }
        return report.text();
    }

    @Override
    public List<String> removals(BackgroundContext context) {
        return new CompactorRun(context, CompactionLimits.DEFAULTS).removals(LINES_MAX);
    }

    @Override
    public boolean release(BackgroundContext context, EntityKey entity) {
        return context.database().quarantine().release(entity);
    }

    @Override
    public Findings verify(BackgroundContext context) {
        return new Verification(context.database(), context.objects(), context.objectGrace()).run();
    }
}
