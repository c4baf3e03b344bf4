package dev.warder.quota;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.auth.Inquiry;
import dev.warder.http.Dialect;
import dev.warder.http.Fields;
import dev.warder.json.BodyCosts.BodyPrompt;
import dev.warder.usage.OutputRate;
import dev.warder.usage.PriceSettings;
import dev.warder.usage.UsageBounds;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * Estimates of what requests use and cost, by the prices in use and by what this node has learned of the requests before.
 * Thread-safe; nothing waits.
 *
 * <p>Prompts: a token of a text is at least one byte, so that an unknown client holds a token for each byte. Files in the body
 * may be packed: an unknown client holds the longest prompt then. What is learned of a client is the largest of the last
 * responses, with a margin. It is not exact: a client can change its language. What was held too little is held once the
 * upstream has counted the prompt, within seconds, see {@code BudgetMeter}.
 *
 * <p>Speeds: budgets assume the fastest of the last responses of a model, with a margin, and rate limits assume the mean; neither
 * assumes more than the speed of models that are not known. What a response really had is known at its end.
 */
public final class Bounds {
    public static final long SLICE = 1000;

    /** Tokens that a request has in addition to those of its bytes: what the API adds for tools. */
    static final long ADDED = 1000;

    /** How many values are remembered: of the clients that sent requests last. */
    static final int MOST = 10_000;

    static final int MOST_OF_CLIENT = 100;

    /** The most characters of a model's name, which is the client's choice. */
    private static final int LONGEST_NAME = 256;

    /** For requests that name no {@code max_tokens}, which the API does not accept. */
    private static final long MOST_OUTPUT = 128_000;

    private static final double PROMPT_MARGIN = 1.1;
    private static final double SPEED_MARGIN = 1.5;

    /** Of a shorter body, most is what the API adds. */
    private static final long FEW_BYTES = 1000;

    /** Of a shorter response, much of the time is that until its first token. */
    private static final long FEW_TOKENS = 100;

    private static final long ENOUGH_TOKENS = 500;
    private static final long ENOUGH_RESPONSES = 8;

    /** A model seems to be slow where clients read slowly. No less than these parts of the usual speed is assumed. */
    private static final double SLOWEST = 0.5;

    private static final double SLOWEST_MEAN = 0.1;

    private static final String ALL_CLIENTS = "";

    private final PriceSettings prices;
    private final AssumedModels models;

    /** By client, those that were used last at the end. */
    @GuardedBy("this")
    private final Map<String, Map<Key, Values>> clients = byUse();

    @GuardedBy("this")
    private int size;

    /**
     * By the id of its request, the tokens that a prompt holds less than the careful bound until the upstream has counted it. A
     * client may have sent spaces before, or files that were hardly packed, and many other requests at once would then exceed a
     * budget by all that they do not hold: that is one longest prompt of each client at most.
     */
    @GuardedBy("this")
    private final Map<String, Long> unheld = new HashMap<>();

    @GuardedBy("this")
    private final Map<String, Long> unheldOfClients = new HashMap<>();

    public Bounds(PriceSettings prices, AssumedModels models) {
        this.prices = prices;
        this.models = models;
    }

    public MeteredRequest metered(Inquiry inquiry) {
        long most = mostOutput(inquiry);
        String client = inquiry.client().name();
        String model = inquiry.model().orElse("");
        boolean whole = !inquiry.streams();
        var costs = inquiry.costs();
        return new MeteredRequest(
                inquiry.call().id(),
                client,
                model,
                inquiry.dialect(),
                inquiry.content().map(Inquiry.Content::length).orElse(0L),
                costs.prompt(),
                costs.fast(),
                whole,
                whole ? most : Math.min(most, SLICE),
                longestPrompt(inquiry),
                tokensPerByte(client, model, costs.prompt()),
                costs.others().names().isEmpty() ? rate(model) : models.rate());
    }

    /**
     * The highest cost of a request.
     *
     * @param admitted when it was admitted, which decides about the prices
     */
    public CostBound of(Inquiry inquiry, MeteredRequest request, Instant admitted) {
        var factors = prices.factors();
        var factor = factors.names().stream().map(factors::of).reduce(BigDecimal.ONE, BigDecimal::max);
        return CostBound.of(prices.book().get(), inquiry, admitted, promptTokens(request), mostOutput(inquiry), factor);
    }

    private static long mostOutput(Inquiry inquiry) {
        long once = Math.max(1, inquiry.maxTokens().orElse(MOST_OUTPUT));
        long times = 1L + inquiry.costs().others().runs();
        return once > Long.MAX_VALUE / times ? Long.MAX_VALUE : once * times;
    }

