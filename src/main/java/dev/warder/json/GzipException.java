package dev.warder.json;

/** A coded body that is refused. */
public final class GzipException extends Exception {
    private static final long serialVersionUID = 1;

    /** Why it is refused. */
    public enum Problem {
        /** Decoded it is longer than allowed, or more than 100 times as long as coded. */
        TOO_LARGE("the gzip content is too large once decoded"),
        /** It is no gzip, damaged, cut off, or followed by something else. */
        BROKEN("the gzip content is broken");

        private final String message;

        Problem(String message) {
            this.message = message;
        }
    }

    private final Problem problem;

    GzipException(Problem problem) {
        super(problem.message);
        this.problem = problem;
    }

    /** Why it is refused; the message says the same to a client. */
    public Problem problem() {
        return problem;
    }
}
