package dev.boardwalk.gateway;

import java.net.URI;
import java.net.URISyntaxException;

/**
 * The address of an existing Postgres, as {@code DATABASE_URL} names it, which never shows its password.
 *
 * @param value the whole address, password included: only for opening connections
 */
public record DatabaseUrl(String value) {

    public DatabaseUrl {
        URI uri = parse(value);
        String scheme = uri.getScheme();
        if (!"postgresql".equals(scheme) && !"postgres".equals(scheme)) {
            throw new IllegalArgumentException("must begin with postgresql://");
        }
        if (uri.getHost() == null || uri.getPath() == null || uri.getPath().length() < 2) {
            throw new IllegalArgumentException(
                    "must name a host and a database, as postgresql://user@host:5432/database");
        }
    }

    /** User, host, port and database, without password and parameters. */
    @Override
    public String toString() {
        URI uri = parse(value);
        String userInfo = uri.getRawUserInfo();
        String user = userInfo == null ? "" : userInfo.replaceFirst(":.*", "") + "@";
        String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
        return "postgresql://" + user + uri.getHost() + port + uri.getRawPath();
    }

    private static URI parse(String value) {
        try {
            return new URI(value);
        } catch (URISyntaxException notAUri) {
            // The cause is left out on purpose: its message repeats the address, and with it the password.
            throw new IllegalArgumentException("is not an address like postgresql://user@host:5432/database");
        }
    }
}
