package dev.boardwalk.search;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.io.InputStream;
import java.nio.LongBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * all-MiniLM-L6-v2, quantised, in this process: 384 numbers a text, without a network.
 *
 * <p>Loaded at its first use. One thread computes at a time, so that a machine full of texts to embed still edits; those
 * who ask go before those who index, since indexing takes few texts at a time. Safe from any thread.
 */
final class MiniLm implements Embedder {
    static final String MODEL = "all-minilm-l6-v2-q";

    private static final int DIMENSIONS = 384;

    /** Tokens of one text that are read: the model was taught with 128, and copes with twice that. */
    private static final int TOKENS_MAX = 256;

    /** Fair: who asks waits for one text at most. */
    private final Semaphore turn = new Semaphore(1, true);

    private volatile @Nullable Loaded loaded;

    private record Loaded(OrtEnvironment environment, OrtSession session, WordPiece tokenizer) {}

    /** Half of a text or more is in what the model was not taught. */
    private static final class UnknownScript extends EmbedderUnavailable {
        private static final long serialVersionUID = 1L;

        UnknownScript() {
            super("the model " + MODEL + " does not know this script", null);
        }
    }

    @Override
    public String model() {
        return MODEL;
    }

    @Override
    public double similarityMin() {
        return 0.3;
    }

    @Override
    public List<float[]> documents(List<String> texts) {
        List<float[]> vectors = new ArrayList<>();
        for (String text : texts) {
            try {
                vectors.add(query(text));
            } catch (UnknownScript nothingKnown) {
                // Found by its words; a vector of unknowns would be near to everything odd.
            }
        }
        return vectors;
    }

    @Override
    public float[] query(String text) {
        turn.acquireUninterruptibly();
        try {
            return run(loaded(), text);
        } catch (OrtException failure) {
            throw new EmbedderUnavailable("the model cannot be run: " + failure.getMessage(), failure);
        } finally {
            turn.release();
        }
    }

    @Override
    public @Nullable Predicate<String> vocabulary() {
        Loaded before = loaded;
        if (before != null) {
            return before.tokenizer::isWord;
        }
        turn.acquireUninterruptibly();
        try {
            return loaded().tokenizer::isWord;
        } catch (OrtException | EmbedderUnavailable failure) {
            // Whoever asks for a vector next hears of it.
            return null;
        } finally {
            turn.release();
        }
    }

    /** For who has the turn. */
    private Loaded loaded() throws OrtException {
        Loaded here = loaded;
        if (here == null) {
            here = load();
            loaded = here;
        }
        return here;
    }

    private static Loaded load() throws OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            // Memory goes back after each text instead of staying at the longest one's.
            options.setCPUArenaAllocator(false);
            options.setMemoryPatternOptimization(false);
            OrtSession session = environment.createSession(resource("/all-minilm-l6-v2-q.onnx"), options);
            String tokenizer = new String(resource("/all-minilm-l6-v2-q-tokenizer.json"), StandardCharsets.UTF_8);
            return new Loaded(environment, session, new WordPiece(tokenizer));
        }
    }

    private static float[] run(Loaded loaded, String text) throws OrtException {
        long[] tokens = loaded.tokenizer.tokens(text, TOKENS_MAX);
        if (!knows(text, tokens)) {
            throw new UnknownScript();
        }
        long[] attention = new long[tokens.length];
        java.util.Arrays.fill(attention, 1);
        long[] shape = {1, tokens.length};
        try (OnnxTensor ids = OnnxTensor.createTensor(loaded.environment, LongBuffer.wrap(tokens), shape);
                OnnxTensor mask = OnnxTensor.createTensor(loaded.environment, LongBuffer.wrap(attention), shape);
                OnnxTensor types =
                        OnnxTensor.createTensor(loaded.environment, LongBuffer.wrap(new long[tokens.length]), shape);
                OrtSession.Result result =
                        loaded.session.run(Map.of("input_ids", ids, "attention_mask", mask, "token_type_ids", types))) {
            return mean(((float[][][]) result.get(0).getValue())[0]);
        }
    }

    /**
     * Whether half of the text or more is in words that the model was taught. Of other scripts than the Latin one it has
     * no more than single letters, which mean nothing.
     */
    private static boolean knows(String text, long[] tokens) {
        long letters = text.codePoints().filter(Character::isLetter).count();
        long latin = text.codePoints()
                .filter(letter -> Character.UnicodeScript.of(letter) == Character.UnicodeScript.LATIN)
                .count();
        long unknown = LongStream.of(tokens)
                .filter(token -> token == WordPiece.UNKNOWN)
                .count();
        return 2 * latin >= letters && 2 * unknown < tokens.length - 2;
    }

    /** The mean of the tokens' vectors, of length one. */
    private static float[] mean(float[][] tokens) {
        float[] mean = new float[DIMENSIONS];
        for (float[] token : tokens) {
            for (int i = 0; i < DIMENSIONS; i++) {
                mean[i] += token[i];
            }
        }
        return Vectors.unit(mean);
    }

    private static byte[] resource(String name) {
        try (InputStream in = MiniLm.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new EmbedderUnavailable("the model is not on the class path: " + name, null);
            }
            return in.readAllBytes();
        } catch (IOException failure) {
            throw new EmbedderUnavailable("the model cannot be read: " + name, failure);
        }
    }

    @Override
    public void close() {
        turn.acquireUninterruptibly();
        try {
            Loaded here = loaded;
            loaded = null;
            if (here != null) {
                here.session.close();
            }
        } catch (OrtException failure) {
            throw new IllegalStateException("the model cannot be closed", failure);
        } finally {
            turn.release();
        }
    }
}
