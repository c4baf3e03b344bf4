package dev.warder.json;

import jakarta.json.bind.Jsonb;
import jakarta.json.bind.JsonbConfig;
import jakarta.json.bind.config.PropertyVisibilityStrategy;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import org.eclipse.yasson.JsonBindingProvider;

/**
 * Writes documents of fixed shape from records, whose components are the members (JSON-B). An empty {@code Optional} is left
 * out, or null if the component is nillable. Each record lists its components in {@code @JsonbPropertyOrder}, because JSON-B
 * would otherwise sort them by name. Trees of JSON-P in a document are written as they are. Thread-safe.
 *
 * <p>Two limits of Yasson: a record that is null in a nillable component needs {@code @JsonbNillable} at its own type, and no
 * record may pass its type parameter on to another one (before 3.0.4).
 *
 * <p>The bytes depend neither on the server nor on the version of its libraries. Yasson is created by its class, because the
 * lookup of the specification depends on the thread's class loader and on the server's providers. The class may still be the
 * server's own (WildFly, GlassFish, Payara). Only features of JSON-B 3.0 that every version has are therefore used: it reads
 * the private fields of a record. Yasson's support of records is an addition in its multi-release archive, and a class loader
 * without support for such archives does not see it. For that reason it only writes: documents that come in are read as trees of
 * JSON-P, where all problems of a file can be reported by their names, too, and not only the first one.
 *
 * <p>Yasson keeps its data about a class in its {@link Jsonb}, which is a field of this class. The data is therefore released
 * with the class loader of the application.
 */
public final class JsonDocuments {
    private static final Jsonb JSONB = new JsonBindingProvider()
            .create()
            .withProvider(JsonTree.PROVIDER)
            .withConfig(new JsonbConfig().withPropertyVisibilityStrategy(new Components()))
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

    /** The document in one line of UTF-8. */
    public static byte[] bytes(Record document) {
        return JsonText.utf8(text(document));
    }

    /** Reads a record by its fields, regardless of its methods. */
    private static final class Components implements PropertyVisibilityStrategy {
        @Override
        public boolean isVisible(Field field) {
            return !Modifier.isStatic(field.getModifiers());
        }

        @Override
        public boolean isVisible(Method method) {
            return false;
        }
    }
}
