package dev.boardwalk.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * Something that writes in the same transaction as a flush, so that it can never disagree with the entities.
 *
 * <p>Called on the flushing (virtual) thread after the entities were written, before the commit. It throws what the
 * driver throws: the batch is then halved until the entity at fault stands alone, so it may be called again with part
 * of the same batch in a new transaction, and must not keep state.
 */
public interface FlushParticipant {

    /** Entities without a projection are in the batch too: nothing new is known of them. */
    void write(Connection connection, List<FlushedEntity> batch) throws SQLException;

    /** This process deleted an entity, at this position; told before whoever asked for it is. On any thread, must not block. */
    default void deleted(OrganisationId organisation, long position) {}
}
