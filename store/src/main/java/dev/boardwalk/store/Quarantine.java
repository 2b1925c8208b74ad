package dev.boardwalk.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The documents that cannot be folded: runs leave them out, and all their operations stay. Blocks; safe from any thread and
 * from several processes at once.
 */
public final class Quarantine {

    private static final String ADD = """
            insert into crdt.quarantine (org_id, entity_id, reason) values (?, ?, ?)
            on conflict (org_id, entity_id) do update
            set reason = excluded.reason, created_at = now(), released_at = null
            """;

    private static final String RELEASE =
            "update crdt.quarantine set released_at = now() where org_id = ? and entity_id = ? and released_at is null";

    private static final String RELEASE_BY_NAME = """
            update crdt.quarantine q set released_at = now()
            from public.entity e
            join public.project p on p.org_id = e.org_id and p.project_id = e.project_id
            where q.org_id = e.org_id and q.entity_id = e.entity_id and q.released_at is null
              and e.org_id = ? and p.name = ? and e.name = ?
            """;

    private static final String LIST = """
            select q.org_id, q.entity_id, p.name as project, e.name, q.reason, q.created_at
            from crdt.quarantine q
            join public.entity e on e.org_id = q.org_id and e.entity_id = q.entity_id
            join public.project p on p.org_id = e.org_id and p.project_id = e.project_id
            where q.released_at is null
            order by q.created_at, q.entity_id
            limit ?
            """;

    private final DataSource connections;

    Quarantine(DataSource connections) {
        this.connections = connections;
    }

    /** Sets a document aside that cannot be folded; its operations stay. */
    public void add(EntityId entity, String reason) {
        ask("quarantine entity " + entity, connection -> {
            try (PreparedStatement insert = connection.prepareStatement(ADD)) {
                insert.setLong(1, entity.organisation().value());
                insert.setLong(2, entity.number());
                insert.setString(3, JsonText.plain(reason));
                return insert.executeUpdate();
            }
        });
    }

    /** Has the next run try a quarantined document again; answers whether it was in quarantine. */
    public boolean release(EntityId entity) {
        return ask("release entity " + entity, connection -> {
            try (PreparedStatement update = connection.prepareStatement(RELEASE)) {
                update.setLong(1, entity.organisation().value());
                update.setLong(2, entity.number());
                return update.executeUpdate() == 1;
            }
        });
    }

    /** The same for an entity by its name. */
    public boolean release(EntityKey entity) {
        return ask("release entity " + entity, connection -> {
            try (PreparedStatement update = connection.prepareStatement(RELEASE_BY_NAME)) {
                update.setLong(1, entity.organisation().value());
                update.setString(2, entity.project());
                update.setString(3, entity.name());
                return update.executeUpdate() > 0;
            }
        });
    }

    /** Documents in quarantine, the oldest first. */
    public List<QuarantinedDocument> list(int limit) {
        return ask("list the quarantine", connection -> {
            try (PreparedStatement list = connection.prepareStatement(LIST)) {
                list.setInt(1, limit);
                List<QuarantinedDocument> found = new ArrayList<>();
                try (ResultSet row = list.executeQuery()) {
                    while (row.next()) {
                        found.add(new QuarantinedDocument(
                                EntityId.ofRow(row),
                                row.getString("project"),
                                row.getString("name"),
                                row.getString("reason"),
                                row.getObject("created_at", OffsetDateTime.class)
                                        .toInstant()));
                    }
                }
                return found;
            }
        });
    }

    private <T extends @Nullable Object> T ask(String attempted, Ask<T> question) {
        return Ask.ask(connections, attempted, question);
    }
}
