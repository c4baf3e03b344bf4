package dev.warder.json;

import dev.warder.body.Chunks;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Finds the {@link OtherModels} of a body in the same pass as its outline. Like {@link ModelNames}, it looks for members {@code
 * model} of objects at most three levels deep outside {@code messages} and {@code system}. Memory: constant. One thread at a time.
 */
final class OtherModelScanner {
    /** More names than these are as good as any model. */
    private static final int MOST_NAMES = 8;

    /** The longest name that is kept, in bytes with its quotes. */
    private static final int LONGEST = 256;

    private static final int DEEPEST = 3;

    /** The depth of the elements of a top-level array. */
    private static final int ELEMENT = 2;

    /** The depth of the members of an edit of the context. */
    private static final int OF_EDIT = 4;

    private static final String UNKNOWN = "";
    private static final BigDecimal MOST_TOKENS = BigDecimal.valueOf(Long.MAX_VALUE);

    /** The kinds of top-level members. */
    private enum Top {
        OTHER,
        CONTENT,
        FALLBACKS,
        EDITS
    }

    /** The kinds of members below. */
    private enum Name {
        OTHER,
        MODEL,
        MAX_TOKENS,
        DEFINITION,
        TYPE
    }

    private final Chunks body;
    private final Set<String> names = new LinkedHashSet<>();
    private Top top = Top.OTHER;
    private Name name = Name.OTHER;
    private int runs;
    private long maxTokens;

    /** The depth of the members of the tool that a message adds; negative outside. */
    private int definition = -1;

    OtherModelScanner(Chunks body) {
        this.body = body;
    }

    /** What was found so far. */
    OtherModels models() {
        return names.isEmpty() && runs == 0
                ? OtherModels.NONE
                : new OtherModels(names.stream().toList(), runs, maxTokens);
    }

    /** Handles a member's name in an object at this depth. */
    void name(int depth, String text) {
        if (depth == 1) {
            top = top(text);
        }
        boolean names = depth > 1 && depth <= DEEPEST && top != Top.CONTENT || depth == definition;
        if (names && text.equals("model")) {
            name = Name.MODEL;
        } else if (names && text.equals("max_tokens")) {
            name = Name.MAX_TOKENS;
        } else if (top == Top.CONTENT && text.equals("definition")) {
            name = Name.DEFINITION;
        } else {
            name = depth == OF_EDIT && top == Top.EDITS && text.equals("type") ? Name.TYPE : Name.OTHER;
        }
    }

    private static Top top(String text) {
        if (text.equals("messages") || text.equals("system")) {
            return Top.CONTENT;
        }
        if (text.equals("fallbacks")) {
            return Top.FALLBACKS;
        }
        return text.equals("context_management") ? Top.EDITS : Top.OTHER;
    }

    /** Handles the beginning of an object or array that is a value at this depth. */
    void open(int depth) {
        if (top == Top.FALLBACKS && depth == ELEMENT) {
            runs++;
        }
        if (name == Name.DEFINITION) {
            if (definition >= 0) {
                // One within another hides its model.
                add(UNKNOWN);
            }
            definition = depth + 1;
        }
        name = Name.OTHER;
    }

    /** Handles the end of an object or array that is a value at this depth. */
    void close(int depth) {
        if (definition == depth + 1) {
            definition = -1;
        }
    }

    /** Handles a string that is a value at this depth. */
    void string(int depth, long from, long to) {
        if (name == Name.MODEL) {
            // A tool with a model of its own reads the prompt and generates a response, such as an advisor.
            runs += top == Top.FALLBACKS ? 0 : 1;
            add(to - from > LONGEST ? UNKNOWN : new JsonText(body, from, to).value());
        } else if (name == Name.TYPE && new JsonText(body, from, to).startsWith("compact")) {
            runs++;
        } else if (top == Top.FALLBACKS && depth <= ELEMENT) {
            // A form that is not known: the upstream may choose a model.
            runs++;
            add(UNKNOWN);
        }
    }

    /** Handles a number that is a value. */
    void number(long from, long to) {
        if (name == Name.MAX_TOKENS) {
            var number = new BigDecimal(new String(body.copy(from, to), StandardCharsets.US_ASCII));
            maxTokens = Math.max(maxTokens, number.min(MOST_TOKENS).longValue());
        }
    }

    /** Handles the end of each value. */
    void ended() {
        name = Name.OTHER;
    }

    private void add(String model) {
        names.add(names.size() < MOST_NAMES || names.contains(model) ? model : UNKNOWN);
    }
}
