package dev.warder.stream;

/** The deltas of a content block whose value is a text. */
public enum DeltaKind {
    /** Text of the response. */
    TEXT("text_delta", "text"),
    /** A piece of the JSON of a tool's input. */
    INPUT("input_json_delta", "partial_json"),
    /** Thinking. */
    THINKING("thinking_delta", "thinking"),
    /** The signature of thinking. */
    SIGNATURE("signature_delta", "signature");

    /** The delta's {@code type}. */
    public final String type;

    /** The name of the member that holds the piece. */
    public final String member;

    DeltaKind(String type, String member) {
        this.type = type;
        this.member = member;
    }
}
