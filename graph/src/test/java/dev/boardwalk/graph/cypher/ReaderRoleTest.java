package dev.boardwalk.graph.cypher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** The second wall: what the reading role sees and may do, whatever statement reaches the database. */
class ReaderRoleTest extends TwoOrganisationsTest {
    private static final List<String> TABLES = List.of(
            "_ag_label_vertex", "_ag_label_edge", "Entity", "Element", "DEPENDS_ON", "CONTAINS", "LINKS_TO", "RELATED");

    @Test
    void a_role_without_an_organisation_sees_nothing() throws SQLException {
        for (String table : TABLES) {
            assertThat(asReader("", "", "select count(*) from relations.\"" + table + "\""))
                    .as(table)
                    .containsExactly("0");
        }
        assertThat(asReader("", "", cypher("MATCH (a) RETURN a"))).isEmpty();
        assertThat(asReader("", "", cypher("MATCH (a)-[r]->(b) RETURN r"))).isEmpty();
    }

    @Test
    void a_query_that_forgot_the_organisation_still_sees_only_its_own() throws SQLException {
        String local = String.valueOf(TwoOrganisations.LOCAL.value());
        for (String query : List.of(
                "MATCH (a) RETURN a",
                "MATCH ()-[r]->() RETURN r",
                "MATCH p = (a)-[r]-(b) RETURN p",
                "MATCH (a {org_id: 2}) RETURN a",
                "MATCH (a) WHERE a.org_id > 1 RETURN a",
                "MATCH (a) OPTIONAL MATCH (a)--(b) RETURN [a, b]")) {
            assertThat(String.join("\n", asReader(local, "", cypher(query))))
                    .as(query)
                    .doesNotContain(TwoOrganisations.SECRET, "\"org_id\": " + graph.rival.value());
        }
        assertThat(asReader(local, "", cypher("MATCH (a) RETURN a"))).hasSize(6);
        assertThat(asReader(local, "{}", cypher("MATCH (a) RETURN a"))).isEmpty();
    }

    @Test
    void the_role_reads_nothing_but_the_graph_and_writes_nothing() {
        for (String statement : List.of(
                "select * from public.entity",
                "select * from graph.claim",
                "select * from graph.element",
                "select * from crdt.journal",
                "select * from public.organisation",
                "insert into relations.\"Entity\" (properties) values ('{}')",
                "delete from relations.\"Entity\"",
                "update relations.\"Entity\" set properties = '{}'",
                "create table public.x (a int)",
                "alter table relations.\"Entity\" disable row level security",
                cypher("CREATE (a:Entity) RETURN a"),
                cypher("MATCH (a) SET a.x = 1 RETURN a"),
                cypher("MATCH (a) DETACH DELETE a RETURN 1"))) {
            assertThatThrownBy(() -> asReader("1", "", statement)).as(statement).isInstanceOf(SQLException.class);
        }
    }

    @Test
    void a_connection_comes_back_without_role_and_settings() throws SQLException {
        DataSource one = graph.database.ownConnections("cypher", 1);
        CypherLimits limits = CypherLimits.DEFAULTS.withTimeout(Duration.ofMillis(300));
        CypherQueries queries = new CypherQueries(one, limits);
        String slow =
                "UNWIND range(1, 10000) AS a UNWIND range(1, 10000) AS b UNWIND range(1, 10000) AS c RETURN count(*)";
        for (String query : List.of("MATCH (a) RETURN a", "RETURN 1 / 0", slow)) {
            try {
                assertThat(queries.answer(TwoOrganisations.EVERYTHING, query, Map.of(), 10)
                                .rows())
                        .isNotEmpty();
            } catch (CypherException expected) {
                assertThat(expected.code()).isIn("cypher-failed", "cypher-timeout");
            }
            try (Connection connection = one.getConnection();
                    Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("select current_user = session_user,"
                            + " coalesce(current_setting('boardwalk.org_id', true), '') = '',"
                            + " coalesce(current_setting('boardwalk.projects', true), '') = '',"
                            + " current_setting('transaction_read_only') = 'off',"
                            + " current_setting('statement_timeout') = '30s'")) {
                row.next();
                for (int column = 1; column <= 5; column++) {
                    assertThat(row.getBoolean(column)).as(query + " " + column).isTrue();
                }
            }
        }
        assertThat(((HikariDataSource) one).getHikariPoolMXBean().getActiveConnections())
                .isZero();
    }

    @Test
    void a_query_beyond_the_time_limit_ends_and_is_counted() {
        CypherQueries queries = graph.queries(CypherLimits.DEFAULTS.withTimeout(Duration.ofMillis(200)));
        String slow =
                "UNWIND range(1, 10000) AS a UNWIND range(1, 10000) AS b UNWIND range(1, 10000) AS c RETURN count(*)";
        assertThatThrownBy(() -> queries.answer(TwoOrganisations.EVERYTHING, slow, Map.of(), 10))
                .isInstanceOf(CypherException.TimedOut.class);
        assertThat(queries.gauges().timedOut()).isEqualTo(1);
        assertThat(queries.gauges().running()).isZero();
    }

    @Test
    void no_more_queries_run_than_there_are_places() throws Exception {
        CypherLimits one = new CypherLimits(20_000, 50, 24, 32, 8, 1 << 18, 10_000, 1 << 24, Duration.ofMillis(600), 1);
        CypherQueries queries = graph.queries(one);
        String slow =
                "UNWIND range(1, 10000) AS a UNWIND range(1, 10000) AS b UNWIND range(1, 10000) AS c RETURN count(*)";
        CountDownLatch ended = new CountDownLatch(6);
        for (int i = 0; i < 6; i++) {
            Thread.startVirtualThread(() -> {
                try {
                    queries.answer(TwoOrganisations.EVERYTHING, slow, Map.of(), 10);
                } catch (CypherException expected) {
                    ended.countDown();
                }
            });
        }
        assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(queries.gauges().busy()).isPositive();
        assertThat(queries.gauges().busy() + queries.gauges().timedOut()).isEqualTo(6);
    }

    @Test
    void an_answer_that_is_too_large_is_cut() {
        CypherLimits small = new CypherLimits(20_000, 50, 24, 32, 8, 1 << 18, 10_000, 1000, Duration.ofSeconds(5), 1);
        CypherAnswer answer = graph.queries(small)
                .answer(TwoOrganisations.EVERYTHING, "UNWIND range(1, 1000) AS x RETURN 'abcdefgh'", Map.of(), 10_000);
        assertThat(answer.truncated()).isTrue();
        assertThat(answer.rows()).hasSize(100);
    }

    private static String cypher(String query) {
        return "select ag_catalog.agtype_out(a)::text from ag_catalog.cypher('relations', $q$" + query
                + "$q$) as (a agtype)";
    }

    private List<String> asReader(String organisation, String projects, String sql) throws SQLException {
        try (Connection connection = graph.server.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("set search_path = public, ag_catalog");
            statement.execute("set boardwalk.org_id = '" + organisation + "'");
            statement.execute("set boardwalk.projects = '" + projects + "'");
            statement.execute("set role boardwalk_reader");
            List<String> values = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery(sql)) {
                while (rows.next()) {
                    values.add(rows.getString(1));
                }
            }
            return values;
        }
    }
}
