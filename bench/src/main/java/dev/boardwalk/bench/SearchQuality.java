package dev.boardwalk.bench;

import dev.boardwalk.search.Search;
import dev.boardwalk.search.SearchRequest;
import dev.boardwalk.search.Ways;
import dev.boardwalk.store.OrganisationId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What is found by words alone, by meaning alone and by both, judged question by judged question. */
final class SearchQuality {
    private final Search search;
    private final JudgedCorpus corpus;
    private final boolean misses;

    /** @param misses whether to name the questions whose best answer is not the first */
    SearchQuality(Search search, JudgedCorpus corpus, boolean misses) {
        this.search = search;
        this.corpus = corpus;
        this.misses = misses;
    }

    void print() {
        System.out.printf(
                Locale.ROOT, "%n%-10s %-8s %5s %8s %10s%n", "questions", "ways", "count", "nDCG@10", "recall@10");
        for (Ways ways : List.of(Ways.WORDS, Ways.MEANING, Ways.ALL)) {
            Map<String, RankQuality> byKind = new TreeMap<>();
            RankQuality all = new RankQuality();
            for (JudgedCorpus.Query query : corpus.queries()) {
                List<String> found = found(query.text(), ways);
                byKind.computeIfAbsent(query.kind(), _ -> new RankQuality()).add(found, query.grades());
                all.add(found, query.grades());
                if (misses
                        && ways == Ways.ALL
                        && (found.isEmpty() || !query.grades().containsKey(found.getFirst()))) {
                    System.out.println("miss: " + query.kind() + " \"" + query.text() + "\" found " + found);
                }
            }
            byKind.forEach((kind, quality) -> line(kind, ways, quality));
            line("all", ways, all);
        }
    }

    private static void line(String kind, Ways ways, RankQuality quality) {
        System.out.printf(
                Locale.ROOT,
                "%-10s %-8s %5d %8.3f %10.3f%n",
                kind,
                name(ways),
                quality.questions(),
                quality.ndcg(),
                quality.recall());
    }

    static String name(Ways ways) {
        return switch (ways) {
            case ALL -> "fused";
            case WORDS -> "words";
            case MEANING -> "meaning";
        };
    }

    /** The items that are found, as the corpus names them. */
    private List<String> found(String question, Ways ways) {
        SearchRequest request = new SearchRequest(OrganisationId.LOCAL, question, null, null, null, null, null, 20);
        return search.find(request, ways).hits().stream()
                .filter(hit -> !hit.element().isEmpty())
                .map(hit -> hit.name() + "/" + hit.element())
                .toList();
    }
}
