package dev.boardwalk.search;

import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A model that turns texts into vectors, such that texts of like meaning have vectors of like direction. */
public interface Embedder extends AutoCloseable {

    /** Names the vectors it makes: those of different names do not compare. */
    String model();

    /** Cosine that the best find must have, lest the question be about nothing that is there; by experience with the model. */
    double similarityMin();

    /**
     * A vector for each text that is to be found, but for those that the model knows nothing of; blocks. Fails with {@link EmbedderUnavailable}.
     */
    List<float[]> documents(List<String> texts);

    /** The vector of what is looked for; blocks, not for long. Fails with {@link EmbedderUnavailable}. */
    float[] query(String text);

    /** Tells words that the model was taught as such, which are therefore not misspelt; null if it cannot be told. */
    default @Nullable Predicate<String> vocabulary() {
        return null;
    }

    @Override
    void close();
}
