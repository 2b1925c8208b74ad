package dev.boardwalk.search;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A language whose words are stemmed, told by the little words that every sentence of it is full of.
 *
 * <p>Crude, but it needs neither a model nor memory, and a wrong guess costs little: words are stored unstemmed too.
 */
enum Language {
    ENGLISH(
            "the a an and or of to in is are was were be been it its this that these those for on with as at by from not"
                    + " but we you they he she i our your their has have had will would can could should do does did if"
                    + " when which who what how there than then into about after before all any each no so up out"),
    GERMAN("der die das und oder ein eine einen einem einer eines ist sind war waren wird werden zu zum zur im in am an"
            + " auf für mit von vom den dem des nicht auch als bei nach aus über unter wir ihr sie er es ich man"
            + " sich wie wenn dass noch nur hat haben kann können soll vor durch bis ohne um"),
    FRENCH("le la les un une des du de et ou est sont était être à au aux en dans pour sur avec par ne pas plus que qui"
            + " quoi ce cette ces il elle ils elles nous vous je on se sa son ses leur leurs mais si comme sans"
            + " sous entre avant après chaque tout tous d l c qu"),
    SPANISH(
            "el la los las un una unos unas de del y o e es son era ser al a en para por con sin sobre no que quien como"
                    + " cuando se su sus lo le les nos este esta estos estas más pero si ya muy entre hasta desde cada"
                    + " todo todos hay antes después"),
    ITALIAN("il lo la i gli le un uno una di del della dei delle e o è sono era essere a al alla ai in nel nella per su"
            + " con senza non che chi come quando si suo sua suoi questo questa più ma se da dal dalla tra fra ogni"
            + " tutto tutti dopo prima"),
    PORTUGUESE(
            "o a os as um uma uns umas de do da dos das e ou é são era ser ao à em no na nos nas para por com sem sobre"
                    + " não que quem como quando se seu sua seus este esta mais mas já muito entre até desde cada tudo"
                    + " todos depois antes"),
    DUTCH("de het een en of is zijn was waren wordt worden te ten ter in op aan voor met van bij naar uit over onder"
            + " niet ook als dan wij jullie zij hij ze er ik men zich hoe wat wanneer dat die dit deze nog maar"
            + " heeft hebben kan moet door tot zonder om");

    /** What Postgres calls words that are not stemmed. */
    static final String UNKNOWN = "simple";

    /** Words of a text that are looked at. */
    private static final int WORDS_MAX = 300;

    private static final Set<String> STOP_WORDS = new HashSet<>();

    static {
        for (Language each : values()) {
            STOP_WORDS.addAll(each.littleWords);
        }
    }

    private final Set<String> littleWords;

    Language(String littleWords) {
        this.littleWords = Set.copyOf(Arrays.asList(littleWords.split(" ")));
    }

    /** Whether a word says nothing by itself, in some language. */
    static boolean isStopWord(String word) {
        return STOP_WORDS.contains(word);
    }

    /**
     * The name of the Postgres configuration for a text.
     *
     * @param words in lower case
     * @param hitsMin little words that must be there
     * @param otherwise if the words do not tell
     */
    static String detect(List<String> words, int hitsMin, String otherwise) {
        int[] hits = new int[values().length];
        for (String word : words.subList(0, Math.min(words.size(), WORDS_MAX))) {
            for (Language each : values()) {
                if (each.littleWords.contains(word)) {
                    hits[each.ordinal()]++;
                }
            }
        }
        Language best = ENGLISH;
        int second = 0;
        for (Language each : values()) {
            int count = hits[each.ordinal()];
            if (each != best && count > hits[best.ordinal()]) {
                second = hits[best.ordinal()];
                best = each;
            } else if (each != best) {
                second = Math.max(second, count);
            }
        }
        int most = hits[best.ordinal()];
        return most >= hitsMin && most > second ? best.configuration() : otherwise;
    }

    /** What Postgres calls it. */
    String configuration() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
