package dev.warder.openai.responses;

/** The status of an item. */
enum ItemStatus {
    IN_PROGRESS("in_progress"),
    COMPLETED("completed"),
    /** The message ended before the item did, or before a call's input. */
    INCOMPLETE("incomplete"),
    FAILED("failed");

    private final String word;

    ItemStatus(String word) {
        this.word = word;
    }

    String end() {
        return ",\"status\":\"" + word + "\"}";
    }
}
