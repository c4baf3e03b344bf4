package dev.warder.json;

import java.util.List;
import java.util.stream.Stream;

/**
 * The models that may run for a request in addition to the one that it asks for. Immutable.
 *
 * @param names the other models that the body names, at most eighteen; an empty name stands for any model
 * @param runs how many more times the upstream may read the prompt and generate a response: once for each of the {@code
 *     fallbacks}, for each compaction, and for a tool with a model
 * @param maxTokens the largest {@code max_tokens} of one of them; 0 where there is none
 */
public record OtherModels(List<String> names, int runs, long maxTokens) {
    public static final OtherModels NONE = new OtherModels(List.of(), 0, 0);

    OtherModels and(OtherModels more) {
        var all = Stream.concat(names.stream(), more.names.stream()).distinct().toList();
        return new OtherModels(all, Math.max(runs, more.runs), Math.max(maxTokens, more.maxTokens));
    }

    public OtherModels {
        names = List.copyOf(names);
    }
}
