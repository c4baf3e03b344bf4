package dev.warder.body;

/** Coded content that is refused. */
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

    /** For the decoder, and for what receives decoded bytes. */
    public GzipException(Problem problem) {
        super(problem.message);
        this.problem = problem;
    }

    /** {@link Problem#BROKEN}, unless {@code intact}. */
    static void require(boolean intact) throws GzipException {
        if (!intact) {
            throw new GzipException(Problem.BROKEN);
        }
    }

    /** Why the body is refused; the message gives a client the same reason. */
    public Problem problem() {
        return problem;
    }
}
