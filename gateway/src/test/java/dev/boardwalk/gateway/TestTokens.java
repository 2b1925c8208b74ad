package dev.boardwalk.gateway;

import dev.boardwalk.gateway.token.NamePattern;
import dev.boardwalk.gateway.token.Role;
import dev.boardwalk.gateway.token.TokenClaims;
import dev.boardwalk.gateway.token.TokenSettings;
import dev.boardwalk.gateway.token.TokenSigner;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Signs the tokens of tests, as an application's sign-in would. */
final class TestTokens {
    static final String SECRET = "0123456789abcdef0123456789abcdef";

    static final TokenSigner SIGNER = new TokenSigner(new TokenSettings(SECRET, null, null, null));

    private TestTokens() {}

    static String token(String organisation, String user, Role role) {
        return sign(organisation, user, role, List.of(), "t-" + organisation + user + role);
    }

    static String sign(String organisation, String user, @Nullable Role role, List<NamePattern> entities, String id) {
        return SIGNER.sign(claims(organisation, user, role, entities, id, Duration.ofMinutes(10)));
    }

    /** Of a reader of one project and no other. */
    static String forProject(String organisation, String user, String project) {
        return SIGNER.sign(new TokenClaims(
                organisation,
                user,
                "t-" + user + project,
                null,
                Map.of(project, Role.READER),
                List.of(),
                now(),
                now().plusSeconds(600),
                false,
                false));
    }

    static String shortLived(String organisation, Duration life) {
        return SIGNER.sign(claims(organisation, "ada", Role.EDITOR, List.of(), "t-short", life));
    }

    static String operator() {
        return SIGNER.sign(new TokenClaims(
                "operators", "root", "t-root", null, Map.of(), List.of(), now(), now().plusSeconds(600), true, false));
    }

    private static TokenClaims claims(
            String organisation,
            String user,
            @Nullable Role role,
            List<NamePattern> entities,
            String id,
            Duration life) {
        return new TokenClaims(organisation, user, id, role, Map.of(), entities, now(), now().plus(life), false, false);
    }

    /** Tokens tell whole seconds. */
    private static Instant now() {
        return Instant.ofEpochSecond(Instant.now().getEpochSecond());
    }
}
