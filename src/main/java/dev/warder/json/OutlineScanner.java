package dev.warder.json;

import dev.warder.body.Chunks;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    /** The members that decide about a request. */
    private enum Deciding {
        MODEL,
        STREAM,
        SYSTEM,
        MAX_TOKENS,
        THREAD;

        static @Nullable Deciding of(String name) {
            return switch (name) {
                case "model" -> MODEL;
                case "stream" -> STREAM;
                case "system" -> SYSTEM;
                case "max_tokens" -> MAX_TOKENS;
                case "thread" -> THREAD;
                default -> null;
            };
        }
    }

    private static final class Members implements JsonHandler {
        private final Chunks body;
        private final BodyPolicy policy;
        private final ModelMembers models;
        private final BodyCostScanner costs;
        private final Map<Deciding, JsonMember> found = new EnumMap<>(Deciding.class);
        private @Nullable Deciding current;
        private final BodyPlace place = new BodyPlace();
        private long valueStart;
        private long closingBrace;
        private boolean hasMembers;

        Members(Chunks body, BodyPolicy policy) {
            this.body = body;
            this.policy = policy;
            this.models = new ModelMembers(body, policy);
            this.costs = new BodyCostScanner(body);
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
            place.open();
        }

        @Override
        public void close(JsonKind kind, long at) throws JsonException {
            place.close();
            models.close(place);
            costs.close(place);
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
            if (place.depth == 1) {
                hasMembers = true;
                current = Deciding.of(name);
                if (current != null && found.containsKey(current)) {
                    throw new JsonException("the member \"" + name + "\" comes twice", from);
                }
                // All known names are in lower case.
                if (name.equals(Words.UNKNOWN) && policy.exactNames()) {
                    refuseTwin(new JsonText(body, from, to), from);
                }
            }
        }

        private static void refuseTwin(JsonText name, long from) throws JsonException {
            for (var member : List.of("model", "system")) {
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
            place.ended();
            if (place.depth == 1) {
                value(kind, from, to);
            }
        }

        private void value(JsonKind kind, long from, long to) throws JsonException {
            if (current != null) {
                found.put(current, new JsonMember(kind, from, to));
            }
            if (current == Deciding.MODEL) {
                models.topLevel(kind, from, to);
            }
        }

        private static JsonException notAnObject(long at) {
            return new JsonException("the body must be an object", at);
        }

        JsonOutline outline() {
            return new JsonOutline(
                    closingBrace,
                    hasMembers,
                    member(Deciding.MODEL),
                    member(Deciding.STREAM),
                    member(Deciding.SYSTEM),
                    member(Deciding.MAX_TOKENS),
                    models.model(),
                    models.alias(),
                    models.permitted(),
                    costs.costs());
        }

        private JsonMember member(Deciding name) {
            return found.getOrDefault(name, JsonMember.ABSENT);
        }
    }

    /**
     * The members of a body that name models. For a restricted caller these are: the top-level {@code model}; every
     * string member
     * {@code model} of an object at most three levels deep (the body is level 1, arrays count) outside {@code messages}
     * and {@code
     * system}, and of the {@code definition} of a tool within {@code messages}; and {@code fallbacks}, which must be an
     * array of objects that each have a string {@code model}. With any other form,
     * the API could choose the model. Memory: constant. One thread at a time.
     */
    static final class ModelMembers {
        /** The longest name of a model, in UTF-16 units. */
        private static final int LONGEST = 256;

        /** The most bytes between the quotes that {@link #LONGEST} units can take: an escape with four digits for each. */
        private static final int LONGEST_LITERAL = 6 * LONGEST;

        private static final int OF_FALLBACK = 3;
        private static final int LIST = 2;

        private final Chunks body;
        private final BodyPolicy policy;
        private Optional<String> model = Optional.empty();
        private Optional<String> alias = Optional.empty();

        /** The name that was permitted last. A body may have millions of names, and a client a thousand patterns. */
        private @Nullable String lastPermitted;

        private boolean refused;
        private boolean fallbackHasModel;

        ModelMembers(Chunks body, BodyPolicy policy) {
            this.body = body;
            this.policy = policy;
        }

        Optional<String> model() {
            return model;
        }

        Optional<String> alias() {
            return alias;
        }

        boolean permitted() {
            return !refused && (!policy.isRestricted() || model.isPresent());
        }

        void open(BodyPlace place, JsonKind kind) {
            if (inFallbacks(place)) {
                refused |= place.depth == 1 && kind != JsonKind.ARRAY;
                refused |= place.depth == LIST && kind != JsonKind.OBJECT;
                refused |= place.depth == OF_FALLBACK && isModel(place);
                fallbackHasModel &= place.depth != LIST;
            }
            refused |= policy.isRestricted() && place.isHidden();
        }

        void close(BodyPlace place) {
            refused |= inFallbacks(place) && place.depth == LIST && !fallbackHasModel;
        }

        void scalar(BodyPlace place, JsonKind kind, long from, long to) throws JsonException {
            boolean isModel = policy.isRestricted() && isModel(place);
            if (inFallbacks(place)) {
                boolean counts = place.depth == OF_FALLBACK && isModel;
                refused |= place.depth < OF_FALLBACK || counts && kind != JsonKind.STRING;
                fallbackHasModel |= counts;
            }
            if (isModel && kind == JsonKind.STRING) {
                check(decode(from, to));
            }
        }

        private boolean inFallbacks(BodyPlace place) {
            return policy.isRestricted() && place.isIn("fallbacks");
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
