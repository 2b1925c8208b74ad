package dev.boardwalk.store;

import java.nio.file.Path;

/** Opens object storages. */
public final class BlobStores {

    private BlobStores() {}

    /** Objects in a folder, which is made if it is missing. */
    public static BlobStore folder(Path folder) {
        return new FolderBlobStore(folder);
    }

    /** Objects in a bucket, which must exist. Asks the server nothing yet: {@link BlobStore#probe} does. */
    public static BlobStore s3(S3Settings settings) {
        return new S3BlobStore(settings, S3BlobStore.Retries.of(settings));
    }
}
