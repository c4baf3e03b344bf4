package dev.warder.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.net.URI;
import java.net.URLDecoder;
import java.util.Optional;

/** Accepted paths are canonical: no second reader understands another one, and the context path changes nothing. */
public final class PathFuzz {
    private PathFuzz() {}

    /** Reads the bytes as a request target's path. */
    public static void fuzzerTestOneInput(byte[] data) {
        var uri = new String(data, ISO_8859_1);
        var target = RequestTarget.parse(uri, Optional.empty(), "");
        var below = RequestTarget.parse("/gw" + uri, Optional.empty(), "/gw");
        check(target.equals(below) || uri.isEmpty(), "the context path changes the decision");
        target.map(RequestTarget::path).ifPresent(PathFuzz::check);
        if (uri.indexOf('?') >= 0 || uri.indexOf(';') >= 0 || uri.indexOf('\\') >= 0 || uri.contains("//")) {
            check(target.isEmpty(), "ambiguous");
        }
    }

    private static void check(String path) {
        var again = RequestTarget.parse(path, Optional.empty(), "");
        check(again.map(RequestTarget::path).equals(Optional.of(path)), "not idempotent");
        check(URI.create(path).normalize().getRawPath().equals(path), "dot segments");
        var decoded = URLDecoder.decode(path.replace("+", "%2B"), ISO_8859_1);
        check(
                decoded.chars().filter(c -> c == '/').count()
                        == path.chars().filter(c -> c == '/').count(),
                "slash");
        check(decoded.chars().allMatch(c -> c > 0x20 && c < 0x7f && c != '\\' && c != ';' && c != '?'), "character");
        check(!decoded.contains("/./") && !decoded.contains("/../") && !decoded.endsWith("/.."), "dots");
        check(Route.of(path) == Route.of(again.orElseThrow().path()), "route");
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
