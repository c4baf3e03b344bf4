package dev.warder.json;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The members of a body of the Messages API that decide its cost, apart from the model and {@code max_tokens}. Immutable.
 *
 * @param prompt what decides about the length of the prompt; it has any length where the body continues a thread about which
 *     nothing is known
 * @param cachesForAnHour whether a part of the prompt is to be kept in the cache for an hour
 * @param fast whether {@code speed} asks for the fast mode
 * @param geo the place that {@code inference_geo} asks for; at most 32 characters
 * @param others what may run in addition to the model of the request
 * @param thread the thread that the upstream keeps
 * @param unknown members and types that Warder does not know, at most nine; an empty one stands for any
 * @param billsProfile whether {@code billing_policy} has the customer behind a user profile billed, and not the operator
 */
public record BodyCosts(
        BodyPrompt prompt,
        boolean cachesForAnHour,
        boolean fast,
        Optional<String> geo,
        OtherModels others,
        Optional<BodyThread> thread,
        List<String> unknown,
        boolean billsProfile) {
    public BodyCosts {
        unknown = List.copyOf(unknown);
    }

    public static final BodyCosts NONE = of(BodyPrompt.TEXT);

    /** Those of a body that is not read and whose length is of no use, because it is coded. */
    public static final BodyCosts OF_CODED = of(BodyPrompt.OF_CODED);

    private static BodyCosts of(BodyPrompt prompt) {
        return new BodyCosts(
                prompt, false, false, Optional.empty(), OtherModels.NONE, Optional.empty(), List.of(), false);
    }

    /**
     * These costs after a conversation that the upstream keeps. The body of a request that continues it has no tools: they
     * are those of the request that began it, and so is what follows from them.
     *
     * @param tokens of the conversation
     * @param keeper the name of the credential whose organization keeps it
     * @param began the costs of the request before
     */
    public BodyCosts after(long tokens, String keeper, BodyCosts began) {
        var held = thread.map(each -> new BodyThread(true, each.previousMessageId(), Optional.of(keeper)));
        return new BodyCosts(
                prompt.after(tokens, began.prompt()),
                cachesForAnHour || began.cachesForAnHour,
                fast,
                geo.or(began::geo),
                others.and(began.others),
                held,
                Stream.concat(unknown.stream(), began.unknown.stream())
                        .distinct()
                        .toList(),
                billsProfile);
    }

    public BodyCosts withAnyPrompt() {
        var any = prompt.withKept(BodyPrompt.ANY);
        return new BodyCosts(any, cachesForAnHour, fast, geo, others, thread, unknown, billsProfile);
    }
}
