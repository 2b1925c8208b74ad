package dev.boardwalk.bench;

import dev.boardwalk.store.OrganisationId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The documents that are nearest to a vector when it is compared with every one, without any index. */
final class SearchTruth implements AutoCloseable {
    /** But for boards, whose elements are what is found. */
    private static final String NEAREST = """
            select e.name || '/' || nearest.element from (
                select * from (
                    select org_id, entity_id, element, min(vector <=> ?::real[]::vector::halfvec) as distance
                    from search.embedding where org_id = ? group by org_id, entity_id, element offset 0) every
                where element <> '' or not exists (
                    select from search.document d
                    where d.org_id = every.org_id and d.entity_id = every.entity_id and d.element <> '')
                order by distance limit ?) nearest
            join public.entity e using (org_id, entity_id)
            """;

    private final Connection connection;

    SearchTruth(Connection connection) {
        this.connection = connection;
    }

    /** Each as {@code name/element}. */
    List<String> nearest(OrganisationId organisation, float[] vector, int most) throws SQLException {
        Object[] numbers = new Object[vector.length];
        for (int i = 0; i < vector.length; i++) {
            numbers[i] = vector[i];
        }
        try (PreparedStatement query = connection.prepareStatement(NEAREST)) {
            query.setArray(1, connection.createArrayOf("float4", numbers));
            query.setLong(2, organisation.value());
            query.setInt(3, most);
            List<String> nearest = new ArrayList<>();
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    nearest.add(row.getString(1));
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
