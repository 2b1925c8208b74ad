package dev.boardwalk.search;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The stretch of a text that shows best why it was found: HTML in which everything is escaped but {@code <mark>} around
 * the words that were looked for.
 */
final class Snippet {
    /** Length of a snippet in UTF-16 units, without marks and escapes. */
    static final int LENGTH = 200;

    /** Characters that two words must share from their start to count as forms of one, beside the ends below. */
    private static final int STEM_LENGTH_MIN = 4;

    private static final int ENDING_LENGTH_MAX = 3;

    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}\\p{M}]+");

    private record Mark(int from, int to) {}

    private Snippet() {}

    /** @param words as asked, and as corrected */
    static String of(String text, Collection<String> words) {
        List<String> wanted = words.stream()
                .map(Words::fold)
                .filter(word -> words.size() == 1 || !Language.isStopWord(word))
                .distinct()
                .toList();
        List<Mark> marks = marks(text, wanted);
        int from = start(text, marks);
        int to = Math.min(text.length(), from + LENGTH);
        if (to < text.length() && Character.isHighSurrogate(text.charAt(to - 1))) {
            to--;
        }
        StringBuilder html = new StringBuilder(from > 0 ? "…" : "");
        int at = from;
        for (Mark mark : marks) {
            if (mark.from >= at && mark.to <= to) {
                escape(text, at, mark.from, html);
                html.append("<mark>");
                escape(text, mark.from, mark.to, html);
                html.append("</mark>");
                at = mark.to;
            }
        }
        escape(text, at, to, html);
        return html.append(to < text.length() ? "…" : "").toString();
    }

    private static List<Mark> marks(String text, List<String> wanted) {
        List<Mark> marks = new ArrayList<>();
        for (Matcher word = WORD.matcher(text); word.find(); ) {
            if (Words.undivided(text.codePointAt(word.start()))) {
                undivided(text, word.start(), word.end(), wanted, marks);
                continue;
            }
            String folded = Words.fold(word.group().toLowerCase(Locale.ROOT));
            if (wanted.stream().anyMatch(each -> formsOfOne(folded, each))) {
                marks.add(new Mark(word.start(), word.end()));
            }
        }
        return marks;
    }

    /** Pairs of characters overlap: what they cover together is one mark. */
    private static void undivided(String text, int from, int to, List<String> wanted, List<Mark> marks) {
        int at = from;
        while (at < to) {
            int here = at;
            int length = wanted.stream()
                    .filter(each -> !each.isEmpty() && text.startsWith(each, here))
                    .mapToInt(String::length)
                    .max()
                    .orElse(0);
            if (length > 0) {
                Mark last = marks.isEmpty() ? null : marks.getLast();
                if (last != null && last.to >= here && last.from >= from) {
                    marks.set(marks.size() - 1, new Mark(last.from, here + length));
                } else {
                    marks.add(new Mark(here, here + length));
                }
            }
            at += Character.charCount(text.codePointAt(at));
        }
    }

    private static boolean formsOfOne(String word, String wanted) {
        if (word.startsWith(wanted)) {
            return true;
        }
        int shared = 0;
        while (shared < word.length() && shared < wanted.length() && word.charAt(shared) == wanted.charAt(shared)) {
            shared++;
        }
        return shared >= STEM_LENGTH_MIN
                && word.length() - shared <= ENDING_LENGTH_MAX
                && wanted.length() - shared <= ENDING_LENGTH_MAX;
    }

    /** Where a stretch begins that holds the most marks. */
    private static int start(String text, List<Mark> marks) {
        int best = 0;
        long most = marks.stream().filter(mark -> mark.to <= LENGTH).count();
        for (int i = 0; i < marks.size(); i++) {
            int end = marks.get(i).from + LENGTH - 40;
            int held = 0;
            for (int j = i; j < marks.size() && marks.get(j).to <= end; j++) {
                held++;
            }
            if (held > most) {
                most = held;
                best = Math.max(0, marks.get(i).from - 40);
            }
        }
        while (best > 0
                && !Character.isWhitespace(text.charAt(best - 1))
                && marks.stream().noneMatch(startsAt(best))) {
            best++;
        }
        return best;
    }

    private static java.util.function.Predicate<Mark> startsAt(int at) {
        return mark -> mark.from == at;
    }

    private static void escape(String text, int from, int to, StringBuilder html) {
        for (int i = from; i < to; i++) {
            char character = text.charAt(i);
            switch (character) {
                case '&' -> html.append("&amp;");
                case '<' -> html.append("&lt;");
                case '>' -> html.append("&gt;");
                case '"' -> html.append("&quot;");
                case '\'' -> html.append("&#39;");
                default -> html.append(character);
            }
        }
    }
}
