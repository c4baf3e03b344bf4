package dev.warder.json;

import dev.warder.body.Chunks;
import java.util.Optional;

/**
 * Finds the {@link BodyCosts} of a body in the same pass as its outline. It looks at few names. Memory: constant. One thread at
 * a time.
 */
final class BodyCostScanner {
    private static final int QUOTES = 2;

    /** The longest name of a place that is kept, in bytes with its quotes. */
    private static final int LONGEST_GEO = 32 + QUOTES;

    /** The depth of the members of one of the {@code fallbacks}, which may have a speed of its own. */
    private static final int OF_FALLBACK = 3;

    /** The members that are looked for. */
    private enum Name {
        OTHER,
        SPEED,
        GEO,
        TTL,
        BILL_TO
    }

    private final Chunks body;
    private final BodyPromptScanner prompt;
    private final OtherModelScanner others;
    private final ThreadScanner thread;
    private final UnknownNames unknown;
    private Name name = Name.OTHER;
    private boolean cachesForAnHour;
    private boolean fast;
    private Optional<String> geo = Optional.empty();
    private boolean inBillingPolicy;
    private boolean billsProfile;

    /** Whether a member leaves open who is billed: that of the last one of doubled names, or one of another value. */
    private boolean billsOperator;

    BodyCostScanner(Chunks body) {
        this.body = body;
        this.prompt = new BodyPromptScanner(body);
        this.others = new OtherModelScanner(body);
        this.thread = new ThreadScanner(body);
        this.unknown = new UnknownNames(body);
    }

    /** What was found so far. */
    BodyCosts costs() {
        var thread = this.thread.thread();
        var found = prompt.prompt();
        boolean continues = thread.isPresent() && thread.get().continues();
        return new BodyCosts(
                continues ? found.withKept(BodyPrompt.ANY) : found,
                cachesForAnHour,
                fast,
                geo,
                others.models(),
                thread,
                unknown.found(),
                billsProfile && !billsOperator);
    }

    /**
     * Handles a member's name in an object at this depth.
     *
     * @param text that of {@link UnknownNames#NAMES}
     */
    void name(int depth, String text, long from, long to) {
        prompt.name(depth, text);
        others.name(depth, text);
        thread.name(depth, text);
        unknown.name(depth, text, from, to);
        name = Name.OTHER;
        if (depth == 1) {
            inBillingPolicy = text.equals("billing_policy");
            billsOperator |= inBillingPolicy && billsProfile;
        }
        if (text.equals("ttl")) {
            name = Name.TTL;
        } else if ((depth == 1 || depth == OF_FALLBACK) && text.equals("speed")) {
            name = Name.SPEED;
        } else if (depth == 1 && text.equals("inference_geo")) {
            name = Name.GEO;
        } else if (depth == 2 && inBillingPolicy && text.equals("bill_to")) {
            name = Name.BILL_TO;
        }
    }

    /** Handles the beginning of an object or array that is a value at this depth. */
    void open(int depth, JsonKind kind) {
        prompt.open(depth, kind);
        others.open(depth);
        thread.open(kind);
        unknown.open(depth);
        name = Name.OTHER;
    }

    /** Handles the end of an object or array that is a value at this depth. */
    void close(int depth) {
        prompt.close(depth);
        others.close(depth);
        unknown.close(depth);
    }

    /** Handles a value at this depth that is neither an object nor an array. */
    void scalar(int depth, JsonKind kind, long from, long to) {
        if (kind == JsonKind.NUMBER) {
            others.number(from, to);
        }
        if (kind == JsonKind.STRING) {
            prompt.string(depth, from, to);
            others.string(depth, from, to);
            string(from, to);
        } else {
            billsOperator |= name == Name.BILL_TO;
        }
        thread.scalar(kind, from, to);
        unknown.scalar(kind, from, to);
        prompt.ended();
        others.ended();
        name = Name.OTHER;
    }

    private void string(long from, long to) {
        if (name == Name.TTL) {
            cachesForAnHour |= is(from, to, "1h");
        } else if (name == Name.SPEED) {
            fast |= is(from, to, "fast");
        } else if (name == Name.BILL_TO) {
            boolean profile = is(from, to, "user_profile");
            billsProfile |= profile;
            billsOperator |= !profile;
        } else if (name == Name.GEO && to - from <= LONGEST_GEO) {
            geo = Optional.of(new JsonText(body, from, to).value());
        }
    }

    private boolean is(long from, long to, String text) {
        return new JsonText(body, from, to).is(text);
    }
}
