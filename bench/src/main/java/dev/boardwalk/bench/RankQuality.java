package dev.boardwalk.bench;

import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** How good the first ten of a list are: nDCG@10 and recall@10, as means over questions. Not thread-safe. */
final class RankQuality {
    private static final int FIRST = 10;

    private double ndcg;
    private double recall;
    private int questions;

    void add(List<String> found, Map<String, Integer> grades) {
        double gained = 0;
        int answers = 0;
        for (int i = 0; i < Math.min(FIRST, found.size()); i++) {
            int grade = grades.getOrDefault(found.get(i), 0);
            gained += gain(grade, i);
            answers += grade > 0 ? 1 : 0;
        }
        double best = 0;
        List<Integer> ideal =
                grades.values().stream().sorted(Comparator.reverseOrder()).toList();
        for (int i = 0; i < Math.min(FIRST, ideal.size()); i++) {
            best += gain(ideal.get(i), i);
        }
        ndcg += gained / best;
        recall += (double) answers / Math.min(FIRST, grades.size());
        questions++;
    }

    private static double gain(int grade, int place) {
        return (Math.pow(2, grade) - 1) * Math.log(2) / Math.log(place + 2);
    }

    double ndcg() {
        return ndcg / questions;
    }

    double recall() {
        return recall / questions;
    }

    int questions() {
        return questions;
    }
}
