package dev.warder.record;

/** How a request ended. */
public enum RequestEnd {
    /** The client got a whole response, of whatever status, that Warder did not make in place of the upstream's. */
    OK("ok"),
    /** Warder did not serve it, by a rule or for lack of room. */
    REFUSED("refused"),
    /** The client broke off. */
    CLIENT_GONE("client-gone"),
    /** The upstream broke off, or could not be reached. */
    UPSTREAM_LOST("upstream-lost"),
    /** Something was waited for too long. */
    TIMEOUT("timeout"),
    /** Warder stopped. */
    DRAINED("drained"),
    /** Something failed here, or what the upstream sent cannot be used. */
    ERROR("error");

    private final String word;

    RequestEnd(String word) {
        this.word = word;
    }

    /** The word for logs and metrics: lower case, with hyphens. */
    public String word() {
        return word;
    }
}
