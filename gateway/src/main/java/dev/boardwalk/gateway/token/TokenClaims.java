package dev.boardwalk.gateway.token;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a verified token says. As JSON claims: {@code org}, {@code sub}, {@code role}, {@code projects} (an object of roles by
 * project, or a list of projects in which {@code role} holds), {@code entities} (patterns), {@code jti}, {@code iat},
 * {@code exp}.
 *
 * @param organisation by name
 * @param user who it was given to; null if it names nobody
 * @param id of the token itself, by which it can be revoked alone
 * @param role in projects that {@code projects} does not name; null means none
 * @param projects roles by project
 * @param entities names that the token is good for; empty means all
 * @param operator whether it may manage organisations themselves ({@code operator}: true)
 * @param share whether it is a link that was given away, and names no person
 */
public record TokenClaims(
        String organisation,
        @Nullable String user,
        @Nullable String id,
        @Nullable Role role,
        Map<String, Role> projects,
        List<NamePattern> entities,
        Instant issuedAt,
        Instant expiresAt,
        boolean operator,
        boolean share) {

    public TokenClaims {
        projects = Map.copyOf(projects);
        entities = List.copyOf(entities);
    }

    /** The role in a project; null if there is none. */
    public @Nullable Role roleIn(String project) {
        Role named = projects.get(project);
        return named != null ? named : role;
    }

    /** Whether the token is good for entities of this name. */
    public boolean covers(String entity) {
        if (entities.isEmpty()) {
            return true;
        }
        for (int i = 0; i < entities.size(); i++) {
            if (entities.get(i).matches(entity)) {
                return true;
            }
        }
        return false;
    }
}
