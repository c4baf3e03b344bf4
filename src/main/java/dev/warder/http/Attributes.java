package dev.warder.http;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRequest;
import java.util.Optional;
import java.util.function.BinaryOperator;

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
        put(
                request,
                type,
                find(request, type).map(found -> both.apply(found, value)).orElse(value));
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
        return find(request, type).orElseThrow(() -> missing(type));
    }

    public static <T> void put(ServletContext application, Class<T> type, T value) {
        application.setAttribute(type.getName(), value);
    }

    public static <T> Optional<T> find(ServletContext application, Class<T> type) {
        return Optional.ofNullable(type.cast(application.getAttribute(type.getName())));
    }

    /**
     * The collaborator of {@code type} that the listener has put there.
     *
     * @throws IllegalStateException when there is none because the application did not start
     */
    public static <T> T get(ServletContext application, Class<T> type) {
        return find(application, type).orElseThrow(() -> missing(type));
    }

    private static IllegalStateException missing(Class<?> type) {
        return new IllegalStateException("no " + type.getSimpleName() + " here: is web.xml complete?");
    }
}
