package dev.warder.usage;

import dev.warder.http.Dialect;
import dev.warder.http.RequestHints;
import dev.warder.json.BodyCosts;
import dev.warder.usage.MessageUsage.Sample;
import dev.warder.usage.UsageCounts.CacheWrites;
import dev.warder.usage.UsageRow.Basis;
import dev.warder.usage.UsageRow.UsageCost;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** The usage of one request: begins its tries, and makes the rows of each. Thread-safe. */
public final class RequestUsage {
    private static final BigDecimal LIST_PRICE = BigDecimal.ONE;

    private final Recorder recorder;
    private final Facts facts;
    private final UsageRow.Caller caller;
    private final PriceBook book;
    private final Instant admitted;

    RequestUsage(Recorder recorder, Facts facts, Optional<String> client, Optional<String> team) {
        this.recorder = recorder;
        this.facts = facts;
        this.caller = new UsageRow.Caller(
                facts.id(), client, facts.session(), facts.agent(), facts.dialect(), team, facts.hints());
        this.admitted = facts.admitted().orElseGet(recorder.clock()::instant);
        this.book = recorder.prices().book().get();
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

    List<UsageRow> rows(TryUsage used, TryUsage.Result result) {
        var settled = Settlement.of(
                used, result, facts, recorder.rate(), recorder.nanoTime().getAsLong());
        // Once and afterwards, since it may grow in between: the counts of a message that is whole are never older
        // ones.
        var reported = used.message;
        var message = settled.prompt() > 0 ? reported.orAsked(facts.costs()) : reported;
        // Prompts for which the same row of prices counts cost the same a token.
        var parts = settled.parts(message, part -> book.quote(conditions(message, part), part.longestPrompt()));
        var end = end(used, result);
        var rows = new ArrayList<UsageRow>(parts.size());
        for (int i = 0; i < parts.size(); i++) {
            rows.add(row(used, message, result, parts.get(i), i, settled.basis(), end));
        }
        if (used.left && settled.basis() == Basis.ESTIMATED) {
            long estimated = rows.stream().mapToLong(row -> row.cost().nanos()).sum();
            long more = facts.held().getAsLong() - estimated;
            rows.set(0, more > 0 ? rows.get(0).withHeld(more) : rows.get(0));
        }
        return List.copyOf(rows);
    }

    /**
     * Whether the operator pays for what only the last event of a response reports. Of a body that is not read, this is not
     * known, and no budget limits it.
     */
    boolean isReportedLast() {
        var costs = facts.costs();
        boolean paid = !facts.ownCredential()
                && (!costs.billsProfile() || facts.bounds().isPresent());
        return paid && facts.length().isPresent() && costs.areReportedLast();
    }

    private UsageRow row(
            TryUsage used,
            MessageUsage message,
            TryUsage.Result result,
            UsagePart part,
            int number,
            Basis basis,
            UsageRow.End end) {
        var consumption = new UsageRow.Consumption(
                part.counts(), message.pricedTier(), message.pricedSpeed(), message.geo(), message.stopReason());
        return new UsageRow(
                new UsageRow.Key(used.id(), number),
                admitted,
                used.begun.plus(result.time()),
                caller,
                new UsageRow.Models(facts.asked(), facts.sent(), part.model()),
                result.upstream().with(end),
                consumption,
                cost(message, part, result, basis),
                result.times());
    }

    private UsageCost cost(MessageUsage message, UsagePart part, TryUsage.Result result, Basis basis) {
        boolean billed = !facts.ownCredential() && !facts.costs().billsProfile();
        if (part.free() || part.counts().isNone()) {
            return new UsageCost(book.version(), BigDecimal.ZERO, 0, false, billed, basis);
        }
        var factor = billed ? recorder.prices().factors().of(result.upstream().credential()) : LIST_PRICE;
        Cost cost = book.cost(conditions(message, part), part.longestPrompt(), part.counts(), factor);
        var known = UsageCost.of(book.version(), cost, billed, basis);
        return message.hasKnownConditions() ? known : known.withPriceAssumed();
    }

    private PriceBook.Conditions conditions(MessageUsage message, UsagePart part) {
        // The tier, the speed and the place are those of the message; another model within it has standard ones.
        boolean own = part.model().equals(message.model());
        return new PriceBook.Conditions(
                part.model().or(facts::sent).or(facts::asked).orElse(""),
                own ? message.pricedTier() : Tier.STANDARD,
                own ? message.pricedSpeed() : Speed.STANDARD,
                message.geo(),
                admitted);
    }

    /** After its last event a message is whole, however its connection ends. */
    private static UsageRow.End end(TryUsage used, TryUsage.Result result) {
        boolean isLate = result.end() == UsageRow.End.CANCELLED || result.end() == UsageRow.End.CUT_OFF;
        var end = isLate && used.stopped ? UsageRow.End.COMPLETE : result.end();
        return used.error || end == UsageRow.End.COMPLETE && !result.isSuccessful() ? UsageRow.End.ERROR : end;
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
        static Settlement of(TryUsage used, TryUsage.Result result, Facts facts, OutputRate usual, long now) {
            if (used.isFinal()) {
                return REPORTED;
            }
            var bounds = facts.bounds().orElse(new UsageBounds(UsageBounds.FEW, UsageBounds.LONGEST, usual));
            if (used.hasStarted()) {
                long nanos = Math.min(now - used.started, result.time().toNanos());
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
            if (message.samples().isEmpty()) {
                var whole = UsagePart.of(message.model(), message.counts(), message.isFree());
                return List.of(whole.withAtLeast(atLeast));
            }
            boolean fellBack = message.samples().stream().anyMatch(Sample::isFallback);
            var parts = new UsageParts(message, price, fellBack).all();
            parts.set(0, parts.get(0).withAtLeast(atLeast));
            return parts;
        }

        private static boolean consumedNothing(TryUsage used, TryUsage.Result result) {
            if (result.hasStatus() && !result.isSuccessful()) {
                return true;
            }
            return switch (result.end()) {
                case UNANSWERED -> true;
                case CANCELLED, UNKNOWN -> !result.sent();
                // A stream that failed before its message began. A whole document comes after it was generated.
                default ->
                    !used.unreadable
                            && used.pieces == 0
                            && (used.error || result.end() == UsageRow.End.CUT_OFF && used.stream);
            };
        }

        private static long prompt(TryUsage.Result result, Facts facts, UsageBounds bounds) {
            long bytes = facts.length().orElse(result.requestBytes());
            return UsageBounds.prompt(facts.costs().prompt(), bytes, bounds.tokensPerByte(), bounds.longestPrompt());
        }

        private static long output(TryUsage used, Facts facts, OutputRate rate, long nanos) {
            boolean fast = used.hasStarted()
                    ? used.message.pricedSpeed() == Speed.FAST
                    : facts.costs().fast();
            long possible = Math.min(UsageCounts.MOST, rate.tokens(nanos, fast));
            long bound =
                    Math.max(used.pieces, Math.min(possible, facts.maxTokens().orElse(Long.MAX_VALUE)));
            return Math.max(bound, used.soFar().output());
        }
    }

    /**
     * Divides the usage of a message into the parts that have prices of their own.
     *
     * <p>The counts at the top of {@code usage} are those of the message alone. They do not have what a compaction, an
     * advisor or a model that declined consumed: only {@code iterations} has. Where it has several entries for the message
     * itself, the top has their sum, or at some versions of the API the prompt of the first only; the larger count is
     * right. Each entry is a prompt of its own, and the length of that prompt selects its price.
     */
    private record UsageParts(MessageUsage usage, Function<UsagePart, Object> price, boolean fellBack) {
        List<UsagePart> all() {
            var message = new LinkedHashMap<Object, UsagePart>();
            var others = new LinkedHashMap<Object, UsagePart>();
            for (var sample : usage.samples()) {
                boolean own = isOfMessage(sample);
                var part = part(sample, own);
                if (!sample.isEmpty()) {
                    (own ? message : others).merge(key(sample, part), part, UsagePart::plus);
                }
            }
            var parts = new ArrayList<>(message.values());
            completeFirst(parts);
            parts.addAll(others.values());
            return parts;
        }

        private UsagePart part(Sample sample, boolean own) {
            boolean declined = fellBack && sample.isMessage() && !own;
            boolean free = own ? usage.isFree() : declined && sample.counts().output() == 0;
            return UsagePart.of(own ? usage.model() : sample.model().or(usage::model), sample.counts(), free);
        }

        private Object key(Sample sample, UsagePart part) {
            return List.of(
                    sample.isFallback() ? "message" : sample.kind(), part.model(), part.free(), price.apply(part));
        }

        private boolean isOfMessage(Sample sample) {
            if (sample.isFallback()) {
                return true;
            }
            boolean sameModel = sample.model().isEmpty() || sample.model().equals(usage.model());
            return sample.isMessage() && (sameModel || !fellBack);
        }

        private void completeFirst(List<UsagePart> parts) {
            var top = usage.counts();
            if (parts.isEmpty()) {
                parts.add(UsagePart.of(usage.model(), top, usage.isFree()));
                return;
            }
            var sum = parts.stream().reduce(UsagePart::plus).orElseThrow().counts();
            var rest = new UsageCounts(
                    rest(top.input(), sum.input()),
                    restOfWrites(parts, top.writes(), sum.writes()),
                    rest(top.read(), sum.read()),
                    rest(top.output(), sum.output()),
                    rest(top.thinking(), sum.thinking()),
                    rest(top.webSearches(), sum.webSearches()),
                    rest(top.webFetches(), sum.webFetches()));
            var first = parts.get(0);
            var added = new UsagePart(Optional.empty(), rest, rest.prompt(), first.free());
            parts.set(0, parts.get(0).plus(added));
        }

        /**
         * The entries may lack the split by time. Then what the top has for an hour is taken from their five minutes, as
         * far as the first part has any.
         */
        private static CacheWrites restOfWrites(List<UsagePart> parts, CacheWrites top, CacheWrites sum) {
            long hour = rest(top.oneHour(), sum.oneHour());
            long more = rest(top.sum(), sum.sum());
            long moved = Math.min(hour, more);
            long unsplit = Math.min(hour - moved, parts.get(0).counts().writes().fiveMinutes());
            if (unsplit > 0) {
                parts.set(0, hourInsteadOfMinutes(parts.get(0), unsplit));
            }
            return new CacheWrites(more - moved, moved);
        }

        private static UsagePart hourInsteadOfMinutes(UsagePart part, long tokens) {
            var c = part.counts();
            var writes = new CacheWrites(
                    c.writes().fiveMinutes() - tokens, c.writes().oneHour() + tokens);
            var changed = new UsageCounts(
                    c.input(), writes, c.read(), c.output(), c.thinking(), c.webSearches(), c.webFetches());
            return new UsagePart(part.model(), changed, part.longestPrompt(), part.free());
        }

        private static long rest(long top, long sum) {
            return Math.max(0, top - sum);
        }
    }

    /**
     * The consumption of one model in one part of a message. Immutable.
     *
     * @param model the model that was run; empty if the upstream did not name it
     * @param longestPrompt tokens of the longest prompt; the price depends on it. All prompts of a part have the same price
     * @param free whether it is not billed, since the model declined before it had generated anything
     */
    private record UsagePart(Optional<String> model, UsageCounts counts, long longestPrompt, boolean free) {
        static UsagePart of(Optional<String> model, UsageCounts counts, boolean free) {
            return new UsagePart(model, counts, counts.prompt(), free);
        }

        UsagePart plus(UsagePart other) {
            return new UsagePart(
                    model, counts.plus(other.counts), Math.max(longestPrompt, other.longestPrompt), free && other.free);
        }

        UsagePart withAtLeast(long output) {
            var c = counts;
            if (c.output() >= output) {
                return this;
            }
            var changed = new UsageCounts(
                    c.input(), c.writes(), c.read(), output, c.thinking(), c.webSearches(), c.webFetches());
            return new UsagePart(model, changed, longestPrompt, free);
        }
    }

    /**
     * The facts of a request at its admission. Immutable.
     *
     * @param id Warder's id of the request
     * @param session the client's name of its conversation
     * @param agent the client's name of the agent within the session
     * @param hints the kind of work, as the client names it
     * @param asked the model in the client's request; empty if the body is not read
     * @param sent the model in the request to the upstream; empty if the body is not read
     * @param length bytes of the body that goes up; empty if it is not read
     * @param maxTokens the most tokens that the client accepts; empty if the body is not read
     * @param costs what the body states about its cost
     * @param ownCredential whether the client's own credential goes up, which the operator does not pay for
     * @param admitted the moment of admission, if a gate has chosen prices or periods by it
     * @param bounds what was learned of earlier requests of this kind; empty if nothing was
     * @param held the nano-dollars that budgets hold for the try that runs; 0 if none limits the request. Thread-safe
     */
    public record Facts(
            String id,
            Dialect dialect,
            Optional<String> session,
            Optional<String> agent,
            RequestHints hints,
            Optional<String> asked,
            Optional<String> sent,
            OptionalLong length,
            OptionalLong maxTokens,
            BodyCosts costs,
            boolean ownCredential,
            Optional<Instant> admitted,
            Optional<UsageBounds> bounds,
            LongSupplier held) {
        /** Cuts the client's texts to 256 characters. */
        public Facts {
            session = session.map(UsageRow::cut);
            agent = agent.map(UsageRow::cut);
            asked = asked.map(UsageRow::cut);
            sent = sent.map(UsageRow::cut);
        }
    }

    /**
     * Begins the usage of requests, with the prices of the moment of their admission. Thread-safe.
     *
     * @param threads learns of threads whose responses are whole
     * @param members learns which unknown members of requests are harmless
     * @param rate bounds what was generated of a response that was cut off
     * @param clock the time of day
     * @param nanoTime a clock that never goes back, in nanoseconds
     */
    public record Recorder(
            PriceSettings prices,
            MessageThreads threads,
            UnknownMembers members,
            TryIds ids,
            OutputRate rate,
            InstantSource clock,
            LongSupplier nanoTime) {
        /**
         * A request is admitted: at the moment of its facts, or else now.
         *
         * @param client the name of the caller: of its client in {@code policy.file}, otherwise of its access token
         * @param team the name of the team that pays for it; empty if it has none
         */
        public RequestUsage admitted(Facts facts, Optional<String> client, Optional<String> team) {
            return new RequestUsage(this, facts, client, team);
        }
    }
}
