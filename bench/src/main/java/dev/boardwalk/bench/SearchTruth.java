package dev.boardwalk.bench;

import dev.boardwalk.search.Place;
import dev.boardwalk.store.OrganisationId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The documents that are nearest to a vector when it is compared with every one, without any index. */
final class SearchTruth implements AutoCloseable {
    private static final String NEAREST = """
            select entity_id, element from (
                select entity_id, element, vector <=> ?::real[]::vector::halfvec as distance
                from search.embedding where org_id = ? offset 0) every
            order by distance limit ?
            """;

    private final Connection connection;

    SearchTruth(Connection connection) {
        this.connection = connection;
    }

    /** Of each its nearest chunk. */
    List<Place> nearest(OrganisationId organisation, float[] vector, int most) throws SQLException {
        Object[] numbers = new Object[vector.length];
        for (int i = 0; i < vector.length; i++) {
            numbers[i] = vector[i];
        }
        try (PreparedStatement query = connection.prepareStatement(NEAREST)) {
            query.setArray(1, connection.createArrayOf("float4", numbers));
            query.setLong(2, organisation.value());
            query.setInt(3, most);
            List<Place> nearest = new ArrayList<>();
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    nearest.add(new Place(row.getLong("entity_id"), row.getString("element")));
                }
            }
            return nearest;
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
