package dev.boardwalk.gateway;

import dev.boardwalk.search.Neighbours;
import dev.boardwalk.search.Place;
import dev.boardwalk.store.EntityId;
import dev.boardwalk.store.SqlErrors;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/** Who is near whom by the stored relationships, whatever their type and direction. Blocks; safe from any thread. */
final class GraphNeighbours implements Neighbours {
    /**
     * Vertices of one step in one direction, read in the order of an index and no further; of a hub's neighbours the others
     * do not count as near.
     */
    private static final int STEP_MAX = 500;

    private static final String STEP = """
            (select target_id from graph.edge where org_id = ? and source_id = any (?)
             order by source_id, target_id limit ?)
            union
            (select source_id from graph.edge where org_id = ? and target_id = any (?)
             order by target_id, source_id limit ?)
            """;

    /** Vertices are numbered label << 48 | n: 3 are entities, 4 elements. */
    private static final String PLACES = """
            select v.vertex, coalesce(e.entity_id, v.vertex & 281474976710655) as entity_id, coalesce(e.name, '') as element
            from unnest(?::bigint[]) v (vertex)
            left join graph.element e
                on v.vertex >> 48 = 4 and e.org_id = ? and e.element_id = v.vertex & 281474976710655
            where v.vertex >> 48 = 3 or e.element_id is not null
            """;

    private final DataSource connections;

    GraphNeighbours(DataSource connections) {
        this.connections = connections;
    }

    @Override
    public Map<Place, Integer> around(EntityId entity, int depthMax) {
        long organisation = entity.organisation().value();
        Map<Long, Integer> distances = new LinkedHashMap<>();
        try (Connection connection = connections.getConnection()) {
            long start = 3L << 48 | entity.number();
            distances.put(start, 0);
            Collection<Long> frontier = List.of(start);
            for (int depth = 1; depth <= depthMax && !frontier.isEmpty(); depth++) {
                List<Long> next = new ArrayList<>();
                for (long vertex : step(connection, organisation, frontier)) {
                    if (distances.putIfAbsent(vertex, depth) == null) {
                        next.add(vertex);
                    }
                }
                frontier = next;
            }
            distances.remove(start);
            return places(connection, organisation, distances);
        } catch (SQLException failure) {
            throw SqlErrors.of("look around entity " + entity, failure);
        }
    }

    private static List<Long> step(Connection connection, long organisation, Collection<Long> frontier)
            throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(STEP)) {
            query.setLong(1, organisation);
            query.setArray(2, connection.createArrayOf("int8", frontier.toArray()));
            query.setInt(3, STEP_MAX);
            query.setLong(4, organisation);
            query.setArray(5, connection.createArrayOf("int8", frontier.toArray()));
            query.setInt(6, STEP_MAX);
            List<Long> found = new ArrayList<>();
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    found.add(row.getLong(1));
                }
            }
            return found;
        }
    }

    private static Map<Place, Integer> places(Connection connection, long organisation, Map<Long, Integer> distances)
            throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(PLACES)) {
            query.setArray(
                    1, connection.createArrayOf("int8", distances.keySet().toArray()));
            query.setLong(2, organisation);
            Map<Place, Integer> places = new HashMap<>();
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    places.put(
                            new Place(row.getLong("entity_id"), row.getString("element")),
                            distances.getOrDefault(row.getLong("vertex"), Integer.MAX_VALUE));
                }
            }
            return places;
        }
    }
}
