package dev.warder.json;

import dev.warder.body.Chunks;
import dev.warder.json.BodyCosts.BodyThread;
import dev.warder.json.BodyCosts.OtherModels;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Validates a body while it arrives and finds its outline. The document must be an object. The members that decide about a
 * request must not occur twice, because two readers could use different ones; other duplicates are accepted. Members that name
 * models are checked in the same pass ({@link ModelMembers}).
 *
 * <p>Memory: constant. One thread at a time.
 */
public final class OutlineScanner {
    private final Members members;
    private final JsonScanner scanner;

    /** Creates a scanner of a body. Bytes are appended to {@code body} <em>before</em> they are fed to the scanner. */
    public OutlineScanner(Chunks body, BodyPolicy policy) {
        members = new Members(body, policy);
        scanner = new JsonScanner(members);
    }

    public static JsonOutline outline(Chunks body) throws JsonException {
        return outline(body, BodyPolicy.NONE);
    }

    public static JsonOutline outline(Chunks body, BodyPolicy policy) throws JsonException {
        Members members = new Members(body, policy);
        JsonScanner.scan(body, 0, body.length(), members);
        return members.outline();
    }

    /** Scans the bytes appended last; throws {@link JsonException} as soon as the body has to be refused. */
    public void feed(byte[] b, int off, int len) throws JsonException {
        scanner.feed(b, off, len);
    }

    public JsonOutline finish() throws JsonException {
        scanner.finish();
        return members.outline();
    }

    private static final class Members implements JsonScanner.Handler {
        private static final String MODEL = "model";
        private static final String STREAM = "stream";
        private static final String SYSTEM = "system";
        private static final String MAX_TOKENS = "max_tokens";
        private static final String THREAD = "thread";

        /** The members that decide about a request. */
        private static final List<String> DECIDING = List.of(MODEL, STREAM, SYSTEM, MAX_TOKENS, THREAD);

        private final Chunks body;
        private final BodyPolicy policy;
        private final ModelMembers models;
        private final BodyCostScanner costs;
        private final MemberPaths.@Nullable Search search;
        private final JsonOutline.Member[] found = new JsonOutline.Member[DECIDING.size()];
        private int current = -1;
        private final BodyPlace place = new BodyPlace();
        private long valueStart;
        private long closingBrace;
        private boolean hasMembers;

        Members(Chunks body, BodyPolicy policy) {
            this.body = body;
            this.policy = policy;
            this.models = new ModelMembers(body, policy);
            this.costs = new BodyCostScanner(body);
            this.search = policy.members().isPresent() ? policy.members().get().search(body) : null;
            Arrays.fill(found, JsonOutline.Member.ABSENT);
        }

        @Override
        public void open(JsonKind kind, long at) throws JsonException {
            if (place.depth == 0 && kind != JsonKind.OBJECT) {
                throw notAnObject(at);
            }
            if (place.depth == 1) {
                valueStart = at;
            }
            models.open(place, kind);
            costs.open(place, kind);
            if (search != null) {
                search.open(kind, at);
            }
            place.open();
        }

        @Override
        public void close(JsonKind kind, long at) throws JsonException {
            place.close();
            models.close(place);
            costs.close(place);
            if (search != null) {
                search.close(kind, at);
            }
            if (place.depth == 0) {
                closingBrace = at;
            } else if (place.depth == 1) {
                value(kind, valueStart, at + 1);
            }
        }

        @Override
        public void name(long from, long to) throws JsonException {
            String name = UnknownNames.NAMES.find(body, from, to);
            place.name(name, from, to);
            if (search != null) {
                search.name(name, from, to);
            }
            if (place.depth == 1) {
                hasMembers = true;
                current = DECIDING.indexOf(name);
                if (current >= 0 && found[current].kind() != JsonKind.ABSENT) {
                    throw new JsonException("the member \"" + name + "\" comes twice", from);
                }
                // All known names are in lower case.
                if (name.equals(Words.UNKNOWN) && policy.exactNames()) {
                    refuseTwin(new JsonText(body, from, to), from);
                }
            }
        }

