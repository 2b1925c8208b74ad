package dev.boardwalk.gateway;

import dev.boardwalk.gateway.token.Role;
import dev.boardwalk.gateway.token.TokenClaims;
import dev.boardwalk.store.ProjectAccount;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a token allows, together with the roles that its organisation keeps for the user: the higher one counts. */
final class TokenGrants implements Grants {
    private final TokenClaims claims;
    private final @Nullable Role everywhere;
    private final Map<String, Role> byProject;
    private final Set<String> closed;
    private final @Nullable Set<String> projects;

    private TokenGrants(
            TokenClaims claims, @Nullable Role everywhere, Map<String, Role> byProject, List<ProjectAccount> states) {
        this.claims = claims;
        this.everywhere = everywhere;
        this.byProject = byProject;
        this.closed = names(states, false);
        this.projects = projects(states);
    }

    /**
     * Joins what the token says with what the organisation keeps.
     *
     * @param kept roles as they are written, by project; the empty project means every one
     * @param states of all projects of the organisation if some let nobody in; else empty
     */
    static TokenGrants of(TokenClaims claims, Map<String, String> kept, List<ProjectAccount> states) {
        Map<String, Role> byProject = new HashMap<>();
        Role everywhere = claims.role();
        String keptEverywhere = kept.get("");
        if (keptEverywhere != null) {
            everywhere = higher(everywhere, Role.of(keptEverywhere));
        }
        Set<String> named = new HashSet<>(claims.projects().keySet());
        named.addAll(kept.keySet());
        named.remove("");
        for (String project : named) {
            Role role = claims.roleIn(project);
            String keptHere = kept.get(project);
            if (keptHere != null) {
                role = higher(role, Role.of(keptHere));
            }
            role = keptEverywhere == null ? role : higher(role, Role.of(keptEverywhere));
            if (role != null) {
                byProject.put(project, role);
            }
        }
        return new TokenGrants(claims, everywhere, Map.copyOf(byProject), states);
    }

    @Override
    public boolean allow(Right right, String project, @Nullable String name) {
        Role role = byProject.get(project);
        if (role == null) {
            role = everywhere;
        }
        if (role == null || !covers(role, right) || closed.contains(project)) {
            return false;
        }
        // Somebody who may see some entities only may not ask for the project as a whole.
        return name == null ? claims.entities().isEmpty() : claims.covers(name);
    }

    @Override
    public @Nullable Set<String> projects() {
        return projects;
    }

    @Override
    public boolean manageOrganisation() {
        return everywhere == Role.OWNER && claims.entities().isEmpty();
    }

    private @Nullable Set<String> projects(List<ProjectAccount> states) {
        if (!claims.entities().isEmpty()) {
            return Set.of();
        }
        if (everywhere != null) {
            return closed.isEmpty() ? null : names(states, true);
        }
        Set<String> open = new HashSet<>(byProject.keySet());
        open.removeAll(closed);
        return Set.copyOf(open);
    }

    private static Set<String> names(List<ProjectAccount> states, boolean open) {
        return states.stream()
                .filter(project -> project.open() == open)
                .map(ProjectAccount::name)
                .collect(Collectors.toUnmodifiableSet());
    }

    private static boolean covers(Role role, Right right) {
        return switch (right) {
            case OPEN, READ -> true;
            case COMMENT -> role.compareTo(Role.COMMENTER) >= 0;
            case WRITE -> role.compareTo(Role.EDITOR) >= 0;
            case MANAGE -> role == Role.OWNER;
        };
    }

    private static Role higher(@Nullable Role one, Role other) {
        return one == null || one.compareTo(other) < 0 ? other : one;
    }
}
