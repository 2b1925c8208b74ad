package dev.boardwalk.graph;

import dev.boardwalk.graph.KnownVertices.Described;
import dev.boardwalk.graph.KnownVertices.Name;
import dev.boardwalk.store.EntityKey;
import dev.boardwalk.store.OrganisationId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The way from names to vertices and back for one question: out of memory as far as something is known, else from the
 * database, and known from then on. Blocks.
 */
final class VertexLookup {
    private final DataSource connections;
    private final OrganisationId organisation;
    private final KnownVertices known;

    /** What is known is at least as of the view that was opened with it. */
    VertexLookup(DataSource connections, OrganisationId organisation, KnownVertices known) {
        this.connections = connections;
        this.organisation = organisation;
        this.known = known;
    }

    /** Fails with {@link GraphException.NotFound} naming what is missing. */
    Subject subject(EntityKey key, @Nullable String element) {
        Name name = new Name(key.project(), key.name(), element);
        Subject remembered = known.subject(name);
        if (remembered != null) {
            return remembered;
        }
        long asked = known.state();
        Subject found = sql(statements -> statements.find(key, element, false));
        // What a node stands for can go or come without the board being touched.
        if (!found.standsForAnother()) {
            known.rememberSubject(asked, name, found);
        }
        return found;
    }

    /** With the entity's elements, which are many: always from the database. */
    Subject subjectWithElements(EntityKey key, @Nullable String element) {
        return sql(statements -> statements.find(key, element, true));
    }

    /** The number of a project; fails with {@link GraphException.NotFound}. */
    long project(String name) {
        Set<Long> found = projects(List.of(name));
        if (found == null || found.isEmpty()) {
            throw new GraphException.NotFound("project " + name + " does not exist");
        }
        return found.iterator().next();
    }

    /** The numbers of these projects, as far as there are such; null for null, which means all. */
    @Nullable
    Set<Long> projects(@Nullable Collection<String> names) {
        if (names == null) {
            return null;
        }
        Set<Long> numbers = new HashSet<>();
        List<String> unknown = new ArrayList<>();
        for (String name : names) {
            Long number = known.project(name);
            if (number == null) {
                unknown.add(name);
            } else {
                numbers.add(number);
            }
        }
        if (!unknown.isEmpty()) {
            long asked = known.state();
            Map<String, Long> found = sql(statements -> statements.projects(organisation, unknown));
            known.rememberProjects(asked, found);
            numbers.addAll(found.values());
        }
        return numbers;
    }

    /** What is known of these vertices, in their order; those that have gone meanwhile are left out. */
    List<VertexInfo> describe(List<Reached> reached) {
        List<@Nullable VertexFacts> facts = new ArrayList<>(reached.size());
        Set<Long> unknown = new HashSet<>();
        for (Reached each : reached) {
            VertexFacts remembered = known.vertex(each.vertex());
            facts.add(remembered);
            if (remembered == null) {
                unknown.add(each.vertex());
            }
        }
        Map<Long, VertexFacts> fresh = unknown.isEmpty() ? Map.of() : describe(unknown);
        List<VertexInfo> described = new ArrayList<>(reached.size());
        for (int n = 0; n < facts.size(); n++) {
            Reached each = reached.get(n);
            VertexFacts found = facts.get(n);
            if (found == null) {
                found = fresh.get(each.vertex());
            }
            if (found != null) {
                described.add(new VertexInfo(found, each.depth(), each.via()));
            }
        }
        return described;
    }

    private Map<Long, VertexFacts> describe(Set<Long> unknown) {
        long asked = known.state();
        List<Described> found = sql(statements -> statements.describe(organisation, unknown));
        known.rememberVertices(asked, found);
        Map<Long, VertexFacts> facts = HashMap.newHashMap(found.size());
        found.forEach(each -> facts.put(each.vertex(), each.facts()));
        return facts;
    }

    private interface Work<T> {
        T with(VertexStatements statements) throws SQLException;
    }

    /** With a connection for this alone: nobody holds one while they wait for the index or walk over it. */
    private <T> T sql(Work<T> work) {
        try (Connection connection = connections.getConnection()) {
            return work.with(new VertexStatements(connection));
        } catch (SQLException failure) {
            throw GraphSql.failed("answer a question about relationships", failure);
        }
    }
}
