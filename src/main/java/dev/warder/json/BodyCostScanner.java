package dev.warder.json;

import dev.warder.body.Chunks;
import dev.warder.json.BodyCosts.BodyPrompt;
import dev.warder.json.BodyCosts.BodyThread;
import dev.warder.json.BodyCosts.OtherModels;
import java.util.Optional;

/**
 * Finds the {@link BodyCosts} of a body in the same pass as its outline. It looks at few names. Memory: constant. One
 * thread at a time.
 */
final class BodyCostScanner {
    private static final String BILLING_POLICY = "billing_policy";
    private static final int QUOTES = 2;

    /** The longest name of a place that is kept, in bytes with its quotes. */
    private static final int LONGEST_GEO = 32 + QUOTES;

    /** The depth of the members of one of the {@code fallbacks}, which may have a speed of its own. */
    private static final int OF_FALLBACK = 3;

    private final Chunks body;
    private final BodyPromptScanner prompt;
    private final UnknownNames unknown;
    private boolean cachesForAnHour;
    private boolean fast;
    private Optional<String> geo = Optional.empty();
    private boolean billsProfile;

    /** Whether a member leaves open who is billed: that of the last one of doubled names, or one of another value. */
    private boolean billsOperator;

    BodyCostScanner(Chunks body) {
        this.body = body;
        this.prompt = new BodyPromptScanner(body);
        this.unknown = new UnknownNames(body);
    }

    BodyCosts costs(OtherModels others, Optional<BodyThread> thread) {
        var found = prompt.prompt();
        boolean continues = thread.isPresent() && thread.get().continues();
        return new BodyCosts(
                continues ? found.withKept(BodyPrompt.ANY) : found,
                cachesForAnHour,
                fast,
                geo,
                others,
                thread,
                unknown.found(),
                billsProfile && !billsOperator);
    }

    void open(BodyPlace place, JsonKind kind) {
        prompt.open(place, kind);
        unknown.open(place);
        billsOperator |= billsProfile && place.isTop(BILLING_POLICY);
    }

    void close(BodyPlace place) {
        prompt.close(place);
        unknown.close(place);
    }

    void scalar(BodyPlace place, JsonKind kind, long from, long to) {
        unknown.scalar(place, kind, from, to);
        billsOperator |= billsProfile && place.isTop(BILLING_POLICY);
        boolean isBillTo = place.depth == 2 && place.isIn(BILLING_POLICY) && place.name.equals("bill_to");
        if (kind == JsonKind.STRING) {
            prompt.string(place, from, to);
            string(place, from, to);
            boolean isProfile = isBillTo && is(from, to, "user_profile");
            billsProfile |= isProfile;
            billsOperator |= isBillTo && !isProfile;
        } else {
            billsOperator |= isBillTo;
        }
    }

    private void string(BodyPlace place, long from, long to) {
        if (place.name.equals("ttl")) {
            cachesForAnHour |= is(from, to, "1h");
        } else if ((place.depth == 1 || place.depth == OF_FALLBACK) && place.name.equals("speed")) {
            fast |= is(from, to, "fast");
        } else if (place.isTop("inference_geo") && to - from <= LONGEST_GEO) {
            geo = Optional.of(new JsonText(body, from, to).value());
        }
    }

    private boolean is(long from, long to, String text) {
        return new JsonText(body, from, to).is(text);
    }
}
