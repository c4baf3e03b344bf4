package dev.warder.usage;

/**
 * Assumptions about the usage of a request where the upstream does not report it. Immutable.
 *
 * @param tokensPerByte of the body without images, see {@link PromptTokens#most}
 * @param longestPrompt the longest prompt that can be sent, in tokens
 * @param rate how fast its model generates
 */
public record UsageBounds(double tokensPerByte, long longestPrompt, OutputRate rate) {
    /** Refuses numbers of tokens that are not finite, or negative, and a prompt without a token. */
    public UsageBounds {
        if (!Double.isFinite(tokensPerByte) || tokensPerByte < 0 || longestPrompt < 1) {
            throw new IllegalArgumentException("a bound of usage is out of range");
        }
    }
}
