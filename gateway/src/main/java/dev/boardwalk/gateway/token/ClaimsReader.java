package dev.boardwalk.gateway.token;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jspecify.annotations.Nullable;

/** Reads the claims of a token whose signature is good: a wrong form is refused, never guessed at. */
final class ClaimsReader {

    /** Longest name of an organisation or a user, in characters. */
    private static final int NAME_MAX = 255;

    /** Projects and patterns of one token. */
    private static final int ENTRIES_MAX = 1_000;

    private final JwtClaims claims;

    private ClaimsReader(JwtClaims claims) {
        this.claims = claims;
    }

    static TokenClaims read(JwtClaims claims) throws InvalidToken {
        try {
            return new ClaimsReader(claims).read();
        } catch (MalformedClaimException | IllegalArgumentException wrong) {
            throw new InvalidToken(
                    "token-claims", "a claim of the token is not as it has to be: " + wrong.getMessage());
        }
    }

    private TokenClaims read() throws MalformedClaimException {
        Role role = role(claims.getClaimValue("role"));
        Map<String, Role> projects = new HashMap<>();
        Object listed = claims.getClaimValue("projects");
        Role elsewhere = role;
        if (listed instanceof List<?> names) {
            // The role holds in these projects and nowhere else.
            Role inThem = required(role);
            names.forEach(name -> projects.put(name("projects", name), inThem));
            elsewhere = null;
        } else if (listed instanceof Map<?, ?> roles) {
            roles.forEach((name, given) -> projects.put(name("projects", name), required(role(given))));
        } else if (listed != null) {
            throw new IllegalArgumentException("projects is neither a list nor an object");
        }
        if (projects.size() > ENTRIES_MAX) {
            throw new IllegalArgumentException("projects names more than " + ENTRIES_MAX);
        }
        return new TokenClaims(
                name("org", claims.getClaimValue("org")),
                optionalName("sub", claims.getClaimValue("sub")),
                optionalName("jti", claims.getClaimValue("jti")),
                elsewhere,
                projects,
                patterns(),
                claims.getIssuedAt() == null ? Instant.EPOCH : TokenVerifier.instant(claims.getIssuedAt()),
                TokenVerifier.instant(claims.getExpirationTime()),
                Boolean.TRUE.equals(claims.getClaimValue("operator")),
                Boolean.TRUE.equals(claims.getClaimValue("share")));
    }

    private List<NamePattern> patterns() {
        Object listed = claims.getClaimValue("entities");
        List<NamePattern> patterns = new ArrayList<>();
        if (listed instanceof List<?> texts) {
            texts.forEach(text -> patterns.add(new NamePattern(name("entities", text))));
            if (patterns.isEmpty()) {
                throw new IllegalArgumentException("entities is empty: leave it out if all are meant");
            }
        } else if (listed != null) {
            throw new IllegalArgumentException("entities is no list");
        }
        if (patterns.size() > ENTRIES_MAX) {
            throw new IllegalArgumentException("entities has more than " + ENTRIES_MAX + " patterns");
        }
        return patterns;
    }

    private static @Nullable Role role(@Nullable Object value) {
        if (value == null) {
            return null;
        }
        if (value instanceof String text) {
            return Role.of(text);
        }
        throw new IllegalArgumentException("a role is no text");
    }

    private static Role required(@Nullable Role role) {
        if (role == null) {
            throw new IllegalArgumentException("there are projects without a role");
        }
        return role;
    }

    private static String name(String claim, @Nullable Object value) {
        if (value instanceof String text && !text.isEmpty() && text.length() <= NAME_MAX) {
            return text;
        }
        throw new IllegalArgumentException(claim + " is not a text of 1 to " + NAME_MAX + " characters");
    }

    private static @Nullable String optionalName(String claim, @Nullable Object value) {
        return value == null ? null : name(claim, value);
    }
}
