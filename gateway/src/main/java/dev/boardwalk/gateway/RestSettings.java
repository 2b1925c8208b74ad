package dev.boardwalk.gateway;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What can be set about the HTTP API.
 *
 * @param corsOrigins origins whose pages may call and read answers, besides the gateway's own
 * @param batchMax entities that one call may read
 * @param attachmentBytes largest attachment; a larger one is refused with 413
 * @param uploads attachments that may be on their way through the gateway at one time; above, 503
 * @param deletionGrace how long what is deleted can be restored before it is removed for good
 */
record RestSettings(Set<String> corsOrigins, int batchMax, long attachmentBytes, int uploads, Duration deletionGrace) {

    static final RestSettings DEFAULTS = new RestSettings(Set.of(), 100, 100L << 20, 16, Duration.ofDays(30));

    static RestSettings read(SettingsReader reader) {
        return new RestSettings(
                reader.value("BOARDWALK_CORS_ORIGINS", DEFAULTS.corsOrigins, CrossOrigin::origins),
                reader.integer("BOARDWALK_MAX_BATCH", DEFAULTS.batchMax, 1, 1_000),
                reader.size("BOARDWALK_MAX_ATTACHMENT_BYTES", DEFAULTS.attachmentBytes),
                reader.integer("BOARDWALK_MAX_UPLOADS", DEFAULTS.uploads, 1, 10_000),
                reader.duration(
                        "BOARDWALK_DELETION_GRACE",
                        DEFAULTS.deletionGrace,
                        Duration.ofSeconds(1),
                        Duration.ofDays(3650)));
    }

    List<String> lines() {
        return List.of(
                "BOARDWALK_CORS_ORIGINS="
                        + (corsOrigins.isEmpty() ? "(none)" : String.join(",", new TreeSet<>(corsOrigins))),
                "BOARDWALK_MAX_BATCH=" + batchMax,
                "BOARDWALK_MAX_ATTACHMENT_BYTES=" + SettingsReader.formatSize(attachmentBytes),
                "BOARDWALK_MAX_UPLOADS=" + uploads,
                "BOARDWALK_DELETION_GRACE=" + SettingsReader.format(deletionGrace));
    }
}
