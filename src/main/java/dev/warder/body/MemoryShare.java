package dev.warder.body;

/**
 * The client whose memory a body uses, and the most that this client may hold at once.
 *
 * @param client the name of the client
 * @param most bytes of all its bodies together; its oldest body may exceed this
 */
public record MemoryShare(String client, long most) {
    public static final MemoryShare UNLIMITED = new MemoryShare("", Long.MAX_VALUE);
}
