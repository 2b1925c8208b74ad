package dev.boardwalk.bench;

import dev.boardwalk.testkit.BoardwalkProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Boardwalk as a person starts it, {@code up}, with a private Postgres on a data folder of its own. */
final class BoardwalkRival implements Rival {
    private BoardwalkProcess process;
    private final Path data;

    private final Map<String, String> settings;

    private BoardwalkRival(BoardwalkProcess process, Path data, Map<String, String> settings) {
        this.process = process;
        this.data = data;
        this.settings = settings;
    }

    /** Starts it with the command of the launcher's, which is in {@code boardwalk.server.command}. */
    static BoardwalkRival start() {
        return start(Map.of());
    }

    /** The same with settings, names and values for its environment. */
    static BoardwalkRival start(Map<String, String> settings) {
        try {
            Path data = Files.createTempDirectory("boardwalk-bench");
            return new BoardwalkRival(BoardwalkProcess.up(data, settings), data, settings);
        } catch (IOException e) {
            throw new UncheckedIOException("making a data folder for the benchmark", e);
        }
    }

    @Override
    public String title() {
        return "Boardwalk (journal on)";
    }

    @Override
    public URI rooms() {
        return process.socket("/yjs/bench");
    }

    /** Where clients of Hocuspocus connect. */
    URI collab() {
        return process.socket("/collab/bench");
    }

    /** Where HTTP calls go. */
    URI http() {
        return process.address();
    }

    /** Ends it in good order and starts it again on the same data: nothing is in its memory then. */
    void restart() {
        process.terminate();
        process.close();
        process = BoardwalkProcess.up(data, settings);
    }

    @Override
    public List<Long> pids() {
        return List.of(process.pid(), process.databasePid());
    }

    @Override
    public void close() {
        process.terminate();
        process.close();
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("removing " + data, e);
        }
    }
}
