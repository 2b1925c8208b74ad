package dev.boardwalk.gateway.token;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.keys.HmacKey;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/** Makes tokens with the shared secret: for trying things out, and for links that are given away. */
public final class TokenSigner {
    private final HmacKey secret;
    private final @Nullable String issuer;
    private final @Nullable String audience;

    /** A signer whose tokens a {@link TokenVerifier} of the same settings accepts. */
    public TokenSigner(TokenSettings settings) {
        if (settings.secret() == null) {
            throw new IllegalArgumentException("without a shared secret no token can be signed here");
        }
        this.secret = new HmacKey(settings.secret().getBytes(StandardCharsets.UTF_8));
        this.issuer = settings.issuer();
        this.audience = settings.audience();
    }

    public String sign(TokenClaims claims) {
        JwtClaims json = TokenVerifier.empty();
        json.setClaim("org", claims.organisation());
        put(json, "sub", claims.user());
        put(json, "jti", claims.id());
        put(json, "iss", issuer);
        put(json, "aud", audience);
        put(json, "role", claims.role() == null ? null : claims.role().text());
        if (!claims.projects().isEmpty()) {
            Map<String, String> roles = new LinkedHashMap<>();
            claims.projects().forEach((project, role) -> roles.put(project, role.text()));
            json.setClaim("projects", roles);
        }
        if (!claims.entities().isEmpty()) {
            json.setClaim(
                    "entities",
                    claims.entities().stream().map(NamePattern::text).toList());
        }
        if (claims.operator()) {
            json.setClaim("operator", true);
        }
        if (claims.share()) {
            json.setClaim("share", true);
        }
        json.setIssuedAt(NumericDate.fromSeconds(claims.issuedAt().getEpochSecond()));
        json.setExpirationTime(NumericDate.fromSeconds(claims.expiresAt().getEpochSecond()));
        JsonWebSignature signature = new JsonWebSignature();
        signature.setAlgorithmHeaderValue(AlgorithmIdentifiers.HMAC_SHA256);
        signature.setHeader("typ", "JWT");
        signature.setKey(secret);
        signature.setPayload(json.toJson());
        try {
            return signature.getCompactSerialization();
        } catch (JoseException impossible) {
            throw new IllegalStateException("HS256 is part of every Java", impossible);
        }
    }

    private static void put(JwtClaims json, String name, @Nullable String value) {
        if (value != null) {
            json.setClaim(name, value);
        }
    }
}
