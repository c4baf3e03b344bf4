package dev.warder.record;

/** How a request ended. */
public enum RequestEnd {
    /** The client received a whole response, of any status, which Warder did not make in place of the upstream's. */
    OK("ok"),
    /** Warder refused it, because of a rule or for lack of room. */
    REFUSED("refused"),
    /** The client broke off. */
    CLIENT_GONE("client-gone"),
    /** The upstream broke off, or could not be reached. */
    UPSTREAM_LOST("upstream-lost"),
    /** A wait took too long. */
    TIMEOUT("timeout"),
    /** Warder stopped. */
    DRAINED("drained"),
    /** Warder failed, or the upstream's response cannot be used. */
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
