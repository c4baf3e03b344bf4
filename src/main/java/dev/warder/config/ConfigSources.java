package dev.warder.config;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Where settings are looked up.
 *
 * @param jndi the object bound to a name below {@code java:comp/env/}, such as {@code warder/upstream.url}; throws an
 *     unchecked exception for a broken binding. Asked only for single names, and only while the configuration is read
 * @param initParams the init-params of Warder's filters and servlets, by the name of the filter or servlet
 * @param contextParams the context-params of the whole application; those of Warder start with {@code warder.}
 * @param environment the value of an environment variable
 */
public record ConfigSources(
        Function<String, Optional<Object>> jndi,
        Map<String, Map<String, String>> initParams,
        Map<String, String> contextParams,
        Function<String, Optional<String>> environment) {

    /** Copies the maps and sorts them, so that problems come in the same order everywhere. */
    public ConfigSources {
        var sorted = new TreeMap<String, Map<String, String>>();
        initParams.forEach((holder, params) -> sorted.put(holder, new TreeMap<>(params)));
        initParams = sorted;
        contextParams = new TreeMap<>(contextParams);
    }

    Optional<String> jndiText(String name) throws InvalidValueException {
        Object value;
        try {
            value = jndi.apply(name).orElse("");
        } catch (RuntimeException broken) {
            // Only the type: a naming provider may put the bound value into the message.
            Throwable cause = broken.getCause() == null ? broken : broken.getCause();
            throw new InvalidValueException(
                    "the JNDI entry cannot be read (" + cause.getClass().getSimpleName() + ")");
        }
        if (value instanceof String || value instanceof Boolean || value instanceof Number) {
            return Optional.of(value.toString().strip()).filter(text -> !text.isEmpty());
        }
        throw new InvalidValueException("the JNDI entry is neither a String, a Boolean nor a Number");
    }
}
