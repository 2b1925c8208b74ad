package dev.boardwalk.search;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.boardwalk.store.OrganisationId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What questions mean: their vectors, by each model that there are vectors of. While everything is embedded anew by
 * another model, what is not yet is found by the one before.
 */
final class Meaning implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Meaning.class);

    /** People type the same questions, and each letter of a question is one. 1.5 KB each. */
    private static final int QUESTIONS_MAX = 5_000;

    /** How long a change of the models and of the indexes over their vectors may go unnoticed. */
    private static final Duration MODELS_AGE_MAX = Duration.ofSeconds(2);

    private static final String MODELS = """
            select model_id, name from search.model m
            where name = ? or exists (select from search.unembedded)
            order by model_id
            """;

    private record Asked(String model, String text) {}

    private record Models(Map<String, Integer> numbers, Map<NearIndex, Double> indexes, long readNanos) {}

    private final SearchSettings settings;
    private final DataSource connections;
    private final Map<String, Embedder> embedders = new HashMap<>();
    private final Cache<Asked, float[]> vectors =
            Caffeine.newBuilder().maximumSize(QUESTIONS_MAX).build();
    private volatile @Nullable Models models;

    Meaning(SearchSettings settings, DataSource connections) {
        this.settings = settings;
        this.connections = connections;
        embedders.put(MiniLm.MODEL, new MiniLm());
    }

    /** What texts are embedded by; null for none. */
    @Nullable
    Embedder present() {
        String model = settings.model();
        return model == null ? null : embedder(model);
    }

    /** The vectors of a question; what could not be had is noted with the reason. */
    List<QueryVector> of(OrganisationId organisation, String text, Map<String, String> leftOut) throws SQLException {
        String present = settings.model();
        if (present == null) {
            leftOut.put("meaning", "the embedder is switched off (BOARDWALK_EMBEDDER=none)");
            return List.of();
        }
        List<QueryVector> known = new ArrayList<>();
        Models here = models(present);
        for (Map.Entry<String, Integer> model : here.numbers.entrySet()) {
            Embedder embedder = embedder(model.getKey());
            if (embedder == null) {
                continue;
            }
            try {
                float[] vector = vectors.get(new Asked(model.getKey(), text), _ -> embedder.query(text));
                NearIndex index = new NearIndex(organisation.value(), model.getValue(), vector.length);
                known.add(new QueryVector(model.getValue(), vector, embedder.similarityMin(), here.indexes.get(index)));
            } catch (RuntimeException failure) {
                String reason = failure instanceof EmbedderUnavailable away ? away.reason() : failure.toString();
                log.debug("question not embedded model={} cause=\"{}\"", model.getKey(), reason);
                leftOut.put("meaning", reason);
            }
        }
        return known;
    }

    private Models models(String present) throws SQLException {
        Models here = models;
        if (here != null && System.nanoTime() - here.readNanos < MODELS_AGE_MAX.toNanos()) {
            return here;
        }
        Map<String, Integer> numbers = new HashMap<>();
        Map<NearIndex, Double> indexes;
        try (Connection connection = connections.getConnection();
                PreparedStatement query = connection.prepareStatement(MODELS)) {
            query.setString(1, present);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    numbers.put(row.getString("name"), row.getInt("model_id"));
                }
            }
            indexes = new NearIndexes(connection).usable();
        }
        Models read = new Models(numbers, indexes, System.nanoTime());
        models = read;
        return read;
    }

    /** Null if the settings do not say how to reach it. */
    private @Nullable Embedder embedder(String model) {
        synchronized (embedders) {
            Embedder known = embedders.get(model);
            if (known == null && model.startsWith(Ollama.PREFIX) && settings.ollamaUrl() != null) {
                known = new Ollama(settings.ollamaUrl(), model.substring(Ollama.PREFIX.length()));
                embedders.put(model, known);
            }
            return known;
        }
    }

    @Override
    public void close() {
        synchronized (embedders) {
            embedders.values().forEach(Embedder::close);
        }
    }
}
