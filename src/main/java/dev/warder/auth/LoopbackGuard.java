package dev.warder.auth;

import dev.warder.http.ErrorReply;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Refuses requests of web pages if every caller on this machine is admitted ({@code clients.open}). A page whose host name was
 * rebound to a loopback address sends that name as {@code Host}; a page of another site sends its {@code Origin}. Only
 * connections that arrive on a loopback address are checked. Thread-safe.
 */
final class LoopbackGuard {
    private static final Pattern LOOPBACK =
            Pattern.compile("\\[?(127\\.[0-9.]+|::1|(0+:){7}0*1|::ffff:127\\.[0-9.]+)(%[^\\]]*)?]?");

    /** Digits and dots cannot be a name, because no top-level domain is a number (RFC 1123, section 2.1). */
    private static final Pattern LITERAL_OR_LOCALHOST =
            Pattern.compile("(localhost|[0-9]+(\\.[0-9]+){3}|\\[[0-9a-f:.]+])(:[0-9]*)?");

    private LoopbackGuard() {}

    /** The reason to refuse the request; empty when it is accepted. */
    static Optional<ErrorReply> refusal(HttpServletRequest request) {
        String address = request.getLocalAddr();
        if (address == null
                || !LOOPBACK.matcher(address.toLowerCase(Locale.ROOT)).matches()) {
            return Optional.empty();
        }
        List<String> hosts = values(request, "host");
        if (!hosts.stream().allMatch(host -> LITERAL_OR_LOCALHOST.matcher(host).matches())) {
            return Optional.of(
                    ErrorReply.forbidden("With clients.open on a loopback address, Host must be an IP address"
                            + " or localhost. Configure access tokens to serve other names."));
        }
        boolean ownPages =
                values(request, "origin").stream().allMatch(origin -> isOf(origin, hosts, request.getScheme()));
        return ownPages
                ? Optional.empty()
                : Optional.of(ErrorReply.forbidden("With clients.open on a loopback address, pages of other origins may"
                        + " not call. Configure access tokens to serve them."));
    }

    private static boolean isOf(String origin, List<String> hosts, String scheme) {
        return hosts.stream()
                .anyMatch(host -> withPort(origin).equals(withPort(scheme.toLowerCase(Locale.ROOT) + "://" + host)));
    }

    /** An origin, with the default port of its scheme if it has none. */
    private static String withPort(String origin) {
        int end = origin.length() - (origin.endsWith(":") ? 1 : 0);
        String plain = origin.substring(0, end);
        if (plain.matches(".*:[0-9]+")) {
            return plain;
        }
        return plain + (plain.startsWith("https:") ? ":443" : ":80");
    }

    /**
     * An HTTP/2 request may have an authority and no {@code Host} field; containers return the authority as the
     * server's name.
     */
    private static List<String> values(HttpServletRequest request, String name) {
        var lines = request.getHeaders(name);
        List<String> values = lines == null
                ? List.of()
                : Collections.list(lines).stream()
                        .map(value -> value.strip().toLowerCase(Locale.ROOT))
                        .toList();
        return values.isEmpty() && name.equals("host") ? List.of(authority(request)) : values;
    }

    private static String authority(HttpServletRequest request) {
        String name = request.getServerName().toLowerCase(Locale.ROOT);
        boolean bare = name.indexOf(':') >= 0 && !name.startsWith("[");
        return (bare ? "[" + name + "]" : name) + ":" + request.getServerPort();
    }
}
