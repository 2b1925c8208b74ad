package dev.boardwalk.search;

import dev.boardwalk.store.Database;
import dev.boardwalk.store.DatabaseSettings;
import io.vertx.core.Vertx;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/** A process that indexes and embeds until it is killed. */
final class IndexingProcess implements AutoCloseable {
    private final Process process;

    private IndexingProcess(Process process) {
        this.process = process;
    }

    static IndexingProcess start(String database, URI ollama, File log) throws IOException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                IndexingProcess.class.getName(),
                database,
                ollama.toString());
        return new IndexingProcess(new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log)
                .start());
    }

    /** Address of the database, address of an Ollama. Ends when it is killed or its parent has gone. */
    public static void main(String[] arguments) throws Exception {
        SearchSettings settings =
                new SearchSettings(SearchSettings.Kind.OLLAMA, URI.create(arguments[1]), "m", 8, 30_000);
        try (Database database = Database.open(Vertx.vertx(), DatabaseSettings.parse(arguments[0]));
                Search search = Search.start(database, settings, Neighbours.NONE)) {
            while (System.in.read() >= 0) {
                search.indexer().wake();
            }
        }
        System.exit(0);
    }

    /** kill -9. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    boolean alive() {
        return process.isAlive();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
