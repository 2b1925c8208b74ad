package dev.boardwalk.search;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A model that an Ollama runs, over its {@code /api/embed}. Safe from any thread.
 *
 * <p>After some failures in a row nobody asks it for a while ({@link Circuit}); every call is bounded in time and in the
 * bytes that are read.
 */
final class Ollama implements Embedder {
    static final String PREFIX = "ollama:";

    /** Those who search wait no longer than this for the meaning; the words are there before. */
    private static final Duration QUERY_PATIENCE = Duration.ofSeconds(2);

    /** A batch on a slow machine, the loading of the model included. */
    private static final Duration BATCH_PATIENCE = Duration.ofSeconds(60);

    private static final int ANSWER_BYTES_MAX = 16 << 20;

    /** Postgres indexes and compares half vectors up to this many numbers. */
    private static final int DIMENSIONS_MAX = 16_000;

    private final URI address;
    private final String name;
    private final Circuit circuit = new Circuit();
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    Ollama(URI url, String name) {
        String base = url.toString();
        this.address = URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + "/api/embed");
        this.name = name;
    }

    @Override
    public String model() {
        return PREFIX + name;
    }

    @Override
    public double similarityMin() {
        return name.startsWith("nomic-embed-text") ? 0.55 : 0.35;
    }

    @Override
    public List<float[]> documents(List<String> texts) {
        return ask(texts.stream().map(text -> task("search_document: ") + text).toList(), BATCH_PATIENCE);
    }

    @Override
    public float[] query(String text) {
        return ask(List.of(task("search_query: ") + text), QUERY_PATIENCE).getFirst();
    }

    /** nomic-embed-text was taught with the task before each text; others were not. */
    private String task(String prefix) {
        return name.startsWith("nomic-embed-text") ? prefix : "";
    }

    private List<float[]> ask(List<String> texts, Duration patience) {
        return circuit.call(() -> {
            String body = new JsonObject()
                    .put("model", name)
                    .put("input", new JsonArray(texts))
                    .put("truncate", true)
                    .encode();
            HttpRequest request = HttpRequest.newBuilder(address)
                    .timeout(patience)
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(body))
                    .build();
            try {
                return read(send(request, patience), texts.size());
            } catch (IOException failure) {
                throw new EmbedderUnavailable("Ollama does not answer: " + failure, failure);
            }
        });
    }

    /** The whole answer within the time: a server that dribbles must not hold anybody up. */
    private String send(HttpRequest request, Duration patience) throws IOException {
        var answer = client.sendAsync(request, HttpResponse.BodyHandlers.ofInputStream())
                .thenApplyAsync(Ollama::bounded, Thread::startVirtualThread);
        try {
            return answer.get(patience.toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS);
        } catch (java.util.concurrent.TimeoutException slow) {
            answer.cancel(true);
            throw new EmbedderUnavailable("Ollama did not answer within " + patience.toSeconds() + " s", slow);
        } catch (java.util.concurrent.ExecutionException failure) {
            if (failure.getCause() instanceof EmbedderUnavailable known) {
                throw known;
            }
            throw new IOException(String.valueOf(failure.getCause()), failure.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new EmbedderUnavailable("interrupted", interrupted);
        }
    }

    private static String bounded(HttpResponse<InputStream> answer) {
        try (InputStream in = answer.body()) {
            byte[] bytes = in.readNBytes(ANSWER_BYTES_MAX);
            String text = new String(bytes, StandardCharsets.UTF_8);
            if (answer.statusCode() != 200) {
                throw new EmbedderUnavailable(
                        "Ollama answered " + answer.statusCode() + ": "
                                + Words.cut(text, 200).replace('\n', ' '),
                        null);
            }
            return text;
        } catch (IOException failure) {
            throw new EmbedderUnavailable("Ollama broke off its answer: " + failure, failure);
        }
    }

    /** Whatever it sends, either vectors come of it or an {@link EmbedderUnavailable}. */
    private static List<float[]> read(String answer, int wanted) {
        try {
            JsonArray embeddings = new JsonObject(answer).getJsonArray("embeddings");
            if (embeddings == null || embeddings.size() != wanted) {
                throw new EmbedderUnavailable("Ollama did not answer with " + wanted + " vectors", null);
            }
            List<float[]> vectors = new ArrayList<>();
            for (int i = 0; i < wanted; i++) {
                vectors.add(vector(embeddings.getJsonArray(i)));
                if (vectors.get(i).length != vectors.getFirst().length) {
                    throw new EmbedderUnavailable("Ollama answered with vectors of different lengths", null);
                }
            }
            return vectors;
        } catch (EmbedderUnavailable known) {
            throw known;
        } catch (RuntimeException garbage) {
            throw new EmbedderUnavailable("Ollama's answer cannot be understood", garbage);
        }
    }

    private static float[] vector(JsonArray numbers) {
        if (numbers.isEmpty() || numbers.size() > DIMENSIONS_MAX) {
            throw new EmbedderUnavailable("Ollama answered with a vector of " + numbers.size() + " numbers", null);
        }
        float[] vector = new float[numbers.size()];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = numbers.getFloat(i);
        }
        return Vectors.unit(vector);
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
