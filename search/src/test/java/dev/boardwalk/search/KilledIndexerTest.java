package dev.boardwalk.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that indexes is killed in the midst of a backlog, and another goes on. */
class KilledIndexerTest {
    private static final int ENTITIES = 1_000;

    /** Texts that may be on their way to the model when a process is killed; twice one is. */
    private static final int UNDERWAY = 2 * 16;

    /** Until a process is started, and the rest is done. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final String BACKLOG = """
            with p as (select org_id, project_id from public.project where name = 'p'),
                 n as (
                     insert into public.entity (org_id, project_id, name, properties, position)
                     select org_id, project_id, 'bulk' || i, jsonb_build_object('t', 'text number ' || i || ' of many'),
                            (select public.current_position())
                     from p, generate_series(1, %d) i
                     returning org_id, entity_id, position)
            insert into public.change (org_id, entity_id, kind, position)
            select org_id, entity_id, 'flushed', position from n
            """;

    private static final String CONTENT = """
            select entity_id || title || body || language || words::text || terms::text || (
                select count(*) from search.embedding e where e.entity_id = d.entity_id)
            from search.document d order by entity_id, element
            """;

    @TempDir
    private Path folder;

    /** Runs a process until something is so, and kills it. Its lease need not be waited for afterwards. */
    private void killedWhen(SearchRig rig, FaultyOllama ollama, Callable<Boolean> moment) throws Exception {
        try (IndexingProcess process = IndexingProcess.start(
                rig.testDatabase.url(), ollama.url(), folder.resolve("log").toFile())) {
            await().atMost(PATIENCE).until(() -> !process.alive() || moment.call());
            assertThat(process.alive()).isTrue();
            process.kill();
        }
        rig.testDatabase.execute("update search.indexer set lease_until = '-infinity'");
    }

    @Test
    void another_goes_on_misses_nothing_and_embeds_nothing_twice() throws Exception {
        try (SearchRig rig = new SearchRig();
                FaultyOllama ollama = new FaultyOllama()) {
            rig.put("acme", "p", "seed", "{\"t\": \"seed\"}");
            rig.testDatabase.execute(BACKLOG.formatted(ENTITIES));
            ollama.textsMax = 200;
            killedWhen(rig, ollama, () -> rig.testDatabase.number("select count(*) from search.document") > 0);
            killedWhen(rig, ollama, () -> ollama.asked.size() > 200);
            assertThat(rig.testDatabase.number("select count(*) from search.unembedded"))
                    .isPositive();

            ollama.textsMax = Integer.MAX_VALUE;
            SearchSettings settings = new SearchSettings(SearchSettings.Kind.OLLAMA, ollama.url(), "m", 8, 30_000);
            try (Search second = Search.start(rig.database, settings, Neighbours.NONE)) {
                await().atMost(PATIENCE)
                        .until(() -> rig.testDatabase.number("select count(*) from search.document") == ENTITIES + 1
                                && rig.testDatabase.number("select count(*) from search.unembedded") == 0);
                assertThat(rig.testDatabase.number("select count(distinct entity_id) from search.embedding"))
                        .isEqualTo(ENTITIES + 1);
                Set<String> texts = new HashSet<>(ollama.asked);
                assertThat(texts).hasSize(ENTITIES + 1);
                assertThat(ollama.asked.size()).isLessThanOrEqualTo(ENTITIES + 1 + UNDERWAY);

                int asked = ollama.asked.size();
                List<String> content = rig.testDatabase.column(CONTENT);
                Rebuild.run(rig.database, _ -> {});
                rig.embedded(second);
                assertThat(rig.testDatabase.column(CONTENT)).isEqualTo(content);
                assertThat(ollama.asked).as("texts that did not change").hasSize(asked);
            }
        }
    }
}
