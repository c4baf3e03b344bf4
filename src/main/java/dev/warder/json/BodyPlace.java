package dev.warder.json;

/** Where the scan of a message's body is, with the names of {@link UnknownNames#NAMES}. One thread at a time. */
final class BodyPlace {
    private static final int NAMING_DEPTH = 3;
    private static final int NONE = -1;

    /** The number of open objects and arrays. */
    int depth;

    /** Whether a member's value comes next; false for the elements of arrays. */
    boolean isMember;

    /** The name of that member; empty where it is not known. */
    String name = Words.UNKNOWN;

    long nameFrom;
    long nameTo;

    /** The name of the last top-level member. */
    String top = Words.UNKNOWN;

    private boolean inContent;

    /** The depth of the members of the tool that a message adds. */
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

    /** Whether the value of this top-level member comes next. */
    boolean isTop(String member) {
        return depth == 1 && name.equals(member);
    }

    boolean isIn(String member) {
        return top.equals(member);
    }

    /** Whether the value is a member of a tool that a message adds. */
    boolean inDefinition() {
        return depth == definition;
    }

    /** Whether a member {@code model} here names one. */
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

    /** Enters the object or array that is the next value. */
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

    /** Leaves a value. */
    void ended() {
        isMember = false;
        name = Words.UNKNOWN;
    }
}