        private static void refuseTwin(JsonText name, long from) throws JsonException {
            for (var member : List.of(MODEL, SYSTEM)) {
                if (name.isInAnyCase(member)) {
                    throw new JsonException(
                            "a member's name differs from \"" + member + "\" in upper and lower case only", from);
                }
            }
        }

        @Override
        public void scalar(JsonKind kind, long from, long to) throws JsonException {
            if (place.depth == 0) {
                throw notAnObject(from);
            }
            models.scalar(place, kind, from, to);
            costs.scalar(place, kind, from, to);
            if (search != null) {
                search.scalar(kind, from, to);
            }
            place.ended();
            if (place.depth == 1) {
                value(kind, from, to);
            }
        }

        private void value(JsonKind kind, long from, long to) throws JsonException {
            if (current >= 0) {
                found[current] = new JsonOutline.Member(kind, from, to);
                if (DECIDING.get(current).equals(MODEL)) {
                    models.topLevel(kind, from, to);
                }
            }
        }

        private static JsonException notAnObject(long at) {
            return new JsonException("the body must be an object", at);
        }

        JsonOutline outline() {
            return new JsonOutline(
                    closingBrace,
                    hasMembers,
                    member(MODEL),
                    member(STREAM),
                    member(SYSTEM),
                    member(MAX_TOKENS),
                    models.model,
                    models.alias,
                    models.permitted(),
                    costs.costs(models.others(), BodyThread.of(member(THREAD), body)),
                    search == null ? Optional.of(List.of()) : search.found());
        }

        private JsonOutline.Member member(String name) {
            return found[DECIDING.indexOf(name)];
        }
    }

    /**
     * The members of a body that name models. These are: the top-level {@code model}; every string member {@code model} of an
     * object at most three levels deep (the body is level 1, arrays count) outside {@code messages} and {@code system}, and of
     * the {@code definition} of a tool within {@code messages}; and {@code fallbacks}. For a restricted caller {@code fallbacks}
     * must be an array of objects that each have a string {@code model}. With any other form, the API could choose the model.
     * Memory: constant. One thread at a time.
     */
    static final class ModelMembers {
        /** The longest name of a model, in UTF-16 units. */
        private static final int LONGEST = 256;

        /** The most bytes between the quotes that {@link #LONGEST} units can take: an escape with four digits for each. */
        private static final int LONGEST_LITERAL = 6 * LONGEST;

        /** The longest other name that is kept, in bytes with its quotes. */
        private static final int LONGEST_OTHER = 256;

        private static final int MOST_OTHERS = 8;
        private static final String ANY = "";
        private static final BigDecimal MOST_TOKENS = BigDecimal.valueOf(Long.MAX_VALUE);

        /** Depths of an object in {@code fallbacks}, of its members, and of those of an edit in {@code context_management}. */
        private static final int FALLBACK = 2;

        private static final int OF_FALLBACK = 3;
        private static final int OF_EDIT = 4;

        private final Chunks body;
        private final BodyPolicy policy;
        private final Set<String> others = new LinkedHashSet<>();
        private Optional<String> model = Optional.empty();
        private Optional<String> alias = Optional.empty();

        /** The name that was permitted last. A body may have millions of names, and a client a thousand patterns. */
        private @Nullable String lastPermitted;

        private boolean refused;
        private boolean fallbackHasModel;
        private int runs;
        private long maxTokens;

        ModelMembers(Chunks body, BodyPolicy policy) {
            this.body = body;
            this.policy = policy;
        }

        boolean permitted() {
            return !policy.isRestricted() || !refused && model.isPresent();
        }

        OtherModels others() {
            return others.isEmpty() && runs == 0
                    ? OtherModels.NONE
                    : new OtherModels(List.copyOf(others), runs, maxTokens);
        }

