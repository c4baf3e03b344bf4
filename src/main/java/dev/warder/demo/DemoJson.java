package dev.warder.demo;

import jakarta.json.bind.Jsonb;
import org.eclipse.yasson.JsonBindingProvider;

/**
 * Writes records as JSON (JSON-B). The provider is created by its class: the lookup of the specification depends on the
 * thread's class loader. Thread-safe.
 */
final class DemoJson {
    private static final Jsonb JSONB = new JsonBindingProvider().create().build();

    private DemoJson() {}

    /** The document in one line. */
    static String text(Object document) {
        return JSONB.toJson(document);
    }
}