    /**
     * The longest prompt that the models of a request accept. A prompt that is text has a bound of its own. Each tool that the
     * upstream runs reads the prompt again, and all of it is reported as one prompt.
     *
     * @return in tokens, at least 1
     */
    long longestPrompt(Inquiry inquiry) {
        var costs = inquiry.costs();
        var prompt = costs.prompt();
        long ofModels = Stream.concat(costs.others().names().stream(), inquiry.model().stream())
                .mapToLong(models.longestPrompt())
                .max()
                .orElse(0);
        boolean limited = prompt.refersElsewhere() || prompt.hasFile() || prompt.kept() > 0;
        return ofModels > 0 && limited && !prompt.mayGrow() && !asksForLongContext(inquiry)
                ? ofModels
                : Math.max(UsageBounds.LONGEST, ofModels);
    }

    /** With such a beta, some models accept longer prompts than they do otherwise. */
    private static boolean asksForLongContext(Inquiry inquiry) {
        return inquiry.fields().stream()
                .anyMatch(field -> Fields.hyphenated(field.name()).equalsIgnoreCase("anthropic-beta")
                        && field.value().toLowerCase(Locale.ROOT).contains("context-1m"));
    }

    /** The largest ratio of such prompts of the client, with a margin; empty if none was learned. */
    synchronized Optional<Double> tokensPerByte(String client, String model, BodyPrompt prompt) {
        double least = prompt.hasFile() ? UsageBounds.FEW : 0;
        return find(Key.ofPrompt(client, model, prompt))
                .map(known -> Math.max(least, Math.min(mostPerByte(prompt), known.largest() * PROMPT_MARGIN)));
    }

    private static double mostPerByte(BodyPrompt prompt) {
        return prompt.hasFile() ? UsageBounds.LONGEST : 1;
    }

    /** The tokens that a request holds for its prompt until the upstream has counted it. */
    synchronized long promptTokens(MeteredRequest request) {
        double most = mostPerByte(request.prompt());
        double ratio = request.tokensPerByte().orElse(most);
        double careful = request.prompt().hasFile() ? most : Math.max(ratio, UsageBounds.FEW * PROMPT_MARGIN);
        long few = promptTokens(request, ratio);
        long many = promptTokens(request, careful);
        end(request);
        if (unheldOfClients.getOrDefault(request.client(), 0L) + many - few > UsageBounds.LONGEST) {
            return many;
        }
        if (many > few) {
            unheld.put(request.id(), many - few);
            unheldOfClients.merge(request.client(), many - few, Long::sum);
        }
        return few;
    }

    private static long promptTokens(MeteredRequest request, double ratio) {
        long tokens = UsageBounds.prompt(request.prompt(), request.bytes(), ratio, request.longestPrompt());
        return Math.min(request.longestPrompt(), tokens + ADDED);
    }

    /** The upstream has counted the prompt of a request. */
    public synchronized void learnPrompt(MeteredRequest request, long tokens) {
        end(request);
        var prompt = request.prompt();
        long bytes = request.bytes() - prompt.imageBytes();
        if (!prompt.isUnbounded() && prompt.kept() == 0 && (bytes >= FEW_BYTES || prompt.hasFile())) {
            values(Key.ofPrompt(request.client(), request.model(), prompt)).add((double) tokens / Math.max(1, bytes));
        }
    }

    /**
     * A request was sent, and has ended before its prompt was counted: the ledger has assumed what was learned. The next requests
     * hold more again, so that a client does not profit from ending many of them.
     */
    public synchronized void learnUncountedPrompt(MeteredRequest request) {
        var prompt = request.prompt();
        if (request.tokensPerByte().isPresent() && !prompt.hasFile() && prompt.kept() == 0) {
            values(Key.ofPrompt(request.client(), request.model(), prompt)).add(UsageBounds.FEW);
        }
    }

    /** The prompt of a request is not counted any more. May be repeated. */
    public synchronized void end(MeteredRequest request) {
        var tokens = unheld.remove(request.id());
        if (tokens != null) {
            unheldOfClients.computeIfPresent(request.client(), (client, sum) -> sum > tokens ? sum - tokens : null);
        }
    }

    /**
     * How fast a model generates at most. It is no bound, since a model may be faster than before. The ledger takes the standard
     * rate for a response that is not fast although it was asked to be.
     */
    synchronized OutputRate rate(String model) {
        long standard = rate(model, false, models.rate().standard());
        return new OutputRate(
                standard, Math.max(standard, rate(model, true, models.rate().fast())));
    }

    @GuardedBy("this")
    private long rate(String model, boolean fast, long most) {
        return find(Key.ofSpeed(model, fast))
                .filter(known -> known.samples >= ENOUGH_RESPONSES)
                .map(known -> (long) Math.ceil(Math.max(SLOWEST * most, SPEED_MARGIN * known.largest())))
                .map(rate -> Math.min(most, rate))
                .orElse(most);
    }

    /** How many tokens a model usually generates in this time, in nanoseconds. */
    synchronized long usualOutput(String model, boolean fast, long nanos) {
        double most = models.rate().tokens(nanos, fast);
        double usual = find(Key.ofSpeed(model, fast))
                .filter(known -> known.averaged > 0)
                .map(known -> Math.max(SLOWEST_MEAN * most, known.mean * seconds(nanos)))
                .orElse(most);
        return (long) Math.ceil(Math.min(most, usual));
    }

