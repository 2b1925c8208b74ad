package dev.boardwalk.search;

/** Arithmetic on vectors. */
final class Vectors {
    private Vectors() {}

    /** Of length one in the same direction; fails with {@link IllegalArgumentException} if there is no direction. */
    static float[] unit(float[] vector) {
        double sum = 0;
        for (float number : vector) {
            sum += (double) number * number;
        }
        double length = Math.sqrt(sum);
        if (!(length > 0) || Double.isInfinite(length)) {
            throw new IllegalArgumentException("a vector of length " + length + " has no direction");
        }
        float[] unit = new float[vector.length];
        for (int i = 0; i < vector.length; i++) {
            unit[i] = (float) (vector[i] / length);
        }
        return unit;
    }
}
