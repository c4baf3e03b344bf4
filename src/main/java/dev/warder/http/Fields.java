package dev.warder.http;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Decides which header fields pass from one side to the other, and in which form (RFC 9110, sections 5.1, 5.5 and 5.6.2). The lists name the fields to drop: all others pass, including
 * fields that the API will add later.
 */
public final class Fields {
    public static final String ANTHROPIC_BETA = "anthropic-beta";
    public static final String ANTHROPIC_VERSION = "anthropic-version";
    public static final String API_KEY = "x-api-key";
    public static final String AUTHORIZATION = "authorization";

    /** RFC 9110, section 7.6.1, and the older {@code Keep-Alive} and {@code Proxy-Connection}. */
    private static final Set<String> HOP_BY_HOP =
            Set.of("connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade");

    /**
     * Credentials, fields that describe the client's address, and fields that change the request's meaning elsewhere. The
     * default of {@code clients.header} is included, since clients may send it even if the setting names another field.
     */
    private static final Set<String> NOT_UP =
            Set.of(("authorization x-api-key host content-length cookie cookie2 expect"
                            + " origin forwarded via cdn-loop x-real-ip true-client-ip x-original-url x-rewrite-url"
                            + " x-http-method x-http-method-override x-method-override x-warder-token")
                    .split(" "));

    /**
     * The last seven describe a caller. oauth2-proxy, the front ends of Google, Amazon and Azure, and TLS front ends set them (RFC
     * 9440; Tomcat's SSLValve).
     */
    private static final String[] NOT_UP_PREFIXES = ("proxy- x-forwarded- cf- access-control-request- x-auth-request-"
                    + " x-goog-iap- x-amzn-oidc- x-ms-token- x-client-cert client-cert ssl- $ws")
            .split(" ");

    /** As many fields as clients send, or a few more. */
    private static final int USUAL = 24;

    /** Further fields that Warder sets on the way up. Only their variants with {@code _} are dropped. */
    private static final Set<String> SET_UP =
            Set.of(ANTHROPIC_VERSION, ANTHROPIC_BETA, "accept-encoding", "content-encoding");

    private static final Set<String> NOT_DOWN = Set.of(
            ("content-length set-cookie set-cookie2 alt-svc" + " strict-transport-security server x-warder-request-id")
                    .split(" "));
    private static final String[] NOT_DOWN_PREFIXES = {"proxy-", "access-control-"};

    private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";

    private Fields() {}

    /**
     * The client's fields that go upstream, in the container's order. Dropped are fields for one hop, descriptions of the
     * client, and credentials. Variants of these fields, and of those that Warder sets, with {@code _} instead of {@code -} are
     * dropped too, because some upstreams treat both names as the same field.
     *
     * @param tokenHeader the dedicated field of the access token, which never goes upstream
     * @param secret whether a value contains something that must not go upstream, regardless of the field's name
     */
    public static List<Field> upward(HttpServletRequest request, String tokenHeader, Predicate<String> secret) {
        var named = namedByConnection(values(request, "connection"));
        named.add(tokenHeader.toLowerCase(Locale.ROOT));
        var fields = new ArrayList<Field>(USUAL);
        for (var names = request.getHeaderNames(); names.hasMoreElements(); ) {
            String name = names.nextElement();
            String key = name.toLowerCase(Locale.ROOT);
            if (!isDropped(key, named) && !isTwin(key, named)) {
                for (var values = request.getHeaders(name); values.hasMoreElements(); ) {
                    String value = values.nextElement();
                    if (!secret.test(value)) {
                        fields.add(new Field(name, value));
                    }
                }
            }
        }
        return fields;
    }

    /** The value of the first field of this name, in any case. */
    public static Optional<String> find(List<Field> fields, String name) {
        for (int i = 0; i < fields.size(); i++) {
            var field = fields.get(i);
            if (field.name().equalsIgnoreCase(name)) {
                return Optional.of(field.value());
            }
        }
        return Optional.empty();
    }

    /** Whether {@code names} contains the name of a field, in any case. */
    public static boolean isAny(String name, List<String> names) {
        for (int i = 0; i < names.size(); i++) {
            if (name.equalsIgnoreCase(names.get(i))) {
                return true;
            }
        }
        return false;
    }

    /** Empty for a value that is no time. */
    public static Optional<Instant> instant(String rfc3339) {
        try {
            return Optional.of(Instant.parse(rfc3339));
        } catch (DateTimeParseException unreadable) {
            return Optional.empty();
        }
    }

    public static String hyphenated(String name) {
        return name.replace('_', '-');
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

    /**
     * Whether a field of the upstream's response goes to the client. {@code named} contains the names in its Connection fields.
     */
    public static boolean goesDown(String name, Set<String> named) {
        String key = name.toLowerCase(Locale.ROOT);
        return !HOP_BY_HOP.contains(key)
                && !NOT_DOWN.contains(key)
                && !named.contains(key)
                && !startsWithAny(key, NOT_DOWN_PREFIXES);
    }

    public static Set<String> namedByConnection(List<String> values) {
        var names = new HashSet<String>();
        for (String value : values) {
            for (String name : value.split(",")) {
                names.add(name.strip().toLowerCase(Locale.ROOT));
            }
        }
        return names;
    }

    public static List<String> values(HttpServletRequest request, String name) {
        var values = request.getHeaders(name);
        if (!values.hasMoreElements()) {
            return List.of();
        }
        // Nearly all fields have one.
        String first = values.nextElement();
        if (!values.hasMoreElements()) {
            return List.of(first);
        }
        var all = new ArrayList<String>();
        all.add(first);
        values.asIterator().forEachRemaining(all::add);
        return all;
    }

    /** The name of a field whose value contains a control character (RFC 9110, section 5.5), if the request has one. */
    public static Optional<String> malformed(HttpServletRequest request) {
        for (var names = request.getHeaderNames(); names.hasMoreElements(); ) {
            String name = names.nextElement();
            for (var values = request.getHeaders(name); values.hasMoreElements(); ) {
                if (!isValue(values.nextElement())) {
                    return Optional.of(name);
                }
            }
        }
        return Optional.empty();
    }

    private static boolean startsWithAny(String key, String[] prefixes) {
        for (String prefix : prefixes) {
            if (key.startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a name starts with {@code prefix}, in any case. */
    public static boolean startsWith(String name, String prefix) {
        return name.regionMatches(true, 0, prefix, 0, prefix.length());
    }

    /** A field whose name is no token cannot be forwarded. */
    public static boolean isToken(String name) {
        for (int i = 0; i < name.length(); i++) {
            if (!isTokenCharacter(name.charAt(i))) {
                return false;
            }
        }
        return !name.isEmpty();
    }

    /** The value with a blank instead of each character that a value must not contain, as RFC 9110 section 5.5 permits. */
    public static String forwardable(String value) {
        if (isValue(value)) {
            return value;
        }
        var cleaned = new StringBuilder(value.length());
        value.chars().forEach(c -> cleaned.append(isValueCharacter(c) ? (char) c : ' '));
        return cleaned.toString();
    }

    private static boolean isValue(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isValueCharacter(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isTokenCharacter(int c) {
        return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || TOKEN_MARKS.indexOf(c) >= 0;
    }

    private static boolean isValueCharacter(int c) {
        return c == '\t' || c >= ' ' && c <= 0xff && c != 0x7f;
    }
}
