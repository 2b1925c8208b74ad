package dev.boardwalk.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.ZoneOffset;

/** The statement that makes a forked entity, inside the transaction that writes its content. */
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
                return new EntityId(key.organisation(), made.getLong(1));
            }
        }
    }
}
