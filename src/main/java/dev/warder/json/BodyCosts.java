package dev.warder.json;

import java.util.Optional;

/**
 * What a body of the Messages API states about its cost, apart from the model and {@code max_tokens}. Immutable.
 *
 * @param prompt what decides about the length of the prompt
 * @param cachesForAnHour whether a part of the prompt is to be kept in the cache for an hour
 * @param fast whether {@code speed} asks for the fast mode
 * @param geo the place that {@code inference_geo} asks for; at most 32 characters
 * @param others what may run in addition to the model of the request
 */
public record BodyCosts(
        BodyPrompt prompt, boolean cachesForAnHour, boolean fast, Optional<String> geo, OtherModels others) {
    /** Nothing of this, or nothing is known. */
    public static final BodyCosts NONE =
            new BodyCosts(BodyPrompt.TEXT, false, false, Optional.empty(), OtherModels.NONE);

    /** Those of a body that is not read and whose length is of no use, because it is coded. */
    public static final BodyCosts OF_CODED =
            new BodyCosts(BodyPrompt.OF_CODED, false, false, Optional.empty(), OtherModels.NONE);
}
