package dev.boardwalk.store;

import java.sql.ResultSet;
import java.sql.SQLException;

/** The stored identity of an entity: it survives the entity's name, and names one organisation by construction. */
public record EntityId(OrganisationId organisation, long number) {

    public EntityId {
        if (number < 1) {
            throw new IllegalArgumentException("entity number must be at least 1, was " + number);
        }
    }

    /** From the columns {@code org_id} and {@code entity_id}. */
    static EntityId ofRow(ResultSet row) throws SQLException {
        return new EntityId(new OrganisationId(row.getLong("org_id")), row.getLong("entity_id"));
    }

    @Override
    public String toString() {
        return organisation.value() + ":" + number;
    }
}
