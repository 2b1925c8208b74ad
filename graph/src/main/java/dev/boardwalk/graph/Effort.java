package dev.boardwalk.graph;

/**
 * What one question has cost so far. Every now and then it looks whether anybody still wants the answer, and lets other
 * questions compute. For the thread that computes, inside {@link Scratch#use}.
 */
final class Effort {
    /** Relationships between two looks: some tens of microseconds. */
    private static final int STEPS_BETWEEN_LOOKS = 16_384;

    private final Question question;
    private long steps;
    private long nextLook = STEPS_BETWEEN_LOOKS;

    Effort(Question question) {
        this.question = question;
    }

    /**
     * Counts a vertex and so many relationships.
     *
     * @return whether the question may go on
     * @throws GraphException.Cancelled if nobody waits for the answer any more
     */
    boolean spend(int relationships) {
        steps += relationships + 1;
        if (steps >= nextLook) {
            nextLook = steps + STEPS_BETWEEN_LOOKS;
            boolean wanted = Scratch.outOfTurn(() -> !question.cancelled().getAsBoolean());
            if (!wanted || Thread.currentThread().isInterrupted()) {
                throw new GraphException.Cancelled("the question was given up");
            }
        }
        return steps <= question.steps();
    }
}
