package dev.warder.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.json.JsonTree;
import dev.warder.openai.shared.RequestOutcome;
import dev.warder.testkit.Turns;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * A request that differs from another one at one place.
 *
 * @param path the place, such as {@code .messages[0].role=user}
 */
public record RequestVariant(String path, JsonObject request) {

    /** Without one member, each in turn; the members of those named in {@code whole} stay. */
    public static List<RequestVariant> without(JsonObject request, Set<String> whole) {
        var variants = new ArrayList<RequestVariant>();
        members(request, whole, "", UnaryOperator.identity(), (path, object, name, document) -> {
            var less = JsonTree.newObject(object).remove(name).build();
            variants.add(new RequestVariant(path, (JsonObject) document.apply(less)));
        });
        return variants;
    }

    /** With another value for one member, each in turn. */
    public static List<RequestVariant> with(JsonObject request, Set<String> whole, JsonValue value) {
        var variants = new ArrayList<RequestVariant>();
        members(request, whole, "", UnaryOperator.identity(), (path, object, name, document) -> {
            var other = JsonTree.newObject(object).add(name, value).build();
            variants.add(new RequestVariant(path, (JsonObject) document.apply(other)));
        });
        return variants;
    }

    /** The request may be refused, with a word of Warder's own about one of its members. */
    public void requireOwnWords(RequestOutcome<?> outcome) {
        if (outcome instanceof RequestOutcome.Refused<?> refused) {
            var refusal = refused.refusal();
            assertThat(refusal.message()).as(path).doesNotContain("SECRET");
            assertThat(refusal.param().orElse("")).as(path).isNotEmpty().doesNotContain("SECRET");
            assertThat(refusal.status()).as(path).isIn(400, 404);
        }
    }

    /** All of them in a slice, in the gate each third one. */
    public static List<RequestVariant> some(List<RequestVariant> all) {
        int step = Turns.of(3, 1);
        return IntStream.range(0, all.size())
                .filter(i -> i % step == 0)
                .mapToObj(all::get)
                .toList();
    }

    /** With one more member in one object, each in turn. */
    public static List<RequestVariant> withMember(JsonObject request, Set<String> whole, String member) {
        var variants = new ArrayList<RequestVariant>();
        members(
                JsonTree.newObject(request).add(member, 1).build(),
                whole,
                "",
                UnaryOperator.identity(),
                (path, object, name, document) -> {
                    var more = JsonTree.newObject(object).add(member, 1).build();
                    variants.add(new RequestVariant(path, (JsonObject) document.apply(more)));
                });
        return variants;
    }

    private static void members(
            JsonValue value, Set<String> whole, String path, UnaryOperator<JsonValue> document, Visitor visitor) {
        if (value instanceof JsonObject object) {
            object.forEach((name, member) -> {
                String said = member instanceof JsonString text ? "=" + text.getString() : "";
                visitor.visit(path + "." + name + said, object, name, document);
                if (!whole.contains(name)) {
                    UnaryOperator<JsonValue> around = changed -> document.apply(
                            JsonTree.newObject(object).add(name, changed).build());
                    members(member, whole, path + "." + name, around, visitor);
                }
            });
        } else if (value instanceof JsonArray items) {
            for (int i = 0; i < items.size(); i++) {
                int index = i;
                UnaryOperator<JsonValue> around = changed -> {
                    List<JsonValue> others = new ArrayList<>(items);
                    others.set(index, changed);
                    return document.apply(JsonTree.newArray(others).build());
                };
                members(items.get(i), whole, path + "[" + i + "]", around, visitor);
            }
        }
    }

    /** Takes one member of an object, and what makes the whole document of that object changed. */
    @FunctionalInterface
    private interface Visitor {
        void visit(String path, JsonObject object, String name, UnaryOperator<JsonValue> document);
    }
}
