package dev.boardwalk.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.ZoneOffset;

/** The statements that make a forked entity, inside the transaction that writes its content. */
final class ForkStatements {
    private static final String INSERT = """
            with here as materialized (
                select public.current_position() as position
            ), born as (
                insert into public.entity (org_id, project_id, name, position)
                select p.org_id, p.project_id, ?, here.position from public.project p, here
                where p.org_id = ? and p.name = ?
                on conflict (org_id, project_id, name) where deleted_at is null do nothing
                returning org_id, entity_id
            ), noted as (
                insert into crdt.fork (org_id, entity_id, source_entity_id, source_time, author)
                select org_id, entity_id, ?, ?, ? from born
            ), told as (
                insert into public.change (org_id, entity_id, kind, position)
                select org_id, entity_id, 'created', here.position from born, here
            )
            select entity_id from born
            """;

    /** Like a relationship that somebody set by hand: the content does not say it, so no flush takes it away. */
    private static final String RELATE = """
            insert into graph.claim (org_id, claimant_id, by_hand, claim_hash, project_id, type,
                source_id, source_project_id, target_id, target_project_id)
            select made.org_id, made.entity_id, true, 0, made.project_id, 'VERSION_OF',
                   graph.entity_vertex(made.entity_id), made.project_id,
                   graph.entity_vertex(source.entity_id), source.project_id
            from public.entity made
            join public.entity source on source.org_id = made.org_id and source.entity_id = ?
            where made.org_id = ? and made.entity_id = ?
            """;

    private ForkStatements() {}

    static EntityId insert(Connection connection, NewFork fork) throws SQLException {
        EntityKey key = fork.key();
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            insert.setString(1, key.name());
            insert.setLong(2, key.organisation().value());
            insert.setString(3, key.project());
            insert.setLong(4, fork.source().number());
            insert.setObject(5, fork.time().atOffset(ZoneOffset.UTC));
            insert.setString(6, fork.author());
            try (ResultSet made = insert.executeQuery()) {
                if (!made.next()) {
                    throw new StoreException.Conflict("there is an entity " + key + " already", null);
                }
                EntityId fresh = new EntityId(key.organisation(), made.getLong(1));
                relate(connection, fresh, fork.source());
                return fresh;
            }
        }
    }

    private static void relate(Connection connection, EntityId made, EntityId source) throws SQLException {
        try (PreparedStatement relate = connection.prepareStatement(RELATE)) {
            relate.setLong(1, source.number());
            relate.setLong(2, made.organisation().value());
            relate.setLong(3, made.number());
            relate.executeUpdate();
        }
    }
}
