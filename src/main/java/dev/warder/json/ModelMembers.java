package dev.warder.json;

import dev.warder.body.Chunks;
import java.util.Optional;

/**
 * The members of a body that name models. For a restricted caller these are: the top-level {@code model}; every string member
 * {@code model} of an object at most three levels deep (the body is level 1, arrays count) outside {@code messages} and {@code
 * system}, and of the {@code definition} of a tool within {@code messages}; and {@code fallbacks}, which must be an array of objects that each have a string {@code model}. With any other form,
 * the API could choose the model. Memory: constant. One thread at a time.
 */
final class ModelMembers {
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
    private Optional<String> lastPermitted = Optional.empty();

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
        if (refused || lastPermitted.filter(name::equals).isPresent()) {
            return;
        }
        if (policy.permits(name)) {
            lastPermitted = Optional.of(name);
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
