package dev.boardwalk.search;

import dev.boardwalk.store.EntityId;
import dev.boardwalk.store.OrganisationId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The row {@code search.indexer} and the feed: who indexes, how far, and what comes next. */
final class IndexerState {
    private static final String ACQUIRE = """
            update search.indexer set holder = ?, lease_until = now() + ? * interval '1 millisecond'
            where holder = ? or lease_until < now()
            """;

    private static final String RELEASE = "update search.indexer set lease_until = '-infinity' where holder = ?";

    /** The lock keeps whoever takes the lease over from writing before this transaction has ended. */
    private static final String HOLD = """
            select position, model_id, rebuild_org, rebuild_entity from search.indexer where holder = ? for update
            """;

    private static final String PEEK = """
            select position, public.position_horizon() as horizon, rebuild_org is not null as rebuilding,
                   rebuild_done, rebuild_total, rebuilds
            from search.indexer
            """;

    /** Nothing is missed, since all below the horizon is visible; nothing comes twice but after a crash. */
    private static final String CHANGES = """
            select org_id, entity_id, position, created_at from public.change
            where position >= ? and position < ?
            order by position
            limit ?
            """;

    private static final String DUE = """
            select org_id, entity_id from search.failure where due_at <= now() order by due_at limit ?
            """;

    private static final String NEXT = """
            select org_id, entity_id from public.entity
            where (org_id, entity_id) > (?, ?) and deleted_at is null
            order by org_id, entity_id
            limit ?
            """;

    /** What the indexer was to do when the transaction began. */
    record Held(
            long position,
            @Nullable Integer model,
            @Nullable EntityCursor rebuild) {}

    /** Entities up to this one are done. */
    record EntityCursor(long organisation, long entity) {}

    /** How far everything is, for those who wait or watch. */
    record Progress(
            long position, long horizon, boolean rebuilding, long rebuildDone, long rebuildTotal, long rebuilds) {}

    /**
     * A stretch of the feed.
     *
     * @param until everything below is in {@code entities}
     * @param whole whether this is all there is
     * @param oldestMillis when the first of them was written, by the database's clock; 0 without any
     */
    record Stretch(List<EntityId> entities, long until, boolean whole, long oldestMillis) {
        Stretch upTo(long position) {
            return new Stretch(entities, position, false, oldestMillis);
        }
    }

    private final Connection connection;

    IndexerState(Connection connection) {
        this.connection = connection;
    }