    /**
     * A response had this many tokens, which is learned for {@link #rate}. Tools that the upstream runs take time, too.
     *
     * @param fast whether they were generated in the fast mode; one that was asked for may not have been granted
     * @param nanos the time after the upstream had counted its prompt, in nanoseconds
     */
    public synchronized void learnResponse(MeteredRequest request, boolean fast, long tokens, long nanos) {
        if (tokens >= ENOUGH_TOKENS && !request.whole() && !request.prompt().grows()) {
            values(Key.ofSpeed(request.model(), fast)).add(speed(fast, tokens, nanos));
        }
    }

    /** The same of a streamed response, for {@link #usualOutput}. */
    synchronized void learnUsual(String model, boolean fast, long tokens, long nanos) {
        if (tokens >= FEW_TOKENS && nanos > 0) {
            values(Key.ofSpeed(model, fast)).average(speed(fast, tokens, nanos));
        }
    }

    /** At most the assumed speed: a response that arrives in one piece was generated before. */
    private double speed(boolean fast, long tokens, long nanos) {
        long most = fast ? models.rate().fast() : models.rate().standard();
        return Math.min(most, tokens / seconds(Math.max(1, nanos)));
    }

    private static double seconds(long nanos) {
        return (double) nanos / TimeUnit.SECONDS.toNanos(1);
    }

    @GuardedBy("this")
    private Optional<Values> find(Key key) {
        return Optional.ofNullable(clients.getOrDefault(key.client, Map.of()).get(key));
    }

    /** The values of a key, which are not remembered if its name is too long. */
    @GuardedBy("this")
    private Values values(Key key) {
        if (key.model.length() > LONGEST_NAME) {
            return new Values(key.kind);
        }
        var known = clients.computeIfAbsent(key.client, none -> byUse());
        var values = known.get(key);
        if (values == null) {
            values = new Values(key.kind);
            known.put(key, values);
            size++;
            limit(known);
        }
        return values;
    }

    /** A client with many models does not replace others. */
    @GuardedBy("this")
    private void limit(Map<Key, Values> known) {
        if (known.size() > MOST_OF_CLIENT) {
            removeOldest(known);
        } else if (size > MOST) {
            var oldest = clients.values().iterator();
            var values = oldest.next();
            removeOldest(values);
            if (values.isEmpty()) {
                oldest.remove();
            }
        }
    }

    @GuardedBy("this")
    private void removeOldest(Map<Key, Values> known) {
        known.remove(known.keySet().iterator().next());
        size--;
    }

    private static <K, V> Map<K, V> byUse() {
        return new LinkedHashMap<>(16, 0.75f, true);
    }

    /** @param client the name of the client; empty for what does not depend on the client */
    private record Key(String client, String model, Kind kind) {
        static Key ofPrompt(String client, String model, BodyPrompt prompt) {
            return new Key(client, model, prompt.hasFile() ? Kind.FILE : Kind.TEXT);
        }

        static Key ofSpeed(String model, boolean fast) {
            return new Key(ALL_CLIENTS, model, fast ? Kind.FAST : Kind.SPEED);
        }
    }

    private enum Kind {
        /** Tokens for each byte of a request's body without files: the largest of the last 16. */
        TEXT(16, 1),
        /** The same with files: the largest of all, since a client could send many that are harmless. */
        FILE(1, Long.MAX_VALUE),
        /** Tokens of a second of a streamed response: the largest of the last 1,000 to 2,000. */
        SPEED(2, 1000),
        FAST(2, 1000);

        private final int blocks;
        private final long ofBlock;

        Kind(int blocks, long ofBlock) {
            this.blocks = blocks;
            this.ofBlock = ofBlock;
        }
    }

    /** The values of one key. Not thread-safe: {@link Bounds} has the lock. */
    private static final class Values {
        /** The mean is that of this number of values, with later ones counting more. */
        private static final int AVERAGED = 16;

        private final double[] largest;
        private final long ofBlock;
        private long samples;
        private double mean;
        private int averaged;

        Values(Kind kind) {
            largest = new double[kind.blocks];
            ofBlock = kind.ofBlock;
        }

        void add(double value) {
            int block = (int) (samples / ofBlock % largest.length);
            largest[block] = samples % ofBlock == 0 ? value : Math.max(largest[block], value);
            samples++;
        }

        void average(double value) {
            averaged = Math.min(AVERAGED, averaged + 1);
            mean += (value - mean) / averaged;
        }

        double largest() {
            return DoubleStream.of(largest).max().orElse(0);
        }
    }

    /**
     * Assumptions about models.
     *
     * @param rate how fast those generate about which nothing was learned
     * @param longestPrompt the most tokens of a prompt that the model of this name accepts; thread-safe, at least 1, and
     * never waits
     */
    public record AssumedModels(OutputRate rate, ToLongFunction<String> longestPrompt) {}

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
}
