package dev.warder.usage;

/**
 * What is assumed of the usage of a request where the upstream does not report it. Immutable.
 *
 * @param tokensPerByte of the body without images, see {@link PromptTokens#most}
 * @param rate how fast its model generates
 */
public record UsageBounds(double tokensPerByte, OutputRate rate) {
    /** Refuses a number of tokens that is not finite, or negative. */
    public UsageBounds {
        if (!Double.isFinite(tokensPerByte) || tokensPerByte < 0) {
            throw new IllegalArgumentException("a bound of usage is out of range");
        }
    }
}
