package dev.warder.http;

import java.util.HexFormat;
import java.util.Optional;

/**
 * The canonical form of a request's path, which every decision uses: as received, below the context path. An ambiguous target
 * is refused. Containers decode and normalise paths differently. In many products this difference allowed paths to pass a
 * filter and reach a servlet (a parameter after {@code ;}, an encoded slash, dot segments).
 *
 * @param path starts with {@code /}; contains no dot segment, empty segment, path parameter or needless escape
 * @param query as received, without the question mark
 */
public record RequestTarget(String path, Optional<String> query) {
    private static final String SUB_DELIMS_AND_MORE = "!$&'()*+,=:@";
    private static final String NEVER_ESCAPED = "/\\%?#;";
    private static final String VERSION = "/v1";
    private static final String VERSIONS = "/v1/v1/";

    /**
     * Reads a target. {@code /v1/v1/…} becomes {@code /v1/…}; clients with the version in their base URL send it.
     *
     * @param uri the raw path with the context path, as {@code getRequestURI()} returns it
     * @param query the raw query; empty when there is none
     * @param contextPath the application's context path; empty at the root
     * @return empty when the target is ambiguous
     */
    public static Optional<RequestTarget> parse(String uri, Optional<String> query, String contextPath) {
        if (!uri.startsWith(contextPath)) {
            return Optional.empty();
        }
        String path = uri.length() == contextPath.length() ? "/" : uri.substring(contextPath.length());
        boolean clear = path.startsWith("/") && clearPath(path) && (query.isEmpty() || clearQuery(query.get()));
        return clear ? Optional.of(new RequestTarget(withOneVersion(path), query)) : Optional.empty();
    }

    public String pathAndQuery() {
        return query.isPresent() ? path + "?" + query.get() : path;
    }

    /** The path with a single version: without those before its last leading {@code /v1}. */
    static String withOneVersion(String path) {
        // By an index: a path of many versions would be copied once for each.
        int at = 0;
        while (path.startsWith(VERSIONS, at)) {
            at += VERSION.length();
        }
        return path.substring(at);
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
        char high = path.charAt(at + 1);
        char low = path.charAt(at + 2);
        // Not Character.digit, which accepts the digits of every script.
        if (!HexFormat.isHexDigit(high) || !HexFormat.isHexDigit(low)) {
            return false;
        }
        char decoded = (char) (HexFormat.fromHexDigit(high) * 16 + HexFormat.fromHexDigit(low));
        return decoded > 0x20 && decoded < 0x7f && !isUnreserved(decoded) && NEVER_ESCAPED.indexOf(decoded) < 0;
    }

    private static boolean isUnreserved(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || "-._~".indexOf(c) >= 0;
    }

    private static boolean clearQuery(String query) {
        for (int i = 0; i < query.length(); i++) {
            char c = query.charAt(i);
            if (c <= 0x20 || c >= 0x7f || c == '#') {
                return false;
            }
        }
        return true;
    }
}
