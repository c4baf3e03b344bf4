package dev.warder.json;

import dev.warder.body.Chunks;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

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
    private final OtherModelScanner others;
    private final ThreadScanner thread;
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
        this.others = new OtherModelScanner(body);
        this.thread = new ThreadScanner(body);
        this.unknown = new UnknownNames(body);
    }

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

    void open(BodyPlace place, JsonKind kind) {
        prompt.open(place, kind);
        others.open(place);
        thread.open(place, kind);
        unknown.open(place);
        billsOperator |= billsProfile && place.isTop(BILLING_POLICY);
    }

    void close(BodyPlace place) {
        prompt.close(place);
        unknown.close(place);
    }

    void scalar(BodyPlace place, JsonKind kind, long from, long to) {
        thread.scalar(place, kind, from, to);
        unknown.scalar(place, kind, from, to);
        billsOperator |= billsProfile && place.isTop(BILLING_POLICY);
        boolean isBillTo = place.depth == 2 && place.isIn(BILLING_POLICY) && place.name.equals("bill_to");
        if (kind == JsonKind.STRING) {
            prompt.string(place, from, to);
            others.string(place, from, to);
            string(place, from, to);
            boolean isProfile = isBillTo && is(from, to, "user_profile");
            billsProfile |= isProfile;
            billsOperator |= isBillTo && !isProfile;
            return;
        }
        billsOperator |= isBillTo;
        if (kind == JsonKind.NUMBER) {
            others.number(place, from, to);
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

    /**
     * Finds the {@link OtherModels} of a body in the same pass as its outline. Like {@link OutlineScanner.ModelMembers}, it looks for
     * members {@code
     * model} of objects at most three levels deep outside {@code messages} and {@code system}. Memory: constant. One
     * thread at a time.
     */
    private static final class OtherModelScanner {
        private static final int MOST_NAMES = 8;

        /** The longest name that is kept, in bytes with its quotes. */
        private static final int LONGEST = 256;

        private static final int ELEMENT = 2;

        private static final int OF_EDIT = 4;

        private static final String FALLBACKS = "fallbacks";
        private static final String UNKNOWN = "";
        private static final BigDecimal MOST_TOKENS = BigDecimal.valueOf(Long.MAX_VALUE);

        private final Chunks body;
        private final Set<String> names = new LinkedHashSet<>();
        private int runs;
        private long maxTokens;

        OtherModelScanner(Chunks body) {
            this.body = body;
        }

        OtherModels models() {
            return names.isEmpty() && runs == 0
                    ? OtherModels.NONE
                    : new OtherModels(names.stream().toList(), runs, maxTokens);
        }

        void open(BodyPlace place) {
            if (place.isIn(FALLBACKS) && place.depth == ELEMENT) {
                runs++;
            }
            if (place.isHidden()) {
                add(UNKNOWN);
            }
        }

        void string(BodyPlace place, long from, long to) {
            boolean isFallback = place.isIn(FALLBACKS);
            if (place.mayNameModel() && place.name.equals("model")) {
                // A tool with a model of its own reads the prompt and generates a response, such as an advisor.
                runs += isFallback ? 0 : 1;
                add(to - from > LONGEST ? UNKNOWN : new JsonText(body, from, to).value());
            } else if (place.depth == OF_EDIT && place.isIn("context_management") && place.name.equals("type")) {
                runs += new JsonText(body, from, to).startsWith("compact") ? 1 : 0;
            } else if (isFallback && place.depth <= ELEMENT) {
                // A form that is not known: the upstream may choose a model.
                runs++;
                add(UNKNOWN);
            }
        }

        void number(BodyPlace place, long from, long to) {
            if (place.mayNameModel() && place.name.equals("max_tokens")) {
                var number = new BigDecimal(new String(body.copy(from, to), StandardCharsets.US_ASCII));
                maxTokens = Math.max(maxTokens, number.min(MOST_TOKENS).longValue());
            }
        }

        private void add(String model) {
            names.add(names.size() < MOST_NAMES || names.contains(model) ? model : UNKNOWN);
        }
    }

    /**
     * Finds the {@link BodyThread} of a body in the same pass as its outline. Two different values of one member are as
     * good as an unknown one, since nobody knows which the API reads. Memory: constant. One thread at a time.
     */
    private static final class ThreadScanner {
        /** The longest id that is kept, in bytes with its quotes. */
        private static final int LONGEST = 256;

        private final Chunks body;
        private boolean found;
        private boolean creates;
        private boolean continues;
        private boolean unknown;
        private Optional<String> previous = Optional.empty();

        ThreadScanner(Chunks body) {
            this.body = body;
        }

        Optional<BodyThread> thread() {
            if (!found) {
                return Optional.empty();
            }
            if (unknown || creates == continues) {
                return Optional.of(BodyThread.UNKNOWN);
            }
            return Optional.of(
                    creates
                            ? BodyThread.CREATED
                            : previous.map(BodyThread::after).orElse(BodyThread.UNKNOWN));
        }

        void open(BodyPlace place, JsonKind kind) {
            boolean isThread = place.isTop("thread");
            found |= isThread;
            unknown |= isThread ? kind != JsonKind.OBJECT : isOf(place, "type") || isOf(place, "previous_message_id");
        }

        private static boolean isOf(BodyPlace place, String member) {
            return place.depth == 2 && place.isIn("thread") && place.name.equals(member);
        }

        void scalar(BodyPlace place, JsonKind kind, long from, long to) {
            boolean isType = isOf(place, "type");
            if (place.isTop("thread")) {
                found |= kind != JsonKind.NULL;
                unknown |= kind != JsonKind.NULL;
            } else if (isType || isOf(place, "previous_message_id")) {
                if (kind != JsonKind.STRING) {
                    unknown = true;
                } else if (isType) {
                    type(new JsonText(body, from, to));
                } else {
                    previous(from, to);
                }
            }
        }

        private void type(JsonText type) {
            boolean create = type.is("create");
            creates |= create;
            continues |= !create;
            unknown |= !create && !type.is("continue");
        }

        private void previous(long from, long to) {
            var id = to - from > LONGEST ? Optional.<String>empty() : Optional.of(new JsonText(body, from, to).value());
            unknown |= id.isEmpty() || previous.isPresent() && !previous.equals(id);
            previous = id;
        }
    }
}
