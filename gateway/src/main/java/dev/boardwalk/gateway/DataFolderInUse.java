package dev.boardwalk.gateway;

import java.nio.file.Path;

/** A data folder that another process is using. */
final class DataFolderInUse extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DataFolderInUse(Path data, String pid) {
        super("Boardwalk is already running on " + data + ": process " + pid);
    }
}
