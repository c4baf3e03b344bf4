package dev.warder.openai.output;

/** The status of an item. */
enum ItemStatus {
    IN_PROGRESS("in_progress"),
    COMPLETED("completed"),
    /** The message ended before the item did. */
    INCOMPLETE("incomplete");

    private final String word;

    ItemStatus(String word) {
        this.word = word;
    }

    /** The value of {@code status}. */
    String word() {
        return word;
    }

    /** The last member of an item, and its end. */
    String end() {
        return ",\"status\":\"" + word + "\"}";
    }
}
