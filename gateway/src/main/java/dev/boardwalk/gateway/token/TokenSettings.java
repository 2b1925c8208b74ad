package dev.boardwalk.gateway.token;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Whose tokens are accepted.
 *
 * @param secret of HS256, shared with whoever signs; null if none is
 * @param keys where the public keys of RS256, ES256 and EdDSA are published (JWKS); null if nowhere
 * @param issuer that tokens have to name; null if any will do
 * @param audience that tokens have to name; null if any will do
 */
public record TokenSettings(
        @Nullable String secret,
        @Nullable URI keys,
        @Nullable String issuer,
        @Nullable String audience) {

    /** HS256 wants a key as long as its hash [1]: a shorter one could be guessed from one token.
     *
     * <p>[1] <a href="https://www.rfc-editor.org/rfc/rfc7518#section-3.2">RFC 7518, 3.2</a>
     */
    public static final int SECRET_BYTES_MIN = 32;

    public TokenSettings {
        if (secret == null && keys == null) {
            throw new IllegalArgumentException("neither a secret nor the address of keys: no token could be verified");
        }
        if (secret != null && secret.getBytes(StandardCharsets.UTF_8).length < SECRET_BYTES_MIN) {
            throw new IllegalArgumentException("must be at least " + SECRET_BYTES_MIN + " bytes long");
        }
    }

    @Override
    public String toString() {
        return "TokenSettings[secret=" + (secret == null ? "none" : "set") + ", keys=" + keys + ", issuer=" + issuer
                + ", audience=" + audience + "]";
    }
}
