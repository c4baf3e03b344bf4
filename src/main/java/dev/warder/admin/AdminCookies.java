package dev.warder.admin;

import dev.warder.http.Field;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The cookies of a folder such as {@code /admin} (RFC 6265), for one request. No script can read any of them. Immutable. */
public final class AdminCookies {
    public static final String SESSION = "warder-admin";
    public static final String LOGIN = "warder-login";
    public static final String NOTE = "warder-note";

    static final String OWN = "warder-me";

    private final Map<String, Set<String>> values;
    private final String attributes;

    public AdminCookies(HttpServletRequest request, String folder) {
        Cookie[] cookies = request.getCookies() == null ? new Cookie[0] : request.getCookies();
        this.values = Arrays.stream(cookies)
                .collect(Collectors.groupingBy(
                        Cookie::getName, Collectors.mapping(Cookie::getValue, Collectors.toSet())));
        this.attributes = "; Path=" + request.getServletContext().getContextPath() + folder + "; HttpOnly"
                + (isSecure(request) ? "; Secure" : "");
    }

    /**
     * The value of the cookie with this name. Empty also when it came with several values, because at least one of them
     * is not from Warder.
     */
    public Optional<String> find(String name) {
        var found = values.getOrDefault(name, Set.of());
        return found.size() == 1 ? found.stream().findFirst() : Optional.empty();
    }

    public Field strict(String name, String value, Duration life) {
        return field(name, value, life, "Strict");
    }

    public Field lax(String name, String value, Duration life) {
        return field(name, value, life, "Lax");
    }

    public Field none(String name) {
        return field(name, "", Duration.ZERO, "Strict");
    }

    private Field field(String name, String value, Duration life, String sameSite) {
        return new Field(
                "Set-Cookie",
                name + "=" + value + attributes + "; SameSite=" + sameSite + "; Max-Age=" + life.toSeconds());
    }

    /**
     * Also true when a front end reports that its client came by TLS. A caller who claims this without a front end
     * loses only its own cookie.
     */
    private static boolean isSecure(HttpServletRequest request) {
        return request.isSecure() || "https".equalsIgnoreCase(request.getHeader("X-Forwarded-Proto"));
    }
}
