package dev.warder.openai;

import java.nio.charset.StandardCharsets;

/** Where in a chunk's delta the pieces of a content block go: a string literal fits between its two halves. Immutable. */
final class DeltaPlace {
    static final DeltaPlace CONTENT = new DeltaPlace("{\"content\":", "}");
    static final DeltaPlace REASONING = new DeltaPlace("{\"reasoning_content\":", "}");
    static final DeltaPlace REFUSAL = new DeltaPlace("{\"refusal\":", "}");
    static final DeltaPlace FUNCTION = new DeltaPlace("{\"function_call\":{\"arguments\":", "}}");

    private final byte[] before;
    private final byte[] after;

    private DeltaPlace(String before, String after) {
        this.before = before.getBytes(StandardCharsets.US_ASCII);
        this.after = after.getBytes(StandardCharsets.US_ASCII);
    }

    /** The arguments of a call, which are counted from 0. */
    static DeltaPlace arguments(int call) {
        return new DeltaPlace("{\"tool_calls\":[{\"index\":" + call + ",\"function\":{\"arguments\":", "}}]}");
    }

    byte[] before() {
        return before;
    }

    byte[] after() {
        return after;
    }
}
