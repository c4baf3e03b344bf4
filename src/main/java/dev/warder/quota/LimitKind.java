package dev.warder.quota;

/** The counted quantity of a limit. */
enum LimitKind {
    REQUESTS("requests", "requests per minute"),
    /** All other requests to the upstream, such as token counts and lists of models, in a minute. */
    OTHER_REQUESTS("other_requests", "requests per minute"),
    /** Tokens of prompts in a minute, those that were read from the upstream's cache excepted. */
    INPUT_TOKENS("input_tokens", "input tokens per minute"),
    OUTPUT_TOKENS("output_tokens", "output tokens per minute"),
    CONCURRENT("concurrent", "requests at the same time");

    final String word;
    final String words;

    LimitKind(String word, String words) {
        this.word = word;
        this.words = words;
    }

    boolean isOfTokens() {
        return this == INPUT_TOKENS || this == OUTPUT_TOKENS;
    }
}
