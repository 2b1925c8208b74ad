package dev.boardwalk.gateway.token;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.nio.charset.StandardCharsets;
import java.security.Key;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwk.HttpsJwks;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.ErrorCodes;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumer;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.jwx.JsonWebStructure;
import org.jose4j.keys.HmacKey;
import org.jose4j.keys.resolvers.HttpsJwksVerificationKeyResolver;
import org.jose4j.keys.resolvers.VerificationKeyResolver;
import org.jose4j.lang.UnresolvableKeyException;
import org.jspecify.annotations.Nullable;

/**
 * Tells genuine tokens from others: signature, times, issuer, audience and the form of the claims.
 *
 * <p>The key is chosen by the kind of algorithm, so that a public key can never be taken for a shared secret. Keys of a JWKS
 * address are kept, and asked for again when a token names one that is not known. Safe for use by many threads.
 */
public final class TokenVerifier {

    /** Longest token that is looked at, in characters: claims of a person in hundreds of projects fit. */
    public static final int TOKEN_CHARS_MAX = 16_384;

    /** Clocks of the signer and of this machine may differ by so much. */
    private static final int SKEW_SECONDS = 10;

    /** Tokens that were verified lately, as clients show the same one again and again. */
    private static final int KNOWN_MAX = 10_000;

    private static final String[] ALGORITHMS = {
        AlgorithmIdentifiers.HMAC_SHA256,
        AlgorithmIdentifiers.RSA_USING_SHA256,
        AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256,
        AlgorithmIdentifiers.EDDSA
    };

    private final TokenSettings settings;
    private final Clock clock;
    private final Cache<String, TokenClaims> known =
            Caffeine.newBuilder().maximumSize(KNOWN_MAX).build();
    private final @Nullable HmacKey secret;
    private final @Nullable VerificationKeyResolver published;

    public TokenVerifier(TokenSettings settings) {
        this(settings, Clock.systemUTC());
    }

    TokenVerifier(TokenSettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
        this.secret =
                settings.secret() == null ? null : new HmacKey(settings.secret().getBytes(StandardCharsets.UTF_8));
        this.published = settings.keys() == null
                ? null
                : new HttpsJwksVerificationKeyResolver(
                        new HttpsJwks(settings.keys().toString()));
    }

    /** What a token says if it was verified a moment ago and still holds; null if it has to be verified. Never blocks. */
    public @Nullable TokenClaims known(String token) {
        TokenClaims claims = known.getIfPresent(token);
        return claims != null && clock.instant().isBefore(claims.expiresAt()) ? claims : null;
    }

    /**
     * Verifies a token. May block for a call to the JWKS address.
     *
     * @throws InvalidToken with what is wrong; nothing of the token may be believed then
     */
    public TokenClaims verify(String token) throws InvalidToken {
        TokenClaims seen = known(token);
        if (seen != null) {
            return seen;
        }
        if (token.length() > TOKEN_CHARS_MAX) {
            throw new InvalidToken("token-too-long", "the token is longer than " + TOKEN_CHARS_MAX + " characters");
        }
        TokenClaims claims;
        try {
            claims = ClaimsReader.read(consumer().processToClaims(token));
        } catch (InvalidJwtException refused) {
            throw invalid(refused);
        }
        known.put(token, claims);
        return claims;
    }

    private JwtConsumer consumer() {
        JwtConsumerBuilder builder = new JwtConsumerBuilder()
                .setRequireExpirationTime()
                .setAllowedClockSkewInSeconds(SKEW_SECONDS)
                .setEvaluationTime(NumericDate.fromMilliseconds(clock.millis()))
                .setJwsAlgorithmConstraints(AlgorithmConstraints.ConstraintType.PERMIT, ALGORITHMS)
                .setVerificationKeyResolver(this::key);
        if (settings.issuer() != null) {
            builder.setExpectedIssuer(settings.issuer());
        }
        if (settings.audience() != null) {
            builder.setExpectedAudience(settings.audience());
        } else {
            builder.setSkipDefaultAudienceValidation();
        }
        return builder.build();
    }

    private Key key(JsonWebSignature signature, List<JsonWebStructure> nesting) throws UnresolvableKeyException {
        boolean shared = AlgorithmIdentifiers.HMAC_SHA256.equals(signature.getAlgorithmHeaderValue());
        if (shared && secret != null) {
            return secret;
        }
        if (!shared && published != null) {
            return published.resolveKey(signature, nesting);
        }
        throw new UnresolvableKeyException("no key for tokens of this algorithm is set");
    }

    private static InvalidToken invalid(InvalidJwtException refused) {
        if (refused.hasExpired()) {
            return new InvalidToken("token-expired", "the token has expired");
        }
        if (refused.hasErrorCode(ErrorCodes.AUDIENCE_INVALID) || refused.hasErrorCode(ErrorCodes.AUDIENCE_MISSING)) {
            return new InvalidToken("token-audience", "the token is for another audience");
        }
        if (refused.hasErrorCode(ErrorCodes.ISSUER_INVALID) || refused.hasErrorCode(ErrorCodes.ISSUER_MISSING)) {
            return new InvalidToken("token-issuer", "the token is from another issuer");
        }
        return new InvalidToken("token-invalid", "the token is not one that this server accepts");
    }

    /** Times in tokens are whole seconds. */
    static Instant instant(NumericDate date) {
        return Instant.ofEpochSecond(date.getValue());
    }

    static JwtClaims empty() {
        return new JwtClaims();
    }
}
