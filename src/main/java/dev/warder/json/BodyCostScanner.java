package dev.warder.json;

import dev.warder.body.Chunks;
import java.util.List;
import java.util.Optional;

/**
 * Finds the {@link BodyCosts} of a body in the same pass as its outline. It looks at few names. Memory: constant. One thread at
 * a time.
 */
final class BodyCostScanner {
    /** The depth of the members of the elements of a top-level array. */
    private static final int OF_ELEMENT = 3;

    private static final String SOURCE = "source";
    private static final String TYPE = "type";
    private static final String TTL = "ttl";
    private static final int QUOTES = 2;

    /** The longest name of a place that is kept, in bytes with its quotes. */
    private static final int LONGEST_GEO = 32 + QUOTES;

    /** The beginnings of the types of tools that the client runs. */
    private static final List<String> CLIENT_TOOLS = List.of("custom", "bash_", "text_editor_", "computer_", "memory_");

    /** The bytes of {@code source} where each character is an escape. */
    private static final int LONGEST_NAME = 6 * SOURCE.length() + QUOTES;

    /** The kinds of top-level members. */
    private enum Top {
        OTHER,
        SPEED,
        GEO,
        CONTAINER,
        SERVERS,
        TOOLS
    }

    /** The kinds of members below. */
    private enum Name {
        OTHER,
        SOURCE,
        TYPE,
        TTL
    }

    private final Chunks body;
    private Top top = Top.OTHER;
    private Name name = Name.OTHER;

    /** The depth of the members of the innermost {@code source}; 0 outside. */
    private int source;

    private boolean refersToMore;
    private boolean cachesForAnHour;
    private boolean fast;
    private Optional<String> geo = Optional.empty();

    BodyCostScanner(Chunks body) {
        this.body = body;
    }

    /** What was found so far. */
    BodyCosts costs() {
        return new BodyCosts(refersToMore, cachesForAnHour, fast, geo);
    }

    /** Handles a member's name in an object at this depth. */
    void name(int depth, long from, long to) {
        if (depth == 1) {
            top = top(new JsonText(body, from, to));
        }
        boolean typed = depth == source || top == Top.TOOLS && depth == OF_ELEMENT;
        if (isName(from, to, SOURCE)) {
            name = Name.SOURCE;
        } else if (typed && isName(from, to, TYPE)) {
            name = Name.TYPE;
        } else {
            name = isName(from, to, TTL) ? Name.TTL : Name.OTHER;
        }
    }

    /** Also with escapes, by which a client could hide from the gateway what the upstream reads. */
    private boolean isName(long from, long to, String text) {
        long length = to - from - QUOTES;
        return (length == text.length() || length > text.length() && hasEscape(from, to)) && is(from, to, text);
    }

    /** Of a name that is not too long to be one of those that are looked for. */
    private boolean hasEscape(long from, long to) {
        long end = Math.min(to, from + LONGEST_NAME);
        for (long at = from; at < end; at++) {
            if (body.at(at) == '\\') {
                return true;
            }
        }
        return false;
    }

    /** Handles the beginning of an object or array that is a value at this depth. */
    void open(int depth, JsonKind kind) {
        refersToMore |= depth == 1 && top == Top.CONTAINER || depth == 2 && top == Top.SERVERS;
        if (name == Name.SOURCE && kind == JsonKind.OBJECT) {
            source = depth + 1;
        }
        name = Name.OTHER;
    }

    /** Handles the end of an object or array that is a value at this depth. */
    void close(int depth) {
        if (source == depth + 1) {
            source = 0;
        }
    }

    /** Handles a value at this depth that is neither an object nor an array. */
    void scalar(int depth, JsonKind kind, long from, long to) {
        if (kind == JsonKind.STRING) {
            refersToMore |= depth == 1 && top == Top.CONTAINER;
            fast |= depth == 1 && top == Top.SPEED && is(from, to, "fast");
            if (depth == 1 && top == Top.GEO && to - from <= LONGEST_GEO) {
                geo = Optional.of(new JsonText(body, from, to).value());
            }
            cachesForAnHour |= name == Name.TTL && is(from, to, "1h");
            refersToMore |= name == Name.TYPE && (depth == source ? isElsewhere(from, to) : !isClientTool(from, to));
        }
        name = Name.OTHER;
    }

    private static Top top(JsonText name) {
        if (name.is("tools")) {
            return Top.TOOLS;
        }
        if (name.is("container")) {
            return Top.CONTAINER;
        }
        if (name.is("mcp_servers")) {
            return Top.SERVERS;
        }
        if (name.is("inference_geo")) {
            return Top.GEO;
        }
        return name.is("speed") ? Top.SPEED : Top.OTHER;
    }

    private boolean isElsewhere(long from, long to) {
        return is(from, to, "url") || is(from, to, "file");
    }

    private boolean isClientTool(long from, long to) {
        var type = new JsonText(body, from, to);
        return CLIENT_TOOLS.stream().anyMatch(type::startsWith);
    }

    private boolean is(long from, long to, String text) {
        return new JsonText(body, from, to).is(text);
    }
}
