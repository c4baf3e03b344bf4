package dev.warder.json;

import dev.warder.body.Chunks;
import dev.warder.config.TextFile;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds the members and the types of a message's body that Warder does not know, in the same pass as its outline: such a member may
 * stand for a prompt of any length. What clients define themselves, such as the schema of a tool, has names of their own and is left
 * out. The lists are those of the request types of the SDK for TypeScript 1.14.0, and of the members that it no longer has. Memory:
 * constant. One thread at a time.
 */
final class UnknownNames {
    private static final int MOST = 8;

    /** Bytes of the longest name that is kept. */
    private static final int LONGEST = 64;

    private static final String ANY = "";

    private static final Set<String> TOP = words("request-top.txt");

    private static final Set<String> FREE = Set.of("configs", "input", "input_examples", "input_schema", "schema");

    private static final Set<String> BELOW = words("request-members.txt");

    private static final Words TYPES = new Words(words("request-types.txt"));

    static final Words NAMES =
            new Words(Stream.of(TOP, FREE, BELOW).flatMap(Set::stream).collect(Collectors.toSet()));

    private static final int NONE = -1;

    private final Chunks body;
    private final Set<String> found = new LinkedHashSet<>();

    private int opaque = NONE;

    private static Set<String> words(String file) {
        return Set.of(TextFile.of(UnknownNames.class, file).strip().split("\\s+"));
    }

    UnknownNames(Chunks body) {
        this.body = body;
    }

    List<String> found() {
        return List.copyOf(found);
    }

    void open(BodyPlace place) {
        if (isLookedAt(place)) {
            if (place.depth > 1 && FREE.contains(place.name)) {
                opaque = place.depth;
            } else if (isUnknown(place)) {
                add("", place.nameFrom, place.nameTo);
            }
        }
    }

    void close(BodyPlace place) {
        if (opaque == place.depth) {
            opaque = NONE;
        }
    }

    void scalar(BodyPlace place, JsonKind kind, long from, long to) {
        if (!isLookedAt(place)) {
            return;
        }
        if (kind != JsonKind.NULL && isUnknown(place)) {
            add("", place.nameFrom, place.nameTo);
        } else if (kind == JsonKind.STRING
                && place.depth > 1
                && place.name.equals("type")
                && TYPES.find(body, from, to).isEmpty()) {
            add("type=", from, to);
        }
    }

    private boolean isLookedAt(BodyPlace place) {
        return place.isMember && opaque == NONE && found.size() <= MOST;
    }

    private static boolean isUnknown(BodyPlace place) {
        return place.depth == 1 ? !TOP.contains(place.name) : !BELOW.contains(place.name) && !FREE.contains(place.name);
    }

    private void add(String before, long from, long to) {
        boolean fits = to - from <= LONGEST && found.size() < MOST;
        found.add(fits ? before + new JsonText(body, from, to).value() : ANY);
    }
}
