package dev.boardwalk.search;

import dev.boardwalk.store.EntityId;
import dev.boardwalk.store.OrganisationId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The statements about the languages of projects, and about what is still to be derived with them. */
final class ProjectLanguages {
    private static final String READ = """
            select coalesce(s.language, ?) as language, s.derived_name is not null as underway
            from public.project p left join search.project_setting s using (org_id, project_id)
            where p.org_id = ? and p.name = ?
            """;

    /** Setting it to what it is leaves what goes on as it is. */
    private static final String WRITE = """
            insert into search.project_setting as s (org_id, project_id, language, derived_name)
            select org_id, project_id, ?, '' from public.project where org_id = ? and name = ?
            on conflict (org_id, project_id) do update
            set derived_name = case when s.language = excluded.language then s.derived_name else '' end,
                language = excluded.language
            returning language, derived_name is not null as underway
            """;

    private static final String UNDERWAY = """
            select org_id, project_id, language, derived_name from search.project_setting
            where derived_name is not null order by org_id, project_id limit 1
            """;

    private static final String NEXT = """
            select org_id, entity_id, name from public.entity
            where org_id = ? and project_id = ? and name > ? and deleted_at is null
            order by name
            limit ?
            """;

    /** Not if it was set anew meanwhile: then it begins at its beginning. */
    private static final String DERIVED = """
            update search.project_setting set derived_name = ?
            where org_id = ? and project_id = ? and language = ? and derived_name = ?
            """;

    /** Entities of a project up to a name have been derived with this language. */
    record Underway(long organisation, long project, String language, String name) {}

    /** @param last name of the last of them; null without any */
    record Next(List<EntityId> entities, @Nullable String last) {}

    private final Connection connection;

    ProjectLanguages(Connection connection) {
        this.connection = connection;
    }

    /** Fails with {@link SearchException.NotFound}. */
    ProjectLanguage read(OrganisationId organisation, String project) throws SQLException {
        return ask(READ, ProjectLanguage.DETECTED, organisation, project);
    }

    /** Fails with {@link SearchException.NotFound}. */
    ProjectLanguage write(OrganisationId organisation, String project, String language) throws SQLException {
        return ask(WRITE, language, organisation, project);
    }

    private ProjectLanguage ask(String sql, String language, OrganisationId organisation, String project)
            throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            query.setString(1, language);
            query.setLong(2, organisation.value());
            query.setString(3, project);
            try (ResultSet row = query.executeQuery()) {
                if (!row.next()) {
                    throw new SearchException.NotFound("project " + project + " does not exist");
                }
                return new ProjectLanguage(row.getString("language"), row.getBoolean("underway"));
            }
        }
    }

    /** A project of which something is to be derived; null if there is none. */
    @Nullable
    Underway underway() throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(UNDERWAY);
                ResultSet row = query.executeQuery()) {
            return row.next()
                    ? new Underway(
                            row.getLong("org_id"),
                            row.getLong("project_id"),
                            row.getString("language"),
                            row.getString("derived_name"))
                    : null;
        }
    }

    Next next(Underway from, int most) throws SQLException {
        List<EntityId> entities = new ArrayList<>();
        String last = null;
        try (PreparedStatement query = connection.prepareStatement(NEXT)) {
            query.setLong(1, from.organisation);
            query.setLong(2, from.project);
            query.setString(3, from.name);
            query.setInt(4, most);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    entities.add(IndexStatements.id(row));
                    last = row.getString("name");
                }
            }
        }
        return new Next(entities, last);
    }

    /** @param last null for the end */
    void derived(Underway from, @Nullable String last) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(DERIVED)) {
            update.setString(1, last);
            update.setLong(2, from.organisation);
            update.setLong(3, from.project);
            update.setString(4, from.language);
            update.setString(5, from.name);
            update.executeUpdate();
        }
    }
}
