package dev.boardwalk.search;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The word that was probably meant: the nearest of those that some document has. */
final class Correction {

    /** A word of the vocabulary that shares trigrams with what was asked. */
    record Candidate(String word, String similar, long documents) {}

    private Correction() {}

    /** For each word the best candidate, if one is near enough. */
    static Map<String, String> choose(List<Candidate> candidates) {
        Map<String, Candidate> best = new HashMap<>();
        for (Candidate candidate : candidates) {
            if (distance(candidate.word, candidate.similar) <= distanceMax(candidate.word)) {
                best.merge(candidate.word, candidate, Correction::better);
            }
        }
        Map<String, String> words = new HashMap<>();
        best.forEach((word, candidate) -> words.put(word, candidate.similar));
        return words;
    }

    /** One slip in a short word, two in a longer one. */
    private static int distanceMax(String word) {
        return word.length() < 5 ? 1 : 2;
    }

    private static Candidate better(Candidate one, Candidate other) {
        int nearer = Integer.compare(distance(one.word, one.similar), distance(other.word, other.similar));
        if (nearer != 0) {
            return nearer < 0 ? one : other;
        }
        return one.documents >= other.documents ? one : other;
    }

    /** Letters to insert, leave out, replace or swap with their neighbour (optimal string alignment). */
    static int distance(String one, String other) {
        int[][] steps = new int[one.length() + 1][other.length() + 1];
        for (int i = 0; i <= one.length(); i++) {
            steps[i][0] = i;
        }
        for (int j = 0; j <= other.length(); j++) {
            steps[0][j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            for (int j = 1; j <= other.length(); j++) {
                int replaced = one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1;
                int least = Math.min(Math.min(steps[i - 1][j], steps[i][j - 1]) + 1, steps[i - 1][j - 1] + replaced);
                boolean swapped = i > 1
                        && j > 1
                        && one.charAt(i - 1) == other.charAt(j - 2)
                        && one.charAt(i - 2) == other.charAt(j - 1);
                steps[i][j] = swapped ? Math.min(least, steps[i - 2][j - 2] + 1) : least;
            }
        }
        return steps[one.length()][other.length()];
    }
}
