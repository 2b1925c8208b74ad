package dev.boardwalk.gateway;

import dev.boardwalk.store.BlobStore;
import dev.boardwalk.store.BlobStores;
import dev.boardwalk.store.S3Settings;
import dev.boardwalk.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where the objects of a process lie: the bucket of its settings, or else a folder among its data. */
final class StoredObjects {
    private static final Logger log = LoggerFactory.getLogger(StoredObjects.class);

    private StoredObjects() {}

    /** Fails if they refuse us; that they are away now is no reason not to start. */
    static BlobStore open(GatewaySettings settings) {
        S3Settings bucket = settings.objects();
        BlobStore objects = bucket == null ? BlobStores.folder(settings.objectsFolder()) : BlobStores.s3(bucket);
        try {
            objects.probe();
        } catch (StoreException.ObjectsUnavailable away) {
            log.warn("objects are away, starting without them storage=\"{}\" cause=\"{}\"", objects, away.getMessage());
        } catch (StoreException refused) {
            objects.close();
            throw refused;
        }
        return objects;
    }
}
