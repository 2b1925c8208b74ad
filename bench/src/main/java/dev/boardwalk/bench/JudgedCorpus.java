package dev.boardwalk.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Short items about many things, and questions of which it is known what answers them: {@code corpus.txt} and
 * {@code queries.txt}.
 */
record JudgedCorpus(Map<String, List<String>> groups, List<Query> queries) {
    /** What the best items are worth; the others of a group are worth one. */
    private static final int BEST = 3;

    /**
     * A judged question.
     *
     * @param kind exact, typo, synonym, phrase or mixed
     * @param grades what each item is worth, by "group/number"; what is not named is worth nothing
     */
    record Query(String kind, String text, Map<String, Integer> grades) {}

    static JudgedCorpus read() {
        Map<String, List<String>> groups = new LinkedHashMap<>();
        List<String> group = new ArrayList<>();
        for (String line : lines("corpus.txt")) {
            if (line.startsWith("= ")) {
                group = new ArrayList<>();
                groups.put(line.split(" ")[1], group);
            } else {
                group.add(line);
            }
        }
        List<Query> queries = new ArrayList<>();
        for (String line : lines("queries.txt")) {
            String[] parts = line.split("\\|", -1);
            Map<String, Integer> grades = new LinkedHashMap<>();
            for (String name : words(parts[2])) {
                for (int i = 1; i <= groups.getOrDefault(name, List.of()).size(); i++) {
                    grades.put(name + "/" + i, 1);
                }
            }
            words(parts[3]).forEach(item -> grades.put(item, BEST));
            if (grades.isEmpty()) {
                throw new IllegalStateException("nothing answers the question: " + line);
            }
            queries.add(new Query(parts[0].strip(), parts[1].strip(), grades));
        }
        return new JudgedCorpus(groups, queries);
    }

    private static List<String> words(String list) {
        return list.isBlank() ? List.of() : List.of(list.strip().split(","));
    }

    private static List<String> lines(String name) {
        InputStream in = JudgedCorpus.class.getResourceAsStream("/search/" + name);
        if (in == null) {
            throw new IllegalStateException(name + " is not on the class path");
        }
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            return reader.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
