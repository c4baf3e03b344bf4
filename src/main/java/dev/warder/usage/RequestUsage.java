package dev.warder.usage;

import dev.warder.usage.UsageCost.Basis;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The usage of one request: begins its tries, and makes the rows of each. Thread-safe. */
public final class RequestUsage {
    private static final BigDecimal LIST_PRICE = BigDecimal.ONE;

    private final UsageRecorder recorder;
    private final RequestFacts facts;
    private final UsageRow.Caller caller;
    private final PriceBook book;
    private final Instant admitted;

    RequestUsage(
            UsageRecorder recorder,
            RequestFacts facts,
            Optional<String> client,
            Optional<String> team,
            PriceBook book,
            Instant admitted) {
        this.recorder = recorder;
        this.facts = facts;
        this.caller = new UsageRow.Caller(facts.id(), client, facts.session(), facts.agent(), facts.dialect(), team);
        this.book = book;
        this.admitted = admitted;
    }

    public TryUsage newTry(String credential) {
        return new TryUsage(
                this, credential, recorder.ids().next(), recorder.clock().instant(), recorder.nanoTime());
    }

    void counted(long prompt) {
        recorder.members().counted(client(), facts.costs(), facts.length().orElse(0), prompt);
    }

    /**
     * The response is whole, before the client gets its end.
     *
     * @param message its id; empty if it has none
     */
    void whole(String message, String credential, long prompt, long output) {
        recorder.members().whole(client(), facts.costs(), facts.length().orElse(0), prompt);
        if (facts.costs().thread().isPresent() && !facts.ownCredential() && !message.isEmpty()) {
            recorder.threads().add(message, client(), credential, prompt + output, facts.costs());
        }
    }

    private String client() {
        return caller.client().orElse("");
    }

    List<UsageRow> rows(TryUsage used, TryResult result) {
        var settled = Settlement.of(
                used, result, facts, recorder.rate(), recorder.nanoTime().getAsLong());
        // Once and afterwards, since it may grow in between: the counts of a message that is whole are never older
        // ones.
        var reported = used.message();
        boolean unreported = settled.prompt() > 0;
        var message = unreported ? reported.orAsked(facts.costs()) : reported;
        var parts = settled.parts(message, part -> quotedPrompt(message, part));
        var end = end(used, result);
        var rows = new ArrayList<UsageRow>(parts.size());
        for (int i = 0; i < parts.size(); i++) {
            rows.add(row(used, message, result, parts.get(i), i, settled.basis(), end));
        }
        return List.copyOf(rows);
    }

    private UsageRow row(
            TryUsage used,
            MessageUsage message,
            TryResult result,
            UsagePart part,
            int number,
            Basis basis,
            TryEnd end) {
        var consumption = new UsageRow.Consumption(
                part.counts(), message.pricedTier(), message.pricedSpeed(), message.geo(), message.stopReason());
        return new UsageRow(
                new UsageRow.Key(used.id(), number),
                admitted,
                used.begun().plus(result.time()),
                caller,
                new UsageRow.Models(facts.asked(), facts.sent(), part.model()),
                new UsageRow.Upstream(
                        result.credential(), result.credentialKind(), result.requestId(), result.status(), end),
                consumption,
                cost(message, part, result, basis),
                result.times());
    }

    private UsageCost cost(MessageUsage message, UsagePart part, TryResult result, Basis basis) {
        boolean billed = !facts.ownCredential() && !facts.costs().billsProfile();
        boolean nothing = part.free() || part.counts().equals(UsageCounts.NONE);
        if (nothing) {
            return new UsageCost(book.version(), BigDecimal.ZERO, 0, false, billed, basis);
        }
        var factor = billed ? recorder.prices().factors().of(result.credential()) : LIST_PRICE;
        Cost cost = book.cost(conditions(message, part), part.longestPrompt(), part.counts(), factor);
        var known = UsageCost.of(book.version(), cost, billed, basis);
        return message.hasKnownConditions() ? known : known.withPriceAssumed();
    }

    /** Prompts for which the same row of prices counts cost the same a token. */
    private Object quotedPrompt(MessageUsage message, UsagePart part) {
        return book.quote(conditions(message, part), part.longestPrompt());
    }

    private PriceConditions conditions(MessageUsage message, UsagePart part) {
        // The tier, the speed and the place are those of the message; another model within it has standard ones.
        boolean own = part.model().equals(message.model());
        return new PriceConditions(
                part.model().or(facts::sent).or(facts::asked).orElse(""),
                own ? message.pricedTier() : Tier.STANDARD,
                own ? message.pricedSpeed() : Speed.STANDARD,
                message.geo(),
                admitted);
    }

