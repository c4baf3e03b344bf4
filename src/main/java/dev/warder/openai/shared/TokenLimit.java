package dev.warder.openai.shared;

import dev.warder.edit.ModelCapabilities;
import java.util.List;

/**
 * The most tokens of a response, which include the thinking. Immutable.
 *
 * @param tokens at least 1
 * @param most the value up to which a thinking budget may raise it: a limit that the client named is never raised
 */
public record TokenLimit(long tokens, long most) {
    /**
     * Reads the limits that the client named, of which the smallest counts; the others are listed.
     *
     * @param usual applies where the client named none
     * @param members the names of the limits
     */
    public static TokenLimit read(Members top, ModelCapabilities model, long usual, List<String> members)
            throws RefusedException {
        long least = Long.MAX_VALUE;
        String counts = "";
        for (String member : members) {
            long named = top.whole(member, 1).orElse(Long.MAX_VALUE);
            counts = named < least ? member : counts;
            least = Math.min(named, least);
        }
        for (String member : members) {
            if (!member.equals(counts)) {
                top.ignore(member);
            }
        }
        long tokens = Math.min(counts.isEmpty() ? usual : least, model.maxTokens());
        return new TokenLimit(tokens, counts.isEmpty() ? model.maxTokens() : tokens);
    }
}
