package dev.warder.json;

import jakarta.json.JsonValue;
import jakarta.json.bind.Jsonb;
import jakarta.json.bind.JsonbConfig;
import jakarta.json.bind.annotation.JsonbProperty;
import jakarta.json.bind.config.PropertyVisibilityStrategy;
import jakarta.json.bind.serializer.JsonbSerializer;
import jakarta.json.bind.serializer.SerializationContext;
import jakarta.json.stream.JsonGenerator;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.yasson.JsonBindingProvider;

/**
 * Writes documents of fixed shape from records (JSON-B): the components are the members, in their order. An empty {@code Optional}
 * is left out, or null if the component is nillable. Trees of JSON-P in a document are written as they are. Thread-safe.
 *
 * <p>The bytes depend neither on the server nor on the version of its libraries. Yasson is created by its class, because the
 * lookup of the specification depends on the thread's class loader and on the server's providers. The class may still be the
 * server's own (WildFly, GlassFish, Payara). Only features of JSON-B 3.0 that every version has are therefore used. Yasson's
 * support of records is an addition in its multi-release archive, which a class loader without support for such archives does not
 * see, and it sorts members by name. For that reason a serializer writes records here. Documents that come in are read as trees of
 * JSON-P, where all problems of a file can be reported by their names, too, and not only the first one.
 *
 * <p>Yasson keeps its data about a class in its {@link Jsonb}, which is a field of this class. The data is therefore released
 * with the class loader of the application.
 */
public final class JsonDocuments {
    private static final Jsonb JSONB = new JsonBindingProvider()
            .create()
            .withProvider(JsonTree.PROVIDER)
            .withConfig(
                    new JsonbConfig().withSerializers(new Components()).withPropertyVisibilityStrategy(new Nothing()))
            .build();

    private JsonDocuments() {}

    /**
     * The document in one line.
     *
     * @throws IllegalStateException when the document cannot be written; message and cause contain none of its content
     */
    public static String text(Record document) {
        try {
            return JSONB.toJson(document);
        } catch (RuntimeException failure) {
            // Without the cause: messages of JSON-B, and of code that it calls, may contain values of the document.
            throw new IllegalStateException(
                    "cannot write " + document.getClass().getName());
        }
    }

    /** Yasson looks for members of a record, too, and fails where it is private. */
    private static final class Nothing implements PropertyVisibilityStrategy {
        @Override
        public boolean isVisible(Field field) {
            return false;
        }

        @Override
        public boolean isVisible(Method method) {
            return false;
        }
    }

    private static final class Components implements JsonbSerializer<Record> {
        /** Read once for each class: the JDK makes all of it anew each time. */
        private static final ClassValue<List<Member>> MEMBERS = new ClassValue<>() {
            @Override
            protected List<Member> computeValue(Class<?> type) {
                return Stream.of(type.getRecordComponents()).map(Member::of).toList();
            }
        };

        private record Member(String name, boolean nillable, Method accessor) {
            @SuppressWarnings("deprecation") // One annotation says all of a component.
            static Member of(RecordComponent component) {
                var accessor = component.getAccessor();
                // The record may be private.
                accessor.setAccessible(true);
                var property = Optional.ofNullable(accessor.getAnnotation(JsonbProperty.class));
                return new Member(
                        property.map(JsonbProperty::value)
                                .filter(text -> !text.isEmpty())
                                .orElseGet(component::getName),
                        property.filter(JsonbProperty::nillable).isPresent(),
                        accessor);
            }

            Object value(Record document) {
                try {
                    return Objects.requireNonNull(accessor.invoke(document));
                } catch (ReflectiveOperationException impossible) {
                    throw new IllegalStateException(impossible);
                }
            }
        }

        @Override
        public void serialize(Record document, JsonGenerator out, SerializationContext context) {
            out.writeStartObject();
            for (var member : MEMBERS.get(document.getClass())) {
                write(member, member.value(document), out, context);
            }
            out.writeEnd();
        }

        private static void write(Member member, Object value, JsonGenerator out, SerializationContext context) {
            Object present = value instanceof Optional<?> optional ? optional.orElse(null) : value;
            if (present instanceof JsonValue tree) {
                out.write(member.name(), tree);
            } else if (present != null) {
                context.serialize(member.name(), present, out);
            } else if (member.nillable()) {
                out.writeNull(member.name());
            }
        }
    }
}
