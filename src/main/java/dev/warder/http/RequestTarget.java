package dev.warder.http;

import java.util.Optional;

/**
 * The one reading of a request's path that every decision uses: as it stands on the wire, below the context path, and
 * refused when two readers could understand it differently. Containers decode and normalise each in their own way, which
 * is how a path came past a filter and reached a servlet in many products (a parameter after {@code ;}, an encoded slash,
 * dot segments).
 *
 * @param path starts with {@code /}; holds no dot segment, empty segment, path parameter or needless escape
 * @param query as it came, without the question mark
 */
public record RequestTarget(String path, Optional<String> query) {
    private static final String SUB_DELIMS_AND_MORE = "!$&'()*+,=:@";
    private static final String NEVER_ESCAPED = "/\\%?#;";

    /**
     * Reads a target.
     *
     * @param uri the raw path with the context path, as {@code getRequestURI()} gives it
     * @param query the raw query, empty when there is none
     * @param contextPath the application's own context path, empty at the root
     * @return empty when the target is ambiguous
     */
    public static Optional<RequestTarget> parse(String uri, Optional<String> query, String contextPath) {
        if (!uri.startsWith(contextPath)) {
            return Optional.empty();
        }
        String path = uri.length() == contextPath.length() ? "/" : uri.substring(contextPath.length());
        boolean clear = path.startsWith("/")
                && clearPath(path)
                && query.map(RequestTarget::clearQuery).orElse(true);
        return clear ? Optional.of(new RequestTarget(path, query)) : Optional.empty();
    }

    /** The path and, after a question mark, the query. */
    public String pathAndQuery() {
        return query.map(q -> path + "?" + q).orElse(path);
    }

    private static boolean clearPath(String path) {
        if (path.contains("//")) {
            return false;
        }
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c == '%') {
                if (!clearEscape(path, i)) {
                    return false;
                }
                i += 2;
            } else if (c == '.') {
                boolean endsSegment = i + 1 == path.length() || path.charAt(i + 1) == '/';
                if (endsSegment) {
                    return false;
                }
            } else if (c != '/' && !isUnreserved(c) && SUB_DELIMS_AND_MORE.indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean clearEscape(String path, int at) {
        if (at + 2 >= path.length()) {
            return false;
        }
        int high = Character.digit(path.charAt(at + 1), 16);
        int low = Character.digit(path.charAt(at + 2), 16);
        if (high < 0 || low < 0) {
            return false;
        }
        char decoded = (char) (high * 16 + low);
        return decoded > 0x20 && decoded < 0x7f && !isUnreserved(decoded) && NEVER_ESCAPED.indexOf(decoded) < 0;
    }

    private static boolean isUnreserved(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || "-._~".indexOf(c) >= 0;
    }

    private static boolean clearQuery(String query) {
        return query.chars().allMatch(c -> c > 0x20 && c < 0x7f && c != '#');
    }
}
