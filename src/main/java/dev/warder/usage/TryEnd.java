package dev.warder.usage;

/** How a try ended. */
public enum TryEnd {
    COMPLETE("complete"),
    /** The response is whole; it is an error, or has one as its last event. */
    ERROR("error"),
    CUT_OFF("cut-off"),
    /** No response came: the connection failed, or the upstream closed it. */
    UNANSWERED("no-response"),
    /** Warder cancelled the try: the client left, a limit was exceeded, or another credential took over. */
    CANCELLED("cancelled"),
    /** Warder was stopped before the try ended. */
    UNKNOWN("unknown");

    private final String word;

    TryEnd(String word) {
        this.word = word;
    }

    public String word() {
        return word;
    }
}
