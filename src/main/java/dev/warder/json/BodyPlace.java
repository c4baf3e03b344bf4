package dev.warder.json;

/** Where the scan of a message's body is, with the names of {@link UnknownNames#NAMES}. One thread at a time. */
final class BodyPlace {
    private static final int NAMING_DEPTH = 3;
    private static final int NONE = -1;

    int depth;

    boolean isMember;

    String name = Words.UNKNOWN;

    long nameFrom;
    long nameTo;

    String top = Words.UNKNOWN;

    private boolean inContent;

    private int definition = NONE;

    void name(String next, long from, long to) {
        isMember = true;
        name = next;
        nameFrom = from;
        nameTo = to;
        if (depth == 1) {
            top = next;
            inContent = next.equals("messages") || next.equals("system");
        }
    }

    boolean isTop(String member) {
        return depth == 1 && name.equals(member);
    }

    boolean isIn(String member) {
        return top.equals(member);
    }

    boolean inDefinition() {
        return depth == definition;
    }

    boolean mayNameModel() {
        return depth > 1 && depth <= NAMING_DEPTH && !inContent || inDefinition();
    }

    private boolean isDefinition() {
        return inContent && name.equals("definition");
    }

    /** Whether the next value is a tool within another one, which hides its members. */
    boolean isHidden() {
        return isDefinition() && definition != NONE;
    }

    void open() {
        if (isDefinition()) {
            definition = depth + 1;
        }
        depth++;
        ended();
    }

    void close() {
        definition = depth == definition ? NONE : definition;
        depth--;
    }

    void ended() {
        isMember = false;
        name = Words.UNKNOWN;
    }
}
