package dev.warder.quota;

import dev.warder.http.Dialect;
import dev.warder.json.BodyPrompt;
import dev.warder.usage.OutputRate;
import dev.warder.usage.UsageBounds;
import java.util.Optional;

/**
 * The facts of a metered request. Immutable.
 *
 * @param id Warder's id of the request
 * @param bytes the length of its body
 * @param prompt what its body states about the length of its prompt
 * @param fast whether it asks for the fast mode
 * @param whole whether its response is not streamed, so that nothing is known of it before its end
 * @param firstOutput tokens of the response that are held from the beginning
 * @param longestPrompt the longest prompt that it can have, in tokens
 * @param tokensPerByte what was learned of such prompts of the client, with a margin; empty if nothing was
 * @param rate how fast its model generates
 */
public record MeteredRequest(
        String id,
        String client,
        String model,
        Dialect dialect,
        long bytes,
        BodyPrompt prompt,
        boolean fast,
        boolean whole,
        long firstOutput,
        long longestPrompt,
        Optional<Double> tokensPerByte,
        OutputRate rate) {
    public UsageBounds bounds() {
        return new UsageBounds(tokensPerByte.orElse(UsageBounds.FEW), longestPrompt, rate);
    }
}
