package dev.boardwalk.gateway;

/** A request that ends with a {@link Problem}. */
final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    ProblemException(Problem problem) {
        // Part of the normal course of a request: nobody reads where it was thrown.
        super(problem.code() + ": " + problem.detail(), null, false, false);
        this.problem = problem;
    }

    ProblemException(int status, String code, String detail) {
        this(new Problem(status, code, detail));
    }

    Problem problem() {
        return problem;
    }
}
