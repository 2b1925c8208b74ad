package dev.boardwalk.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The role that asks sees one organisation and nothing else, and its questions go by indexes all the same. */
class TenancyTest {
    private static SearchRig rig;
    private static long acme;

    @BeforeAll
    static void start() {
        rig = new SearchRig();
        for (int i = 0; i < 30; i++) {
            rig.put("acme", "p", "a" + i, SearchRig.board("Acme " + i, "n", "the walrus number " + i));
            rig.put("other", "p", "o" + i, SearchRig.board("Other " + i, "n", "the zeppelin number " + i));
        }
        try (Search search = Search.start(rig.database, SearchSettings.NONE, Neighbours.NONE)) {
            rig.indexed(search);
        }
        acme = rig.organisation("acme").value();
        // So many that reading them all is not the better plan.
        rig.testDatabase.execute("""
                insert into search.document
                select d.org_id, 1000000 + i, d.element, d.project_id, d.type, 'Title ' || i, 'body ' || i, 'simple',
                       search.words('body' || i, '', 'simple'), '{}', d.text_hash_bytes, d.changed_at, d.position
                from (select * from search.document where org_id = %1$d limit 1) d, generate_series(1, 5000) i;
                insert into search.vocabulary select %1$d, md5(i::text), 1 from generate_series(1, 5000) i;
                """.formatted(acme));
        rig.testDatabase.execute("analyze search.document; analyze search.vocabulary");
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    /** The first column of what the role sees, with the organisation set; null for none. */
    private static List<String> asReader(String organisation, String sql) throws SQLException {
        try (Connection connection = rig.testDatabase.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("set enable_seqscan = off; set role boardwalk_reader");
            statement.execute("set boardwalk.org_id = '" + organisation + "'");
            List<String> rows = new ArrayList<>();
            try (ResultSet row = statement.executeQuery(sql)) {
                while (row.next()) {
                    rows.add(row.getString(1));
                }
            }
            return rows;
        }
    }

    @Test
    void the_role_sees_rows_of_one_organisation() throws SQLException {
        for (String table : List.of(
                "search.document", "search.embedding", "search.vocabulary", "search.entity", "search.project")) {
            assertThat(asReader(String.valueOf(acme), "select distinct org_id from " + table))
                    .as(table)
                    .isSubsetOf(String.valueOf(acme));
            assertThat(asReader("", "select distinct org_id from " + table))
                    .as(table)
                    .isEmpty();
        }
        assertThat(asReader(String.valueOf(acme), "select word from search.vocabulary"))
                .contains("walrus")
                .doesNotContain("zeppelin");
        assertThat(asReader(
                        String.valueOf(acme),
                        "select entity_id from search.matching(search.query('zeppelin', 'zeppelin'), null, null, 9)"))
                .isEmpty();
        assertThat(asReader(String.valueOf(acme), "select similar_word from search.similar_words('{zeppelni}', null)"))
                .isEmpty();
        assertThat(asReader(String.valueOf(acme), "select similar_word from search.similar_words('{wlarus}', null)"))
                .contains("walrus");
        assertThat(asReader(String.valueOf(acme), "select element from search.titled('Other', null, null, 9)"))
                .isEmpty();
    }

    /** The bodies of the functions, as they are planned: a function's own plan is not shown by explain. */
    @Test
    void words_titles_and_vocabulary_go_by_their_indexes() throws SQLException {
        assertThat(plan("d.words @@ search.query('walrus', 'walrus')", "search.document d"))
                .contains("document_words")
                .doesNotContain("Seq Scan");
        assertThat(plan("'Acme' <% d.title", "search.document d")).contains("document_title");
        assertThat(plan("d.word % 'wlarus'", "search.vocabulary d")).contains("vocabulary_trigrams");
    }

    private static String plan(String condition, String table) throws SQLException {
        try (Connection connection = rig.testDatabase.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("set enable_seqscan = off; set enable_indexscan = off");
            statement.execute("set boardwalk.org_id = '" + acme + "'");
            StringBuilder plan = new StringBuilder();
            try (ResultSet row = statement.executeQuery(
                    "explain select * from " + table + " where d.org_id = search.organisation() and " + condition)) {
                while (row.next()) {
                    plan.append(row.getString(1)).append('\n');
                }
            }
            return plan.toString();
        }
    }
}
