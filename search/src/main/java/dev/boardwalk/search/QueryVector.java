package dev.boardwalk.search;

import org.jspecify.annotations.Nullable;

/**
 * A vector to look for among those of one model.
 *
 * @param indexed vectors in the organisation's own index, if it has one; null means that all are compared
 */
record QueryVector(
        int model,
        float[] vector,
        double similarityMin,
        @Nullable Double indexed) {

    QueryVector withoutIndex() {
        return new QueryVector(model, vector, similarityMin, null);
    }
}
