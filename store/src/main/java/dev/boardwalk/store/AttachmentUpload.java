package dev.boardwalk.store;

import java.util.UUID;

/**
 * An upload into object storage that somebody was told to make.
 *
 * @param object where they are to put it; not where it will be
 */
public record AttachmentUpload(UUID ulid, NewAttachment attachment, String object) {}
