package dev.warder.body;

/**
 * The client whose memory a body uses, and how much that client may hold at once.
 *
 * @param client the name of the client
 * @param most bytes of all its bodies together; its oldest body may take more
 */
public record MemoryShare(String client, long most) {
    /** For what no client is charged with. */
    public static final MemoryShare UNLIMITED = new MemoryShare("", Long.MAX_VALUE);
}
