package dev.boardwalk.bench;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Organisations full of entities that depend on each other, in the tables as if all relationships had been set by hand:
 * claims are inserted a statement for each organisation, and the triggers do the rest.
 *
 * <p>Organisation number i gets a share of 1 / i. Seven of ten relationships lead to an entity nearby, mostly an earlier
 * one, so that there are cycles; the others to few that everybody depends on.
 */
final class GraphCorpus {
    private static final String ORGANISATIONS = """
            insert into public.organisation (name) select 'bench ' || i from generate_series(2, %1$d) i;
            insert into public.project (org_id, name) select org_id, 'bench' from public.organisation;
            create temporary table share as
            select o.org_id, p.project_id,
                   ceil(%2$d / (row_number() over (order by o.org_id) * (ln(%1$d) + 0.58)))::int as entities
            from public.organisation o join public.project p using (org_id) where p.name = 'bench';
            select setseed(0.5);
            """;

    private static final String ENTITIES = """
            insert into public.entity (org_id, project_id, name, position)
            select org_id, project_id, 'e' || i, 1 from share, generate_series(1, entities) i where org_id = ?
            """;

    private static final String RELATIONSHIPS = """
            with here as (
                select s.*, (select min(entity_id) from public.entity e where e.org_id = s.org_id) as first
                from share s where org_id = ?)
            , pair as (
                select org_id, project_id, entities, first, source, kind,
                       case when random() < 0.7 then source - 45 + floor(60 * random())::int
                            else floor(entities * random() ^ 4)::int end as target
                from (select here.*, floor(entities * random())::int as source, random() as kind
                      from here, generate_series(1, ceil(? * entities)::int)) one)
            , inside as (
                select org_id, project_id, first, source, kind, (target % entities + entities) % entities as target from pair)
            , edge as (
                select distinct org_id, project_id, first + source as source,
                       first + target as target, 'e' || target + 1 as name,
                       case when kind < 0.7 then 'DEPENDS_ON' when kind < 0.85 then 'CONNECTS'
                            when kind < 0.95 then 'LINKS_TO' else 'PAYS_FOR' end as type
                from inside)
            insert into graph.claim (org_id, claimant_id, by_hand, claim_hash, project_id, type, source_id,
                source_project_id, target, target_id, target_project_id, properties)
            select org_id, source, true, row_number() over (), project_id, type, graph.entity_vertex(source), project_id,
                   name, graph.entity_vertex(target), project_id, '{}'
            from edge where source <> target
            """;

    private static final String HUBS = """
            select org_id, target_id, name from (
                select org_id, target_id, count(*),
                       row_number() over (partition by org_id order by count(*) desc, target_id) as place
                from graph.edge where type not in ('CONTAINS', 'VERSION_OF') group by org_id, target_id) degree
            join public.entity e using (org_id)
            where place <= ? and org_id between ? and ? and graph.entity_vertex(e.entity_id) = target_id
            order by org_id, place
            """;

    private final Connection connection;
    private double seconds;
    private long relationships;

    /** The connection is this corpus' for as long as it is used: it holds temporary tables. */
    GraphCorpus(Connection connection) {
        this.connection = connection;
    }

    /** An entity that many depend on. */
    record Hub(long organisation, long vertex, String name) {}

    /** Whether an earlier run left a corpus of so many organisations here. */
    boolean find(int organisations) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(
                        "select (select count(*) from public.organisation), (select count(*) from graph.edge)")) {
            found.next();
            relationships = found.getLong(2);
            if (relationships > 0 && found.getLong(1) != organisations) {
                throw new IllegalStateException("the folder holds a corpus of " + found.getLong(1) + " organisations");
            }
            return relationships > 0;
        }
    }

    void write(int entities, int relationshipsWanted, int organisations) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("set statement_timeout = 0");
            statement.execute(ORGANISATIONS.formatted(organisations, entities));
            List<Long> ids = ids(statement);
            try (PreparedStatement made = connection.prepareStatement(ENTITIES);
                    PreparedStatement claimed = connection.prepareStatement(RELATIONSHIPS)) {
                Progress progress = new Progress("entities", ids.size());
                for (long organisation : ids) {
                    made.setLong(1, organisation);
                    made.executeUpdate();
                    progress.step();
                }
                statement.execute("analyze public.entity");
                progress = new Progress("relationships", ids.size());
                for (long organisation : ids) {
                    claimed.setLong(1, organisation);
                    claimed.setDouble(2, (double) relationshipsWanted / entities);
                    long start = System.nanoTime();
                    relationships += claimed.executeUpdate();
                    seconds += (System.nanoTime() - start) / 1e9;
                    progress.step();
                }
            }
            statement.execute("vacuum (analyze) graph.edge");
            statement.execute("vacuum (analyze) graph.claim");
            statement.execute("analyze");
        }
    }

    /** Says every few seconds how far it is: the largest of a million entities take a while. */
    private static final class Progress {
        private static final long EVERY_NANOS = 10_000_000_000L;
        private final String of;
        private final int steps;
        private final long began = System.nanoTime();
        private long said = began;
        private int done;

        Progress(String of, int steps) {
            this.of = of;
            this.steps = steps;
        }

        void step() {
            done++;
            long now = System.nanoTime();
            if (now - said > EVERY_NANOS) {
                said = now;
                System.out.printf(
                        "  %s of %,d of %,d organisations after %,d s%n",
                        of, done, steps, (now - began) / 1_000_000_000L);
            }
        }
    }

    private static List<Long> ids(Statement statement) throws SQLException {
        List<Long> ids = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery("select org_id from share order by org_id")) {
            while (rows.next()) {
                ids.add(rows.getLong(1));
            }
        }
        return ids;
    }

    long relationships() {
        return relationships;
    }

    /** Into claims, relationships, AGE's tables and the feed of the index; all in one session. */
    double relationshipsPerSecond() {
        return relationships / seconds;
    }

    /** The entities with most direct dependents, so many of each of these organisations. */
    List<Hub> hubs(int ofEach, long firstOrganisation, long lastOrganisation) throws SQLException {
        List<Hub> hubs = new ArrayList<>();
        try (PreparedStatement query = connection.prepareStatement(HUBS)) {
            query.setInt(1, ofEach);
            query.setLong(2, firstOrganisation);
            query.setLong(3, lastOrganisation);
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    hubs.add(new Hub(rows.getLong(1), rows.getLong(2), rows.getString(3)));
                }
            }
        }
        return hubs;
    }
}
