package dev.warder.openai;

/** Leaves a translation that is refused; caught where it began. */
final class RefusedException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient ChatRefusal refusal;

    RefusedException(ChatRefusal refusal) {
        super(refusal.message());
        this.refusal = refusal;
    }

    /** 400 with {@code param}. */
    static RefusedException invalid(String param, String message) {
        return new RefusedException(ChatRefusal.invalid(param, message));
    }

    ChatRefusal refusal() {
        return refusal;
    }
}