    boolean acquire(UUID me, Duration lease) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(ACQUIRE)) {
            update.setObject(1, me);
            update.setLong(2, lease.toMillis());
            update.setObject(3, me);
            return update.executeUpdate() > 0;
        }
    }

    void release(UUID me) throws SQLException {
        update(RELEASE, me);
    }

    /** Null if somebody else is the indexer by now. */
    @Nullable
    Held hold(UUID me) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(HOLD)) {
            query.setObject(1, me);
            try (ResultSet row = query.executeQuery()) {
                if (!row.next()) {
                    return null;
                }
                Long organisation = row.getObject("rebuild_org", Long.class);
                return new Held(
                        row.getLong("position"),
                        row.getObject("model_id", Integer.class),
                        organisation == null ? null : new EntityCursor(organisation, row.getLong("rebuild_entity")));
            }
        }
    }

    Progress peek() throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(PEEK);
                ResultSet row = query.executeQuery()) {
            row.next();
            return new Progress(
                    row.getLong("position"),
                    row.getLong("horizon"),
                    row.getBoolean("rebuilding"),
                    row.getLong("rebuild_done"),
                    row.getLong("rebuild_total"),
                    row.getLong("rebuilds"));
        }
    }

    /** The next changes; those of one transaction, which share a position, never come apart. */
    Stretch changes(long from, long horizon, int most) throws SQLException {
        Stretch some = stretch(from, horizon, most);
        // One transaction larger than a stretch: all of it.
        return some.until == from && !some.whole
                ? stretch(from, from + 1, Integer.MAX_VALUE).upTo(from + 1)
                : some;
    }

    private Stretch stretch(long from, long until, int most) throws SQLException {
        List<EntityId> entities = new ArrayList<>();
        List<Long> positions = new ArrayList<>();
        long oldest = 0;
        try (PreparedStatement query = connection.prepareStatement(CHANGES)) {
            query.setLong(1, from);
            query.setLong(2, until);
            query.setInt(3, most);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    if (positions.isEmpty()) {
                        oldest = row.getTimestamp("created_at").getTime();
                    }
                    entities.add(IndexStatements.id(row));
                    positions.add(row.getLong("position"));
                }
            }
        }
        if (positions.size() < most) {
            return new Stretch(distinct(entities), until, true, oldest);
        }
        long last = positions.getLast();
        return new Stretch(distinct(entities.subList(0, positions.indexOf(last))), last, false, oldest);
    }

    private static List<EntityId> distinct(List<EntityId> entities) {
        return entities.stream().distinct().toList();
    }

    List<EntityId> due(int most) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(DUE)) {
            query.setInt(1, most);
            return ids(query);
        }
    }

    /** Entities in the order of their keys. */
    List<EntityId> after(EntityCursor cursor, int most) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(NEXT)) {
            query.setLong(1, cursor.organisation);
            query.setLong(2, cursor.entity);
            query.setInt(3, most);
            return ids(query);
        }
    }

    private static List<EntityId> ids(PreparedStatement query) throws SQLException {
        List<EntityId> ids = new ArrayList<>();
        try (ResultSet row = query.executeQuery()) {
            while (row.next()) {
                ids.add(IndexStatements.id(row));
            }
        }
        return ids;
    }

    void advance(long position) throws SQLException {
        update("update search.indexer set position = ?", position);
        update("update public.feed_consumer set position = ?, updated_at = now() where name = 'search'", position);
    }

    /** Notes how far the derivation of everything is. */
    void rebuilt(EntityCursor cursor, int more) throws SQLException {
        update(
                "update search.indexer set rebuild_org = ?, rebuild_entity = ?, rebuild_done = rebuild_done + ?",
                cursor.organisation,
                cursor.entity,
                more);
    }

    /** Asks whoever indexes to derive everything again; answers which rebuild it will be. */
    long requestRebuild() throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("""
                update search.indexer set rebuild_org = 0, rebuild_entity = 0, rebuild_done = 0,
                    rebuild_total = (select count(*) from public.entity where deleted_at is null)
                returning rebuilds + 1
                """);
                ResultSet row = update.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    /** The end of a derivation of everything: what belongs to nothing goes, and words are counted anew. */
    void finishRebuild() throws SQLException {
        unhurried();
        update("""
                delete from search.document d where not exists (
                    select from public.entity e
                    where e.org_id = d.org_id and e.entity_id = d.entity_id and e.deleted_at is null)
                """);
        update("delete from search.vocabulary");
        update("""
                insert into search.vocabulary (org_id, word, documents)
                select org_id, word, count(*) from search.document, unnest(terms) as word group by org_id, word
                """);
        update("""
                update search.indexer set rebuild_org = null, rebuild_entity = null, rebuilds = rebuilds + 1,
                    rebuild_total = rebuild_done
                """);
    }

    /** Sets the model by which texts are embedded; what has no vectors of it is noted for the embedder. */
    void model(@Nullable Integer model) throws SQLException {
        update("update search.indexer set model_id = ?::smallint", model);
        if (model == null) {
            update("delete from search.unembedded");
            return;
        }
        unhurried();
        update("""
                insert into search.unembedded (org_id, entity_id, element)
                select d.org_id, d.entity_id, d.element from search.document d
                where not exists (
                    select from search.embedding e
                    where e.org_id = d.org_id and e.model_id = ?::smallint and e.entity_id = d.entity_id
                      and e.element = d.element)
                on conflict do nothing
                """, model);
    }

    /** The number of a model, given at its first use. */
    int modelNumber(String name) throws SQLException {
        update("insert into search.model (name) values (?) on conflict do nothing", name);
        try (PreparedStatement query =
                connection.prepareStatement("select model_id from search.model where name = ?")) {
            query.setString(1, name);
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    /** What reads everything takes as long as it takes; until the transaction ends and the connection is given back. */
    private void unhurried() throws SQLException {
        connection.setNetworkTimeout(Runnable::run, 0);
        update("set local statement_timeout = 0");
    }

    private void update(String sql, @Nullable Object... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            statement.execute();
        }
    }

    static EntityCursor cursor(EntityId last) {
        OrganisationId organisation = last.organisation();
        return new EntityCursor(organisation.value(), last.number());
    }
}
