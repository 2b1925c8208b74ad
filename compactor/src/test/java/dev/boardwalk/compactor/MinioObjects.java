package dev.boardwalk.compactor;

import dev.boardwalk.store.BlobStore;
import dev.boardwalk.store.BlobStores;
import dev.boardwalk.store.S3Settings;
import dev.boardwalk.testkit.MinioProcess;
import java.net.URI;

/** The bucket of a real MinIO, as the compactor sees it. */
final class MinioObjects {
    private MinioObjects() {}

    /** @param endpoint the server's, or that of a line to it */
    static BlobStore at(URI endpoint) {
        return BlobStores.s3(new S3Settings(
                endpoint,
                MinioProcess.BUCKET,
                MinioProcess.ACCESS_KEY,
                MinioProcess.SECRET_KEY,
                S3Settings.REGION_DEFAULT,
                null));
    }
}
