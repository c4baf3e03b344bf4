package dev.warder.stream;

/** The deltas of a content block whose value is a text. */
public enum DeltaKind {
    TEXT("text_delta", "text"),
    INPUT("input_json_delta", "partial_json"),
    THINKING("thinking_delta", "thinking"),
    SIGNATURE("signature_delta", "signature");

    public final String type;

    public final String member;

    DeltaKind(String type, String member) {
        this.type = type;
        this.member = member;
    }
}