    /** After its last event a message is whole, however its connection ends. */
    private static TryEnd end(TryUsage used, TryResult result) {
        boolean isLate = result.end() == TryEnd.CANCELLED || result.end() == TryEnd.CUT_OFF;
        var end = isLate && used.hasStopped() ? TryEnd.COMPLETE : result.end();
        return used.hasError() || end == TryEnd.COMPLETE && !result.isSuccessful() ? TryEnd.ERROR : end;
    }

    /**
     * How the counts of a try that has ended are found. Immutable.
     *
     * <p>A message that is whole has reported them. A try that the upstream refused, or that did not reach it, consumed nothing,
     * as far as is known. In all other cases the upstream goes on to generate, at least for a while, and bills it: the counts are
     * then bounds. Bounds are of statistical nature: they are learned from earlier requests of this kind, or few texts have less than
     * two bytes a token, and few models are faster than the {@link OutputRate}.
     *
     * @param atLeast the fewest output tokens of the message
     * @param prompt the tokens of the prompt where the upstream has not reported them
     * @param hour whether these are written to the cache for an hour
     */
    private record Settlement(Basis basis, long atLeast, long prompt, boolean hour) {
        private static final Settlement REPORTED = new Settlement(Basis.REPORTED, 0, 0, false);
        private static final Settlement NOTHING = new Settlement(Basis.ASSUMED, 0, 0, false);

        /**
         * How the counts of a try are found.
         *
         * @param usual how fast models generate about which nothing was learned
         * @param now the current time of the clock that never goes back
         */
        static Settlement of(TryUsage used, TryResult result, RequestFacts facts, OutputRate usual, long now) {
            if (used.isFinal()) {
                return REPORTED;
            }
            var bounds = facts.bounds().orElse(new UsageBounds(PromptTokens.FEW, PromptTokens.LONGEST, usual));
            if (used.hasStarted()) {
                long nanos = Math.min(now - used.started(), result.time().toNanos());
                return new Settlement(Basis.ESTIMATED, output(used, facts, bounds.rate(), nanos), 0, false);
            }
            if (consumedNothing(used, result)) {
                return NOTHING;
            }
            long output = output(used, facts, bounds.rate(), result.time().toNanos());
            long prompt = prompt(result, facts, bounds);
            return new Settlement(Basis.ESTIMATED, output, prompt, facts.costs().cachesForAnHour());
        }

        /** The parts of the try. Where nothing was reported, there is one. */
        List<UsagePart> parts(MessageUsage message, Function<UsagePart, Object> price) {
            if (prompt > 0 || basis == Basis.ASSUMED) {
                // A prompt is usually written to the cache, which is dearer than plain input.
                var writes = hour ? new CacheWrites(0, prompt) : new CacheWrites(prompt, 0);
                var bound = new UsageCounts(0, writes, 0, atLeast, 0, 0, 0);
                return List.of(UsagePart.of(message.model(), bound, false));
            }
            var parts = new ArrayList<>(new UsageParts(message, price).all());
            var first = parts.get(0);
            if (first.counts().output() < atLeast) {
                parts.set(0, first.withOutput(atLeast));
            }
            return parts;
        }

        private static boolean consumedNothing(TryUsage used, TryResult result) {
            if (result.status().isPresent() && !result.isSuccessful()) {
                return true;
            }
            return switch (result.end()) {
                case UNANSWERED -> true;
                case CANCELLED, UNKNOWN -> !result.sent();
                // A stream that failed before its message began. A whole document comes after it was generated.
                default ->
                    !used.isUnreadable()
                            && used.pieces() == 0
                            && (used.hasError() || result.end() == TryEnd.CUT_OFF && used.isStream());
            };
        }

        private static long prompt(TryResult result, RequestFacts facts, UsageBounds bounds) {
            long bytes = facts.length().orElse(result.requestBytes());
            return PromptTokens.most(facts.costs().prompt(), bytes, bounds.tokensPerByte(), bounds.longestPrompt());
        }

        private static long output(TryUsage used, RequestFacts facts, OutputRate rate, long nanos) {
            boolean fast = used.hasStarted()
                    ? used.message().pricedSpeed() == Speed.FAST
                    : facts.costs().fast();
            long possible = Math.min(UsageCounts.MOST, rate.tokens(nanos, fast));
            long bound =
                    Math.max(used.pieces(), Math.min(possible, facts.maxTokens().orElse(Long.MAX_VALUE)));
            return Math.max(bound, used.soFar().output());
        }
    }
}
