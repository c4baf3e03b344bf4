package dev.warder.openai.request;

/** Leaves a translation that is refused; caught where it began. */
final class RefusedException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient RequestRefusal refusal;

    RefusedException(RequestRefusal refusal) {
        super(refusal.message());
        this.refusal = refusal;
    }

    /** 400 with {@code param}. */
    static RefusedException invalid(String param, String message) {
        return new RefusedException(RequestRefusal.invalid(param, message));
    }

    RequestRefusal refusal() {
        return refusal;
    }
}
