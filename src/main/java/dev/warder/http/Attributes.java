package dev.warder.http;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRequest;
import java.util.Optional;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Typed attributes of a request and of the application. An attribute's key is its class, so there is at most one value of a
 * type. No other class calls {@code setAttribute} and {@code getAttribute}.
 *
 * <p>As thread-safe as the container's own attribute maps.
 */
public final class Attributes {
    private Attributes() {}

    public static <T> void put(ServletRequest request, Class<T> type, T value) {
        request.setAttribute(type.getName(), value);
    }

    /** Puts {@code value} on the request, or both together where a filter has put one of the same type: the earlier one first. */
    public static <T> void merge(ServletRequest request, Class<T> type, T value, BinaryOperator<T> both) {
        var found = find(request, type);
        put(request, type, found.isPresent() ? both.apply(found.get(), value) : value);
    }

    public static <T> Optional<T> find(ServletRequest request, Class<T> type) {
        return Optional.ofNullable(type.cast(request.getAttribute(type.getName())));
    }

    /**
     * The request's value of {@code type}.
     *
     * @throws IllegalStateException when the filter that puts it is missing from {@code web.xml}
     */
    public static <T> T get(ServletRequest request, Class<T> type) {
        return present(type, request.getAttribute(type.getName()));
    }

    public static <T> void put(ServletContext application, Class<T> type, T value) {
        application.setAttribute(type.getName(), value);
    }

    public static <T> Optional<T> find(ServletContext application, Class<T> type) {
        return Optional.ofNullable(type.cast(application.getAttribute(type.getName())));
    }

    /** @throws IllegalStateException when there is none because the application did not start */
    static <T> T get(ServletContext application, Class<T> type) {
        return present(type, application.getAttribute(type.getName()));
    }

    private static <T> T present(Class<T> type, @Nullable Object value) {
        if (value == null) {
            throw new IllegalStateException("no " + type.getSimpleName() + " here: is web.xml complete?");
        }
        return type.cast(value);
    }
}
