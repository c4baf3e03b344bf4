package dev.warder.usage;

import dev.warder.json.BodyCosts.BodyPrompt;

/**
 * Assumptions about the usage of a request where the upstream does not report it, or has not yet. Immutable.
 *
 * @param tokensPerByte of the body without images, see {@link #prompt}
 * @param longestPrompt the longest prompt that can be sent, in tokens
 * @param rate how fast its model generates
 */
public record UsageBounds(double tokensPerByte, long longestPrompt, OutputRate rate) {
    /** The longest prompt of all models, in tokens. */
    public static final long LONGEST = 1_000_000;

    /** Few texts have more tokens for each byte. */
    public static final double FEW = 0.5;

    /** Models scale larger images down to this many tokens. Source: the vision page of the Anthropic documentation. */
    private static final long IMAGE = 4_800;

    /** Refuses numbers of tokens that are not finite, or negative, and a prompt without a token. */
    public UsageBounds {
        if (!Double.isFinite(tokensPerByte) || tokensPerByte < 0 || longestPrompt < 1) {
            throw new IllegalArgumentException("a bound of usage is out of range");
        }
    }

    /**
     * A bound of the tokens of a prompt, from 1 to {@code longest}.
     *
     * @param bytes the length of the body
     * @param perByte the tokens of each byte that is not of an image; not negative
     * @param longest the longest prompt that the model accepts; positive
     */
    public static long prompt(BodyPrompt prompt, long bytes, double perByte, long longest) {
        if (prompt.isUnbounded()) {
            return longest;
        }
        double text = Math.ceil(Math.max(0, bytes - prompt.imageBytes()) * perByte);
        double all = text + (double) prompt.images() * IMAGE + prompt.kept();
        return (long) Math.max(1, Math.min((double) longest, all));
    }
}
