package dev.warder.json;

import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Writes documents of fixed shape from records, whose components are the members, in their order. An empty {@code Optional} is left
 * out, or null if the component says so. Trees of JSON-P in a document are written as they are. Thread-safe.
 *
 * <p>It only writes: documents that come in are read as trees of JSON-P, where all problems of a file can be reported by their
 * names, and not only the first one.
 */
public final class JsonDocuments {
    private JsonDocuments() {}

    /** A component whose member has another name, or is null where it is empty. */
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.RECORD_COMPONENT)
    public @interface Member {
        String value() default "";

        boolean nullable() default false;
    }

    /**
     * The document in one line.
     *
     * @throws IllegalStateException when the document cannot be written; message and cause contain none of its content
     */
    public static String text(Record document) {
        try {
            return object(document).toString();
        } catch (ReflectiveOperationException | RuntimeException failure) {
            // Without the cause: messages of code that is called may contain values of the document.
            throw new IllegalStateException(
                    "cannot write " + document.getClass().getName());
        }
    }

    /** The document in one line of UTF-8. */
    public static byte[] bytes(Record document) {
        return JsonText.utf8(text(document));
    }

    private static JsonObject object(Record document) throws ReflectiveOperationException {
        var object = JsonTree.newObject();
        for (var component : document.getClass().getRecordComponents()) {
            var member = Optional.ofNullable(component.getAnnotation(Member.class));
            var accessor = component.getAccessor();
            accessor.setAccessible(true);
            var value = value(accessor.invoke(document));
            if (value.isPresent() || member.filter(Member::nullable).isPresent()) {
                String name = member.map(Member::value)
                        .filter(other -> !other.isEmpty())
                        .orElse(component.getName());
                object.add(name, value.orElse(JsonValue.NULL));
            }
        }
        return object.build();
    }

    private static Optional<JsonValue> value(Object value) throws ReflectiveOperationException {
        if (value instanceof Optional<?> some) {
            return some.isPresent() ? value(some.get()) : Optional.empty();
        }
        if (value instanceof OptionalLong some) {
            return some.isPresent() ? value(some.getAsLong()) : Optional.empty();
        }
        return Optional.of(present(value));
    }

    private static JsonValue present(Object value) throws ReflectiveOperationException {
        if (value instanceof JsonValue tree) {
            return tree;
        }
        if (value instanceof String text) {
            return JsonTree.string(text);
        }
        if (value instanceof Boolean flag) {
            return flag ? JsonValue.TRUE : JsonValue.FALSE;
        }
        if (value instanceof Record document) {
            return object(document);
        }
        if (value instanceof List<?> items) {
            var array = JsonTree.newArray();
            for (var item : items) {
                array.add(present(item));
            }
            return array.build();
        }
        return JsonTree.number(((Number) value).longValue());
    }
}
