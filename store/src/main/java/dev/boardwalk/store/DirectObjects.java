package dev.boardwalk.store;

import java.net.URI;
import java.time.Duration;

/** The side of a storage that callers of ours may speak to themselves: addresses that hold for a while. Blocks. */
public interface DirectObjects {

    /** Where whoever knows it may put the object with one PUT. */
    URI uploadAddress(String key, Duration valid);

    /**
     * Where whoever knows it may get the object.
     *
     * @param disposition the {@code Content-Disposition} that the storage is to answer with
     * @param type the {@code Content-Type} likewise
     */
    URI downloadAddress(String key, Duration valid, String disposition, String type);

    /** Copies an object inside the storage; fails with {@link StoreException.ObjectMissing}. */
    void copy(String from, String to);
}
