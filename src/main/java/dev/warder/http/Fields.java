package dev.warder.http;

import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Which header fields pass from one side to the other. These are drop lists: a field that is not listed passes, so that
 * fields which the API adds later pass too.
 */
public final class Fields {
    public static final String ANTHROPIC_BETA = "anthropic-beta";
    public static final String ANTHROPIC_VERSION = "anthropic-version";
    public static final String API_KEY = "x-api-key";
    public static final String AUTHORIZATION = "authorization";

    /** RFC 9110, section 7.6.1, with the older {@code Keep-Alive} and {@code Proxy-Connection}. */
    private static final Set<String> HOP_BY_HOP =
            Set.of("connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade");

    /**
     * Credentials, the client's whereabouts, and what makes another request of this one elsewhere. The default of
     * {@code clients.header} is among them, since clients may send it although the setting names another field.
     */
    private static final Set<String> NOT_UP = Set.of(
            AUTHORIZATION,
            API_KEY,
            "host",
            "content-length",
            "cookie",
            "cookie2",
            "expect",
            "origin",
            "forwarded",
            "via",
            "cdn-loop",
            "x-real-ip",
            "true-client-ip",
            "x-original-url",
            "x-rewrite-url",
            "x-http-method-override",
            "x-warder-token");

    /** The last five describe a caller; oauth2-proxy, Google's and Amazon's front ends, Azure's and TLS front ends set them. */
    private static final List<String> NOT_UP_PREFIXES = List.of(
            "proxy-",
            "x-forwarded-",
            "cf-",
            "access-control-request-",
            "x-auth-request-",
            "x-goog-iap-",
            "x-amzn-oidc-",
            "x-ms-token-",
            "x-client-cert");

    /** Fields that Warder sets on the way up, in addition to those that it drops. */
    private static final Set<String> SET_UP =
            Set.of(ANTHROPIC_VERSION, ANTHROPIC_BETA, "accept-encoding", "content-encoding");

    private static final Set<String> NOT_DOWN = Set.of(
            "content-length",
            "set-cookie",
            "set-cookie2",
            "alt-svc",
            "strict-transport-security",
            "server",
            "x-warder-request-id");
    private static final List<String> NOT_DOWN_PREFIXES = List.of("proxy-", "access-control-");

    private Fields() {}

    /**
     * The client's fields that go upstream, in the container's order: everything but what concerns one hop, describes the
     * client, or is a credential; nor the twin of such a field or of one that Warder sets, which some upstreams read as
     * that field because they do not distinguish {@code _} from {@code -}.
     *
     * @param tokenHeader the dedicated field of the access token, which never goes up
     * @param secret whether a field's value, whatever its name, holds what must not go up
     */
    public static List<Field> upward(HttpServletRequest request, String tokenHeader, Predicate<String> secret) {
        var named = namedByConnection(values(request, "connection"));
        named.add(tokenHeader.toLowerCase(Locale.ROOT));
        var fields = new ArrayList<Field>();
        for (String name : Collections.list(request.getHeaderNames())) {
            String key = name.toLowerCase(Locale.ROOT);
            if (!isDropped(key, named) && !isTwin(key, named)) {
                values(request, name).stream()
                        .filter(value -> !secret.test(value))
                        .forEach(value -> fields.add(new Field(name, value)));
            }
        }
        return fields;
    }

    /** The name of the field that this one is where {@code _} reads as {@code -}, in lower case. */
    public static String hyphenated(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static boolean isDropped(String key, Set<String> named) {
        return HOP_BY_HOP.contains(key)
                || NOT_UP.contains(key)
                || named.contains(key)
                || startsWithAny(key, NOT_UP_PREFIXES);
    }

    private static boolean isTwin(String key, Set<String> named) {
        if (key.indexOf('_') < 0) {
            return false;
        }
        String other = hyphenated(key);
        return isDropped(other, named) || SET_UP.contains(other);
    }

    /** Whether a field of the upstream's response is passed on to the client. {@code named} is what Connection named. */
    public static boolean goesDown(String name, Set<String> named) {
        String key = name.toLowerCase(Locale.ROOT);
        return !HOP_BY_HOP.contains(key)
                && !NOT_DOWN.contains(key)
                && !named.contains(key)
                && !startsWithAny(key, NOT_DOWN_PREFIXES);
    }

    /** The lower-case names in the values of Connection fields. */
    public static Set<String> namedByConnection(List<String> values) {
        var names = new HashSet<String>();
        for (String value : values) {
            for (String name : value.split(",")) {
                names.add(name.strip().toLowerCase(Locale.ROOT));
            }
        }
        return names;
    }

    /** All values of a field, in their order; empty when the request has none. */
    public static List<String> values(HttpServletRequest request, String name) {
        return Collections.list(request.getHeaders(name));
    }

    /** The name of a field with a control character in it (RFC 9110, section 5.5), if the request has one. */
    public static Optional<String> malformed(HttpServletRequest request) {
        for (String name : Collections.list(request.getHeaderNames())) {
            for (String value : values(request, name)) {
                if (hasControls(value)) {
                    return Optional.of(name);
                }
            }
        }
        return Optional.empty();
    }

    private static boolean hasControls(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < 0x20 && c != '\t' || c == 0x7f || c > 0xff) {
                return true;
            }
        }
        return false;
    }

    private static boolean startsWithAny(String key, List<String> prefixes) {
        for (String prefix : prefixes) {
            if (key.startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }
}
