package dev.boardwalk.gateway.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.OkpJwkGenerator;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.keys.HmacKey;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenVerifierTest {
    private static final String SECRET = "a secret that is long enough for HS256";
    private static final TokenSettings SHARED = new TokenSettings(SECRET, null, null, null);
    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

    @Test
    void what_was_signed_is_what_is_read() throws InvalidToken {
        TokenClaims claims = new TokenClaims(
                "acme",
                "ada",
                "t1",
                Role.READER,
                Map.of("plans", Role.OWNER),
                List.of(new NamePattern("board-*")),
                NOW,
                NOW.plusSeconds(60),
                true,
                true);
        TokenSettings settings = new TokenSettings(SECRET, null, "https://issuer", "boardwalk");
        String token = new TokenSigner(settings).sign(claims);
        assertThat(new TokenVerifier(settings, CLOCK).verify(token)).isEqualTo(claims);
        refused(SHARED, token.substring(0, token.length() - 2) + "xx", "token-invalid");
        refused(new TokenSettings(SECRET, null, "https://other", null), token, "token-issuer");
        refused(new TokenSettings(SECRET, null, null, "other"), token, "token-audience");
        refused(new TokenSettings(SECRET + "!", null, null, null), token, "token-invalid");
    }

    @Test
    void roles_hold_where_they_were_given() throws InvalidToken {
        TokenClaims everywhere = read("{'org':'acme','role':'editor','projects':{'plans':'reader'}}");
        assertThat(everywhere.roleIn("plans")).isEqualTo(Role.READER);
        assertThat(everywhere.roleIn("notes")).isEqualTo(Role.EDITOR);
        TokenClaims listed = read("{'org':'acme','role':'editor','projects':['plans']}");
        assertThat(listed.roleIn("plans")).isEqualTo(Role.EDITOR);
        assertThat(listed.roleIn("notes")).isNull();
        assertThat(listed.covers("anything")).isTrue();
        TokenClaims some = read("{'org':'acme','role':'editor','entities':['a*','b']}");
        assertThat(List.of(some.covers("apple"), some.covers("b"), some.covers("bc")))
                .containsExactly(true, true, false);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'role':'editor'}",
                "{'org':7,'role':'editor'}",
                "{'org':'','role':'editor'}",
                "{'org':'acme','role':'king'}",
                "{'org':'acme','role':['editor']}",
                "{'org':'acme','projects':['plans']}",
                "{'org':'acme','role':'editor','projects':'plans'}",
                "{'org':'acme','role':'editor','projects':{'plans':null}}",
                "{'org':'acme','role':'editor','entities':[]}",
                "{'org':'acme','role':'editor','entities':{}}",
                "{'org':'acme','role':'editor','jti':''}"
            })
    void claims_of_a_wrong_form_are_refused_and_not_guessed_at(String claims) {
        assertThatExceptionOfType(InvalidToken.class)
                .isThrownBy(() -> read(claims))
                .matches(refused -> refused.code().equals("token-claims"));
    }

    @Test
    void times_hold_with_little_tolerance() throws JoseException {
        JwtClaims claims = claims("{'org':'acme','role':'reader'}");
        claims.setExpirationTime(org.jose4j.jwt.NumericDate.fromSeconds(NOW.getEpochSecond() - 11));
        refused(SHARED, signed(claims, AlgorithmIdentifiers.HMAC_SHA256, hmac(), null), "token-expired");
        claims.unsetClaim("exp");
        refused(SHARED, signed(claims, AlgorithmIdentifiers.HMAC_SHA256, hmac(), null), "token-invalid");
    }

    @Test
    void a_token_that_was_verified_is_forgotten_when_it_expires() throws InvalidToken {
        AtomicReference<Instant> now = new AtomicReference<>(NOW);
        TokenVerifier verifier = new TokenVerifier(SHARED, moving(now));
        String token = new TokenSigner(SHARED)
                .sign(new TokenClaims(
                        "acme", null, null, Role.READER, Map.of(), List.of(), NOW, NOW.plusSeconds(60), false, false));
        assertThat(verifier.known(token)).isNull();
        verifier.verify(token);
        assertThat(verifier.known(token)).isNotNull();
        now.set(NOW.plusSeconds(120));
        assertThat(verifier.known(token)).isNull();
        assertThatExceptionOfType(InvalidToken.class).isThrownBy(() -> verifier.verify(token));
    }

    @Test
    void tokens_without_a_signature_or_of_other_algorithms_are_refused() throws JoseException {
        JwtClaims claims = claims("{'org':'acme','role':'owner'}");
        String none = "eyJhbGciOiJub25lIn0." + base64(claims.toJson()) + ".";
        refused(SHARED, none, "token-invalid");
        refused(
                SHARED,
                signed(claims, AlgorithmIdentifiers.HMAC_SHA512, new HmacKey(new byte[64]), null),
                "token-invalid");
        for (String nonsense : List.of("", ".", "..", "a.b.c", "x".repeat(20_000), "\u0000.\u0000.\u0000")) {
            assertThatExceptionOfType(InvalidToken.class)
                    .isThrownBy(() -> new TokenVerifier(SHARED, CLOCK).verify(nonsense));
        }
    }

    @Test
    void keys_that_are_published_and_rotated_are_found() throws Exception {
        PublicJsonWebKey rsa = named(RsaJwkGenerator.generateJwk(2048), "rsa");
        PublicJsonWebKey ec = named(EcJwkGenerator.generateJwk(EllipticCurves.P256), "ec");
        PublicJsonWebKey ed = named(OkpJwkGenerator.generateJwk("Ed25519"), "ed");
        AtomicReference<List<PublicJsonWebKey>> published = new AtomicReference<>(List.of(rsa, ec));
        HttpServer server = publish(published);
        try {
            URI address = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/jwks");
            TokenSettings settings = new TokenSettings(SECRET, address, null, null);
            TokenVerifier verifier = new TokenVerifier(settings, CLOCK);
            JwtClaims claims = claims("{'org':'acme','role':'reader','sub':'ada'}");
            assertThat(verifier.verify(
                                    signed(claims, AlgorithmIdentifiers.RSA_USING_SHA256, rsa.getPrivateKey(), "rsa"))
                            .user())
                    .isEqualTo("ada");
            assertThat(verifier.verify(signed(
                                    claims,
                                    AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256,
                                    ec.getPrivateKey(),
                                    "ec"))
                            .user())
                    .isEqualTo("ada");
            published.set(List.of(ed));
            String next = signed(claims, AlgorithmIdentifiers.EDDSA, ed.getPrivateKey(), "ed");
            // Keys are not asked for again right after they were: a stranger must not make us call all the time.
            await().ignoreExceptions()
                    .untilAsserted(
                            () -> assertThat(verifier.verify(next).user()).isEqualTo("ada"));
            // The public key is known to everybody: as a shared secret it must open nothing.
            String confused = signed(
                    claims,
                    AlgorithmIdentifiers.HMAC_SHA256,
                    new HmacKey(rsa.getPublicKey().getEncoded()),
                    "rsa");
            refused(settings, confused, "token-invalid");
            refused(new TokenSettings(null, address, null, null), confused, "token-invalid");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void a_secret_that_could_be_guessed_is_refused() {
        assertThatThrownBy(() -> new TokenSettings("short", null, null, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("32 bytes");
        assertThat(SHARED.toString()).doesNotContain(SECRET);
    }

    private static HttpServer publish(AtomicReference<List<PublicJsonWebKey>> keys) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/jwks", exchange -> {
            byte[] body = new JsonWebKeySet(keys.get())
                    .toJson(JsonWebKey.OutputControlLevel.PUBLIC_ONLY)
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            try (exchange) {
                exchange.getResponseBody().write(body);
            }
        });
        server.start();
        return server;
    }

    private static PublicJsonWebKey named(PublicJsonWebKey key, String name) {
        key.setKeyId(name);
        return key;
    }

    private static void refused(TokenSettings settings, String token, String code) {
        assertThatExceptionOfType(InvalidToken.class)
                .isThrownBy(() -> new TokenVerifier(settings, CLOCK).verify(token))
                .matches(refused -> refused.code().equals(code), code)
                .matches(refused -> !String.valueOf(refused.getMessage()).contains(SECRET));
    }

    private static TokenClaims read(String json) throws InvalidToken {
        try {
            return new TokenVerifier(SHARED, CLOCK)
                    .verify(signed(claims(json), AlgorithmIdentifiers.HMAC_SHA256, hmac(), null));
        } catch (JoseException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static JwtClaims claims(String json) {
        try {
            JwtClaims claims = JwtClaims.parse(json.replace('\'', '"'));
            claims.setExpirationTime(org.jose4j.jwt.NumericDate.fromSeconds(
                    NOW.plus(Duration.ofHours(1)).getEpochSecond()));
            return claims;
        } catch (org.jose4j.jwt.consumer.InvalidJwtException failure) {
            throw new IllegalArgumentException(json, failure);
        }
    }

    private static HmacKey hmac() {
        return new HmacKey(SECRET.getBytes(StandardCharsets.UTF_8));
    }

    private static String signed(JwtClaims claims, String algorithm, java.security.Key key, @Nullable String name)
            throws JoseException {
        JsonWebSignature signature = new JsonWebSignature();
        signature.setAlgorithmHeaderValue(algorithm);
        signature.setKey(key);
        if (name != null) {
            signature.setKeyIdHeaderValue(name);
        }
        signature.setDoKeyValidation(false);
        signature.setPayload(claims.toJson());
        return signature.getCompactSerialization();
    }

    private static String base64(String text) {
        return java.util.Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Clock moving(AtomicReference<Instant> now) {
        return new Clock() {
            @Override
            public java.time.ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(java.time.ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return Objects.requireNonNull(now.get());
            }
        };
    }
}
