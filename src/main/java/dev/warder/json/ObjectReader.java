package dev.warder.json;

import dev.warder.config.InvalidValueException;
import dev.warder.config.NameHint;
import dev.warder.config.ValueSyntax;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;

/** Reads the members of one object and reports what is wrong with them, each with its place. One thread at a time. */
public record ObjectReader(JsonObject object, String place, Problems problems) {
    /** A name that is too odd to be a mistyped one is not shown: it may be a secret in the wrong place. */
    private static final Pattern SHOWN = Pattern.compile("[A-Za-z0-9_]{1,28}");

    private static final int MOST_RESTRICTIONS = 1000;

    /** Reads the whole document, whose members have no place before their name. */
    public static ObjectReader ofDocument(JsonObject document, Problems problems, List<String> members) {
        return new ObjectReader(document, "", problems).withMembers(members);
    }

    /**
     * Reads an object.
     *
     * @param place where it is, for messages; not empty
     * @param members the names of all members that it may have; others are reported
     */
    public static ObjectReader of(JsonObject object, String place, Problems problems, List<String> members) {
        return new ObjectReader(object, place + ": ", problems).withMembers(members);
    }

    /**
     * A reader of each object of an array.
     *
     * @throws InvalidValueException when {@code text} is no JSON array, or an object has a name twice
     */
    public static List<ObjectReader> ofArray(String text, Problems problems, List<String> members)
            throws InvalidValueException {
        var document = JsonTree.parseWholeDistinctObject("{\"entry\":" + text + "}")
                .orElseThrow(() -> new InvalidValueException("is not JSON: an array of objects, each name once"));
        var entries = new ArrayList<ObjectReader>();
        ofDocument(document, problems, List.of("entry")).eachOf("entry", (number, value) -> {
            String place = "entry " + number;
            if (value instanceof JsonObject object) {
                entries.add(of(object, place, problems, members));
            } else {
                problems.add(place, "must be an object");
            }
        });
        return entries;
    }

    private ObjectReader withMembers(List<String> known) {
        for (String name : object.keySet()) {
            if (!known.contains(name)) {
                reportUnknown(name, known);
            }
        }
        return this;
    }

    private void reportUnknown(String name, List<String> known) {
        boolean shown = SHOWN.matcher(name).matches();
        String hint =
                shown && problems.isListed() ? NameHint.didYouMean(name, known).orElse("") : "";
        problem(shown ? name : "(name not shown)", "unknown member" + hint);
    }

    public void problem(String member, String reason) {
        problems.add(place(member), reason);
    }

    String place(String member) {
        return place + member;
    }

    public Optional<JsonValue> value(String member) {
        return Optional.ofNullable(object.get(member));
    }

    public <T> Optional<T> find(String member, ValueSyntax.Parser<T> parser) {
        return value(member).flatMap(value -> parsed(value, place(member), parser));
    }

    public <T> Optional<T> require(String member, ValueSyntax.Parser<T> parser) {
        if (!object.containsKey(member)) {
            problem(member, "is missing");
        }
        return find(member, parser);
    }

    public <T> List<T> list(String member, ValueSyntax.Parser<T> parser) {
        var items = new ArrayList<T>();
        // Of texts: a set of values takes the square of those that have the same hash.
        var seen = new HashSet<String>();
        eachOf(member, (number, value) -> {
            String item = item(member, number);
            if (!seen.add(value.toString())) {
                problems.add(item, "is the same as an earlier item");
            } else {
                parsed(value, item, parser).ifPresent(items::add);
            }
        });
        return items;
    }

    /**
     * The same, but an empty array is a problem, because it could mean all or none, and so is one of more than 1,000
     * items: each name in a request is compared with all of them.
     */
    public <T> List<T> restrictions(String member, ValueSyntax.Parser<T> parser) {
        int size = object.get(member) instanceof JsonArray array ? array.size() : 1;
        if (size == 0) {
            problem(member, "must not be empty; leave it out to permit all");
        } else if (size > MOST_RESTRICTIONS) {
            problem(member, "must have at most " + MOST_RESTRICTIONS + " items");
            return List.of();
        }
        return list(member, parser);
    }

    public Optional<JsonObject> object(String member) {
        Optional<JsonValue> value = value(member);
        if (value.isPresent() && !(value.get() instanceof JsonObject)) {
            problem(member, "must be an object");
        }
        return value.filter(JsonObject.class::isInstance).map(JsonObject.class::cast);
    }

    /** A reader of the object of a member. */
    public Optional<ObjectReader> child(String member, List<String> members) {
        return object(member).map(found -> of(found, place(member), problems, members));
    }

    public boolean isEmpty() {
        return object.isEmpty();
    }

    /** A whole number from 1; empty if there is none. */
    public OptionalLong count(String member, long most) {
        long number = JsonTree.count(object, member, 0);
        if (number >= 1 && number <= most) {
            return OptionalLong.of(number);
        }
        if (object.containsKey(member)) {
            problem(member, "must be a whole number from 1 to " + most + ", without quotes");
        }
        return OptionalLong.empty();
    }

    /** The place of an item of an array, which is counted from 1. */
    public String item(String member, int number) {
        return place(member) + ": item " + number;
    }

    /** Visits the items of an array, counted from 1. */
    public void eachOf(String member, BiConsumer<Integer, JsonValue> visitor) {
        Optional<JsonValue> value = value(member);
        if (value.isPresent() && value.get() instanceof JsonArray array) {
            for (int i = 0; i < array.size(); i++) {
                visitor.accept(i + 1, array.get(i));
            }
        } else if (value.isPresent()) {
            problem(member, "must be an array");
        }
    }

    private <T> Optional<T> parsed(JsonValue value, String where, ValueSyntax.Parser<T> parser) {
        if (!(value instanceof JsonString text)) {
            problems.add(where, "must be a string");
            return Optional.empty();
        }
        try {
            return Optional.of(parser.parse(text.getString()));
        } catch (InvalidValueException refused) {
            problems.add(where, refused.reason());
            return Optional.empty();
        }
    }
}
