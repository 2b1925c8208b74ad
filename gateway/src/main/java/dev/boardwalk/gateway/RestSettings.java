package dev.boardwalk.gateway;

import dev.boardwalk.store.BackgroundContext;
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
 * @param attachmentTypes media types of attachments that are taken, {@code image/*} for any of a kind
 * @param uploads attachments that may be on their way through the gateway at one time; above, 503
 * @param deletionGrace how long what is deleted can be restored before it is removed for good
 */
record RestSettings(
        Set<String> corsOrigins,
        int batchMax,
        long attachmentBytes,
        Set<String> attachmentTypes,
        int uploads,
        Duration deletionGrace) {

    static final RestSettings DEFAULTS =
            new RestSettings(Set.of(), 100, 100L << 20, Set.of("*/*"), 16, BackgroundContext.DELETION_GRACE_DEFAULT);

    static RestSettings read(SettingsReader reader) {
        return new RestSettings(
                reader.value("BOARDWALK_CORS_ORIGINS", DEFAULTS.corsOrigins, CrossOrigin::origins),
                reader.integer("BOARDWALK_MAX_BATCH", DEFAULTS.batchMax, 1, 1_000),
                reader.size("BOARDWALK_MAX_ATTACHMENT_BYTES", DEFAULTS.attachmentBytes),
                reader.value("BOARDWALK_ATTACHMENT_TYPES", DEFAULTS.attachmentTypes, RestSettings::types),
                reader.integer("BOARDWALK_MAX_UPLOADS", DEFAULTS.uploads, 1, 10_000),
                reader.duration(
                        "BOARDWALK_DELETION_GRACE",
                        DEFAULTS.deletionGrace,
                        Duration.ofHours(1),
                        Duration.ofDays(3650)));
    }

    private static Set<String> types(String text) {
        Set<String> types = new TreeSet<>();
        for (String type : List.of(text.split(",", -1))) {
            if (!type.strip().matches("[a-z0-9.+-]+/([a-z0-9.+-]+|\\*)|\\*/\\*")) {
                throw new IllegalArgumentException("must be media types such as image/png,image/*, not " + type);
            }
            types.add(type.strip());
        }
        return Set.copyOf(types);
    }

    /** Whether attachments of this media type are taken. */
    boolean admits(String type) {
        return attachmentTypes.contains("*/*")
                || attachmentTypes.contains(type)
                || attachmentTypes.contains(type.substring(0, type.indexOf('/') + 1) + "*");
    }

    List<String> lines() {
        return List.of(
                "BOARDWALK_CORS_ORIGINS="
                        + (corsOrigins.isEmpty() ? "(none)" : String.join(",", new TreeSet<>(corsOrigins))),
                "BOARDWALK_MAX_BATCH=" + batchMax,
                "BOARDWALK_MAX_ATTACHMENT_BYTES=" + SettingsReader.formatSize(attachmentBytes),
                "BOARDWALK_ATTACHMENT_TYPES=" + String.join(",", new TreeSet<>(attachmentTypes)),
                "BOARDWALK_MAX_UPLOADS=" + uploads,
                "BOARDWALK_DELETION_GRACE=" + SettingsReader.format(deletionGrace));
    }
}
