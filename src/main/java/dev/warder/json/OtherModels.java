package dev.warder.json;

import java.util.List;
import java.util.stream.Stream;

/**
 * What may run for a request in addition to the model that it asks for. Immutable.
 *
 * @param names the other models that the body names, at most eighteen; an empty name stands for any model
 * @param runs how many more times the upstream may read the prompt and generate a response: once for each of the {@code
 *     fallbacks}, and for each compaction
 */
public record OtherModels(List<String> names, int runs) {
    /** Nothing. */
    public static final OtherModels NONE = new OtherModels(List.of(), 0);

    /** These models and those, for the same request; the larger number of runs. */
    OtherModels and(OtherModels more) {
        var all = Stream.concat(names.stream(), more.names.stream()).distinct().toList();
        return new OtherModels(all, Math.max(runs, more.runs));
    }

    /** Copies the names. */
    public OtherModels {
        names = List.copyOf(names);
    }
}
