package dev.boardwalk.crdt.sync;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The updates that once did harm, or might, from src/test/resources/corpus. */
public final class Corpus {
    private static final String REFUSAL = "# refused: ";

    /** One file: its name, its updates in their order, and the code of the refusal if they are to be refused. */
    public record Case(String name, List<byte[]> updates, String refusal) {
        @Override
        public String toString() {
            return name;
        }
    }

    private Corpus() {}

    public static List<Case> refused() {
        return cases("refused");
    }

    public static List<Case> accepted() {
        return cases("accepted");
    }

    private static List<Case> cases(String folder) {
        // Surefire runs in the folder of the module.
        try (Stream<Path> files = Files.list(Path.of("src/test/resources/corpus", folder))) {
            return files.filter(file -> file.toString().endsWith(".hex"))
                    .sorted()
                    .map(Corpus::read)
                    .toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static Case read(Path file) {
        try {
            List<byte[]> updates = new ArrayList<>();
            String refusal = "";
            for (String line : Files.readAllLines(file)) {
                if (line.startsWith(REFUSAL)) {
                    refusal = line.substring(REFUSAL.length());
                } else if (!line.isBlank() && !line.startsWith("#")) {
                    updates.add(Recorded.hex(line));
                }
            }
            return new Case(file.getFileName().toString(), updates, refusal);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
