package dev.boardwalk.compactor;

import java.util.List;

/** How the keys of objects that rows name begin; what else lies in a bucket is not ours to look at. */
final class ObjectPrefixes {
    static final List<String> ALL = List.of("sha256/", "pack/", "archive/", "attachment/", "upload/");

    private ObjectPrefixes() {}
}
