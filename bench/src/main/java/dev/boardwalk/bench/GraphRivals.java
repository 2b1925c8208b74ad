package dev.boardwalk.bench;

import dev.boardwalk.bench.GraphCorpus.Hub;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;

/** The same questions to the database: recursive SQL over the tables that the index is loaded from, and Cypher in AGE. */
final class GraphRivals implements AutoCloseable {
    /** UNION without a depth column: each vertex is come to once, and cycles end. Nothing in SQL is faster. */
    private static final String ALL = """
            with recursive reached (id) as (
                select ?::bigint
                union
                select e.source_id from reached r
                join graph.edge e on e.org_id = ? and e.target_id = r.id and e.type not in ('CONTAINS', 'VERSION_OF'))
            select id from reached offset 1
            """;

    private static final String DEPTH_5 = """
            with recursive reached (id, depth) as (
                select ?::bigint, 0
                union
                select e.source_id, r.depth + 1 from reached r
                join graph.edge e on e.org_id = ? and e.target_id = r.id and e.type not in ('CONTAINS', 'VERSION_OF')
                where r.depth < 5)
            select id from (select distinct id from reached) r where id <> ?
            """;

    private static final String DIRECT =
            "select source_id from graph.edge where target_id = ? and org_id = ? and type = 'DEPENDS_ON'";

    private static final String AGE = """
            select ag_catalog.agtype_out(a)::text from ag_catalog.cypher('relations', $bench$
                MATCH (a:Entity)-[:DEPENDS_ON]->(b:Entity) WHERE b.entity_id = $id RETURN a.entity_id
            $bench$, ?) as (a ag_catalog.agtype)
            """;

    private static final long NUMBER_BITS = (1L << 48) - 1;

    private final Connection connection;
    private final PreparedStatement all;
    private final PreparedStatement depth5;
    private final PreparedStatement direct;
    private final PreparedStatement age;

    GraphRivals(Connection connection) throws SQLException {
        this.connection = connection;
        try (Statement statement = connection.createStatement()) {
            statement.execute("set search_path = public, ag_catalog");
        }
        all = connection.prepareStatement(ALL);
        depth5 = connection.prepareStatement(DEPTH_5);
        direct = connection.prepareStatement(DIRECT);
        age = connection.prepareStatement(AGE);
    }

    int all(Hub hub) throws SQLException {
        return count(all, hub);
    }

    /** The first of these questions as one way among others; closes this. */
    GraphOverHttp.Way asWay() {
        return new GraphOverHttp.Way() {
            @Override
            public int ask(Hub hub) throws SQLException {
                return all(hub);
            }

            @Override
            public void close() throws SQLException {
                GraphRivals.this.close();
            }
        };
    }

    int depth5(Hub hub) throws SQLException {
        depth5.setLong(3, hub.vertex());
        return count(depth5, hub);
    }

    int direct(Hub hub) throws SQLException {
        return count(direct, hub);
    }

    int age(Hub hub) throws SQLException {
        age.setObject(1, "{\"id\": " + (hub.vertex() & NUMBER_BITS) + "}", Types.OTHER);
        return count(age);
    }

    private static int count(PreparedStatement query, Hub hub) throws SQLException {
        query.setLong(1, hub.vertex());
        query.setLong(2, hub.organisation());
        return count(query);
    }

    private static int count(PreparedStatement query) throws SQLException {
        int count = 0;
        try (ResultSet rows = query.executeQuery()) {
            while (rows.next()) {
                count++;
            }
        }
        return count;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
