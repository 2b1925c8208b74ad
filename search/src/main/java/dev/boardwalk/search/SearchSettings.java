package dev.boardwalk.search;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * How texts are embedded and questions answered.
 *
 * @param ollamaUrl where Ollama answers; null if it is not used
 * @param questionsMax questions that are answered at one time
 * @param exactMax vectors of one organisation up to which a question is compared with all of them; above, an approximate
 *     index is made
 */
public record SearchSettings(
        Kind embedder, @Nullable URI ollamaUrl, String ollamaModel, int questionsMax, int exactMax) {
    public static final String OLLAMA_MODEL_DEFAULT = "nomic-embed-text";

    public static final int QUESTIONS_MAX_DEFAULT = 64;

    /** Where comparing with all begins to take longer than a question may (docs/decisions/0081). */
    public static final int EXACT_MAX_DEFAULT = 30_000;

    /** In this process, without a network. */
    public static final SearchSettings MINILM =
            new SearchSettings(Kind.MINILM, null, OLLAMA_MODEL_DEFAULT, QUESTIONS_MAX_DEFAULT, EXACT_MAX_DEFAULT);

    /** Words only. */
    public static final SearchSettings NONE =
            new SearchSettings(Kind.NONE, null, OLLAMA_MODEL_DEFAULT, QUESTIONS_MAX_DEFAULT, EXACT_MAX_DEFAULT);

    /** What turns texts into vectors. */
    public enum Kind {
        MINILM,
        OLLAMA,
        NONE
    }

    public SearchSettings {
        if (embedder == Kind.OLLAMA && ollamaUrl == null) {
            throw new IllegalArgumentException("the embedder ollama needs the address of an Ollama");
        }
    }

    /** The model by which texts are embedded; null for none. */
    @Nullable
    String model() {
        return switch (embedder) {
            case MINILM -> MiniLm.MODEL;
            case OLLAMA -> Ollama.PREFIX + ollamaModel;
            case NONE -> null;
        };
    }
}
