package dev.warder.openai;

/** The deltas of a content block that a chat client gets to read. */
enum DeltaKind {
    TEXT("text_delta", "text"),
    INPUT("input_json_delta", "partial_json"),
    THINKING("thinking_delta", "thinking");

    /** The delta's {@code type}. */
    final String type;

    /** The name of the member that holds the piece. */
    final String member;

    DeltaKind(String type, String member) {
        this.type = type;
        this.member = member;
    }
}