        void open(BodyPlace place, JsonKind kind) {
            if (inFallbacks(place)) {
                boolean isFallback = place.depth == FALLBACK;
                refused |= place.depth == 1 && kind != JsonKind.ARRAY;
                refused |= isFallback && kind != JsonKind.OBJECT;
                refused |= place.depth == OF_FALLBACK && isModel(place);
                fallbackHasModel &= !isFallback;
                runs += isFallback ? 1 : 0;
            }
            if (place.isHidden()) {
                refused = true;
                addOther(ANY);
            }
        }

        void close(BodyPlace place) {
            refused |= inFallbacks(place) && place.depth == FALLBACK && !fallbackHasModel;
        }

        void scalar(BodyPlace place, JsonKind kind, long from, long to) throws JsonException {
            boolean isModel = isModel(place);
            if (inFallbacks(place)) {
                boolean counts = place.depth == OF_FALLBACK && isModel;
                refused |= place.depth < OF_FALLBACK || counts && kind != JsonKind.STRING;
                fallbackHasModel |= counts;
            }
            if (kind == JsonKind.STRING && isModel) {
                if (policy.isRestricted()) {
                    check(decode(from, to));
                }
                // A tool with a model of its own reads the prompt and generates a response, such as an advisor.
                runs += inFallbacks(place) ? 0 : 1;
                addOther(to - from > LONGEST_OTHER ? ANY : new JsonText(body, from, to).value());
            } else if (kind == JsonKind.STRING) {
                string(place, from, to);
            } else if (kind == JsonKind.NUMBER && place.mayNameModel() && place.name.equals("max_tokens")) {
                maxTokens = Math.max(maxTokens, tokens(new String(body.copy(from, to), StandardCharsets.US_ASCII)));
            }
        }

        private static long tokens(String number) {
            try {
                return new BigDecimal(number).min(MOST_TOKENS).longValue();
            } catch (NumberFormatException exponentTooLarge) {
                // What the upstream makes of it is not known.
                return Long.MAX_VALUE;
            }
        }

        private void string(BodyPlace place, long from, long to) {
            if (place.depth == OF_EDIT && place.isIn("context_management") && place.name.equals("type")) {
                runs += new JsonText(body, from, to).startsWith("compact") ? 1 : 0;
            } else if (inFallbacks(place) && place.depth <= FALLBACK) {
                // A form that is not known: the upstream may choose a model.
                runs++;
                addOther(ANY);
            }
        }

        private void addOther(String name) {
            others.add(others.size() < MOST_OTHERS || others.contains(name) ? name : ANY);
        }

        private static boolean inFallbacks(BodyPlace place) {
            return place.isIn("fallbacks");
        }

        private static boolean isModel(BodyPlace place) {
            return place.mayNameModel() && place.name.equals("model");
        }

        void topLevel(JsonKind kind, long from, long to) throws JsonException {
            if (kind == JsonKind.STRING) {
                String name = decode(from, to);
                String asked = policy.resolver().resolve(name);
                model = Optional.of(asked);
                alias = asked.equals(name) ? Optional.empty() : Optional.of(name);
                check(asked);
            }
        }

        /** Asks once for equal names in a row, and for none after one that is not permitted. */
        private void check(String name) {
            if (refused || name.equals(lastPermitted)) {
                return;
            }
            if (policy.permits(name)) {
                lastPermitted = name;
            } else {
                refused = true;
            }
        }

        /** Decodes a name after a check of its length, so that a long literal is never copied. */
        private String decode(long from, long to) throws JsonException {
            String name = to - from - 2 > LONGEST_LITERAL ? "" : new JsonText(body, from, to).value();
            if (to - from - 2 > LONGEST_LITERAL || name.length() > LONGEST) {
                throw new JsonException("the name of a model is longer than " + LONGEST + " characters", from);
            }
            return name;
        }
    }
}
