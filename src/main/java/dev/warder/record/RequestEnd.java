package dev.warder.record;

import dev.warder.http.AsyncReply.AsyncOutcome;

/** How a request ended. */
public enum RequestEnd {
    /** The client received a complete response, of any status, which Warder did not produce in place of the upstream's. */
    OK("ok"),
    /** Warder refused the request, because of a rule or for lack of capacity. */
    REFUSED("refused"),
    /** Warder cut the request because a budget is spent, before it was sent upstream or during its response. */
    BUDGET("budget"),
    CLIENT_GONE("client-gone"),
    /** The upstream closed the connection too early, or could not be reached. */
    UPSTREAM_LOST("upstream-lost"),
    TIMEOUT("timeout"),
    DRAINED("drained"),
    /** Warder failed, or the upstream's response could not be used. */
    ERROR("error");

    private final String word;

    RequestEnd(String word) {
        this.word = word;
    }

    public String word() {
        return word;
    }

    static RequestEnd of(AsyncOutcome.End how) {
        return switch (how) {
            case TIMED_OUT -> TIMEOUT;
            case CLIENT_GONE -> CLIENT_GONE;
            case FAILED -> ERROR;
        };
    }
}
