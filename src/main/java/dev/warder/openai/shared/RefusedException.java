package dev.warder.openai.shared;

/** Leaves the reading of a request that is refused; the reader catches it. */
public final class RefusedException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient RequestRefusal refusal;

    public RefusedException(RequestRefusal refusal) {
        super(refusal.message());
        this.refusal = refusal;
    }

    /** 400 with {@code param}. */
    public static RefusedException invalid(String param, String message) {
        return new RefusedException(RequestRefusal.invalid(param, message));
    }

    public RequestRefusal refusal() {
        return refusal;
    }
}
