package dev.warder.admin;

import dev.warder.http.Field;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/** The cookies of a folder such as {@code /admin} (RFC 6265), for one request. No script can read any of them. */
public final class AdminCookies {
    public static final String SESSION = "warder-admin";
    public static final String LOGIN = "warder-login";
    public static final String NOTE = "warder-note";

    static final String OWN = "warder-me";

    private final HttpServletRequest request;
    private final String attributes;

    public AdminCookies(HttpServletRequest request, String folder) {
        this.request = request;
        this.attributes = "; Path=" + request.getServletContext().getContextPath() + folder + "; HttpOnly"
                + (isSecure(request) ? "; Secure" : "");
    }

    /**
     * The value of the cookie with this name. Empty also when it came with several values, because at least one of them
     * is not from Warder.
     */
    public Optional<String> find(String name) {
        Cookie[] cookies = request.getCookies() == null ? new Cookie[0] : request.getCookies();
        var found = Arrays.stream(cookies)
                .filter(each -> each.getName().equals(name))
                .map(Cookie::getValue)
                .distinct()
                .toList();
        return found.size() == 1 ? Optional.of(found.get(0)) : Optional.empty();
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
