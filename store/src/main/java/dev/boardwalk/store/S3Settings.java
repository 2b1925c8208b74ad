package dev.boardwalk.store;

import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Which bucket holds the objects, and as whom to enter it.
 *
 * @param endpoint {@code http://host:port} or {@code https://…}; the bucket follows in the path, never in the host
 * @param region what requests are signed for; any word for a server that has no regions
 * @param authorities a PEM file of the authorities that the server's certificate is checked against, null for Java's own
 */
public record S3Settings(
        URI endpoint,
        String bucket,
        String accessKey,
        String secretKey,
        String region,
        @Nullable Path authorities) {

    public static final String REGION_DEFAULT = "us-east-1";

    public S3Settings {
        String scheme = endpoint.getScheme();
        boolean web = "http".equals(scheme) || "https".equals(scheme);
        if (!web
                || endpoint.getHost() == null
                || !(endpoint.getPath().isEmpty() || endpoint.getPath().equals("/"))) {
            throw new IllegalArgumentException("must be http://host:port or https://host:port, not " + endpoint);
        }
        if (!bucket.matches("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")) {
            throw new IllegalArgumentException("not the name of a bucket: " + bucket);
        }
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "bucket " + bucket + " of " + endpoint + " as " + accessKey;
    }
}
