package dev.warder.openai.shared;

import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The members of one object of a request, read by name; {@code null} counts as absent. A member of another type than the
 * method's refuses the request. The object remembers which members were read, so that {@link #ignoreRest} finds the
 * others. One thread at a time.
 */
public final class Members {
    private static final BigDecimal LARGEST = BigDecimal.valueOf(Integer.MAX_VALUE);

    private final JsonObject object;
    private final String path;
    private final IgnoredMembers ignored;
    private final Set<String> read = new HashSet<>();

    /** Reads a document. */
    public Members(JsonObject document) {
        this(document, "", new IgnoredMembers());
    }

    /**
     * Reads an object.
     *
     * @param path where the object is in the document, as an error's {@code param} names it; empty for the document itself
     * @param ignored receives the names of the members that have no effect
     */
    private Members(JsonObject object, String path, IgnoredMembers ignored) {
        this.object = object;
        this.path = path;
        this.ignored = ignored;
    }

    /** The names of the document's members that have no effect, for the field {@code X-Warder-Ignored}. */
    public SortedSet<String> ignored() {
        return ignored.names;
    }

    public String path() {
        return path;
    }

    public String path(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    public Optional<JsonValue> value(String name) {
        read.add(name);
        return Optional.ofNullable(object.get(name)).filter(value -> !JsonValue.NULL.equals(value));
    }

    public boolean has(String name) {
        return value(name).isPresent();
    }

    public Optional<String> text(String name) throws RefusedException {
        return typed(name, JsonString.class, "a string").map(JsonString::getString);
    }

    public Optional<JsonArray> array(String name) throws RefusedException {
        return typed(name, JsonArray.class, "an array");
    }

    public Optional<JsonObject> json(String name) throws RefusedException {
        return typed(name, JsonObject.class, "an object");
    }

    public Optional<BigDecimal> number(String name) throws RefusedException {
        return typed(name, JsonNumber.class, "a number").map(JsonNumber::bigDecimalValue);
    }

    /** A whole number, however it is written, of at least {@code least}; at most {@link Integer#MAX_VALUE} is returned. */
    public Optional<Long> whole(String name, int least) throws RefusedException {
        var number = number(name);
        if (number.isPresent()
                && (number.get().compareTo(BigDecimal.valueOf(least)) < 0
                        // A large number without a fraction may have too many zeros to strip.
                        || number.get().scale() > 0
                                && number.get().stripTrailingZeros().scale() > 0)) {
            throw refused(name, "must be a whole number of at least " + least + ".");
        }
        return number.map(LARGEST::min).map(BigDecimal::longValue);
    }

    public Optional<Members> object(String name) throws RefusedException {
        return json(name).map(value -> new Members(value, path(name), ignored));
    }

    public Optional<Boolean> flag(String name) throws RefusedException {
        var value = value(name);
        if (value.isPresent() && value.get() != JsonValue.TRUE && value.get() != JsonValue.FALSE) {
            throw refused(name, "must be true or false.");
        }
        return value.map(JsonValue.TRUE::equals);
    }

    public JsonValue need(String name) throws RefusedException {
        return value(name).orElseThrow(() -> missing(name));
    }

    public String needText(String name) throws RefusedException {
        return text(name).orElseThrow(() -> missing(name));
    }

    public JsonArray needArray(String name) throws RefusedException {
        return array(name).orElseThrow(() -> missing(name));
    }

    public Members needObject(String name) throws RefusedException {
        return object(name).orElseThrow(() -> missing(name));
    }

    private RefusedException missing(String name) {
        return refused(name, "is missing.");
    }

    /** The texts of an array; there may be no array. */
    public List<String> texts(String name) throws RefusedException {
        var texts = new ArrayList<String>();
        for (JsonValue item : array(name).orElse(JsonValue.EMPTY_JSON_ARRAY)) {
            if (!(item instanceof JsonString text)) {
                String at = path(name) + "[" + texts.size() + "]";
                throw RefusedException.invalid(at, at + " must be a string.");
            }
            texts.add(text.getString());
        }
        return texts;
    }

    /** Reads the objects of an array one after the other; there may be no array. */
    public void each(String name, ItemReader reader) throws RefusedException {
        var items = array(name).orElse(JsonValue.EMPTY_JSON_ARRAY);
        for (int i = 0; i < items.size(); i++) {
            reader.read(item(name, items.get(i), i));
        }
    }

    public Members item(String name, JsonValue item, int index) throws RefusedException {
        String at = path(name) + "[" + index + "]";
        if (!(item instanceof JsonObject found)) {
            throw RefusedException.invalid(at, at + " must be an object.");
        }
        return new Members(found, at, ignored);
    }

    /** Reads an object, if it is there; those of its members that the reader leaves have no effect. */
    public <T> Optional<T> read(String name, Reader<T> reader) throws RefusedException {
        var object = object(name);
        if (object.isEmpty()) {
            return Optional.empty();
        }
        var found = reader.read(object.get());
        object.get().ignoreRest();
        return Optional.of(found);
    }

    /** A refusal because of one member; {@code problem} is a phrase that follows the member's path. */
    public RefusedException refused(String name, String problem) {
        return RefusedException.invalid(path(name), path(name) + " " + problem);
    }

    public void refuseIf(boolean unsupported, String name, String problem) throws RefusedException {
        if (unsupported) {
            throw refused(name, problem);
        }
    }

    public void ignore(String name) throws RefusedException {
        if (has(name)) {
            ignored.add(name);
        }
    }

    public void list(String name) throws RefusedException {
        ignored.add(name);
    }

    /** Lists the text of a member without effect, such as a kind of tool; refuses a text that cannot be listed. */
    public void listText(String member, String text) throws RefusedException {
        if (!IgnoredMembers.isName(text)) {
            throw refused(member, "is not known.");
        }
        ignored.add(text);
    }

    public void ignoreRest() throws RefusedException {
        for (var member : object.entrySet()) {
            if (!read.contains(member.getKey()) && !JsonValue.NULL.equals(member.getValue())) {
                ignored.add(member.getKey());
            }
        }
    }

    /** Reads the members of an object. */
    @FunctionalInterface
    public interface Reader<T> {
        T read(Members object) throws RefusedException;
    }

    /** Reads one object of an array. */
    @FunctionalInterface
    public interface ItemReader {
        void read(Members item) throws RefusedException;
    }

    private <T extends JsonValue> Optional<T> typed(String name, Class<T> type, String expected)
            throws RefusedException {
        var value = value(name);
        if (value.isPresent() && !type.isInstance(value.get())) {
            throw refused(name, "must be " + expected + ".");
        }
        return value.map(type::cast);
    }

    /**
     * The names of the members that are not sent upstream; a name that a field cannot
     * hold, or too many names, cause a refusal: nothing is dropped silently. One thread at a time.
     */
    private static final class IgnoredMembers {
        private static final int MOST = 64;
        private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.$-]{1,64}");

        private final SortedSet<String> names = new TreeSet<>();

        static boolean isName(String name) {
            return NAME.matcher(name).matches();
        }

        void add(String name) throws RefusedException {
            if (!isName(name)) {
                throw RefusedException.unrecognized("The request has a member of an unusable name.");
            }
            names.add(name);
            if (names.size() > MOST) {
                throw RefusedException.unrecognized("The request has too many unknown members.");
            }
        }
    }
}
