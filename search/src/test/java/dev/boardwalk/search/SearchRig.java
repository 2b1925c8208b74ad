package dev.boardwalk.search;

import static org.awaitility.Awaitility.await;

import dev.boardwalk.store.Database;
import dev.boardwalk.store.DatabaseSettings;
import dev.boardwalk.store.OrganisationId;
import dev.boardwalk.testkit.TestDatabase;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/** A real database with entities as flushes leave them, and searches over it. */
final class SearchRig implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final String PUT = """
            with o as (
                insert into public.organisation (name) values (?)
                on conflict (name) do update set name = excluded.name returning org_id)
            , p as (
                insert into public.project (org_id, name) select org_id, ? from o
                on conflict (org_id, name) do update set name = excluded.name returning org_id, project_id)
            , e as (
                insert into public.entity (org_id, project_id, name, type, title, properties, position)
                select org_id, project_id, ?, ?, ?, ?::jsonb, public.current_position() from p
                on conflict (org_id, project_id, name) where deleted_at is null
                do update set type = excluded.type, title = excluded.title, properties = excluded.properties,
                    position = excluded.position, updated_at = clock_timestamp()
                returning org_id, entity_id, position)
            insert into public.change (org_id, entity_id, kind, position)
            select org_id, entity_id, 'flushed', position from e
            """;

    private static final String DELETE = """
            with gone as (
                update public.entity set deleted_at = now(), position = public.current_position()
                where name = ? and deleted_at is null returning org_id, entity_id, position)
            insert into public.change (org_id, entity_id, kind, position)
            select org_id, entity_id, 'deleted', position from gone
            """;

    final TestDatabase testDatabase = TestDatabase.create();
    private final Vertx vertx = Vertx.vertx();
    final Database database = Database.open(vertx, DatabaseSettings.parse(testDatabase.url()));

    /** A board of nodes, one below the other: id and text by turns. */
    static String board(String title, String... nodes) {
        JsonObject map = new JsonObject();
        for (int i = 0; i < nodes.length; i += 2) {
            map.put(
                    nodes[i],
                    new JsonObject().put("type", "note").put("x", 0).put("y", i).put("text", nodes[i + 1]));
        }
        return new JsonObject()
                .put("meta", new JsonObject().put("title", title).put("type", "board"))
                .put("nodes", map)
                .encode();
    }

    void put(String organisation, String project, String name, String properties) {
        JsonObject meta =
                new JsonObject(properties).getValue("meta") instanceof JsonObject object ? object : new JsonObject();
        try (Connection connection = testDatabase.connect();
                PreparedStatement insert = connection.prepareStatement(PUT)) {
            insert.setString(1, organisation);
            insert.setString(2, project);
            insert.setString(3, name);
            insert.setString(4, meta.getString("type", "document"));
            insert.setString(5, meta.getString("title"));
            insert.setString(6, properties);
            insert.executeUpdate();
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    void delete(String name) {
        try (Connection connection = testDatabase.connect();
                PreparedStatement update = connection.prepareStatement(DELETE)) {
            update.setString(1, name);
            update.executeUpdate();
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    OrganisationId organisation(String name) {
        return new OrganisationId(
                testDatabase.number("select org_id from public.organisation where name = '" + name + "'"));
    }

    /** Everything that is flushed can be found by its words. */
    void indexed(Search search) {
        indexed(search, PATIENCE);
    }

    void indexed(Search search, Duration patience) {
        try {
            search.awaitIndexed(
                    OrganisationId.LOCAL, testDatabase.number("select max(position) from public.change"), patience);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    /** … and by its meaning. */
    void embedded(Search search) {
        indexed(search);
        await().atMost(PATIENCE).until(() -> testDatabase.number("select count(*) from search.unembedded") == 0);
    }

    List<SearchAnswer.Hit> hits(Search search, String organisation, String query) {
        return search.find(SearchRequest.of(organisation(organisation), query)).hits();
    }

    /** Name and element of each hit. */
    List<String> found(Search search, String organisation, String query) {
        return hits(search, organisation, query).stream()
                .map(hit -> hit.element().isEmpty() ? hit.name() : hit.name() + "#" + hit.element())
                .toList();
    }

    @Override
    public void close() {
        database.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
        testDatabase.close();
    }
}
