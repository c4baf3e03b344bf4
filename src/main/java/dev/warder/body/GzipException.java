package dev.warder.body;

/** Gzip content that is refused. */
public final class GzipException extends Exception {
    /** The reasons. */
    public enum Problem {
        /** Decoded, the content is longer than allowed, or more than 100 times as long as coded. */
        TOO_LARGE("the gzip content is too large once decoded"),
        /** The content is not gzip, is damaged or truncated, or is followed by other bytes. */
        BROKEN("the gzip content is broken");

        private final String message;

        Problem(String message) {
            this.message = message;
        }
    }

    private final Problem problem;

    /** Creates the exception; for the decoder, and for receivers of decoded bytes. */
    public GzipException(Problem problem) {
        super(problem.message);
        this.problem = problem;
    }

    /** Throws {@link Problem#BROKEN} unless {@code intact}. */
    static void require(boolean intact) throws GzipException {
        if (!intact) {
            throw new GzipException(Problem.BROKEN);
        }
    }

    public Problem problem() {
        return problem;
    }
}
