package dev.warder.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;

/** The rules of {@code upstream.url}: the one place that credentials go to. */
final class UpstreamUrl {
    private static final String USUAL_HOST = "api.anthropic.com";
    private static final Pattern LOOPBACK_4 = Pattern.compile("127(\\.(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])){3}");

    private UpstreamUrl() {}

    static URI parse(String text) throws InvalidValueException {
        URI url;
        try {
            url = new URI(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
        } catch (URISyntaxException malformed) {
            throw new InvalidValueException("must be a URL such as https://api.anthropic.com");
        }
        String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
        if (!scheme.equals("https") && !scheme.equals("http")) {
            throw new InvalidValueException("must begin with https:// (or http:// for a loopback host)");
        }
        checkParts(url);
        if (scheme.equals("http") && !isLoopback(url.getHost())) {
            throw new InvalidValueException("must begin with https://, since credentials would travel in the clear;"
                    + " http:// is for localhost, 127.0.0.0/8 and [::1]");
        }
        return url;
    }

    private static void checkParts(URI url) throws InvalidValueException {
        if (url.getHost() == null) {
            throw new InvalidValueException("has no valid host");
        }
        if (url.getRawUserInfo() != null || url.getRawQuery() != null || url.getRawFragment() != null) {
            throw new InvalidValueException("must not have user information, a query or a fragment");
        }
        if (url.getPort() == 0 || url.getPort() > 65535) {
            throw new InvalidValueException("has a port out of range");
        }
        if (!isPlain(url.getRawPath())) {
            throw new InvalidValueException("must not have empty, . or .. segments in its path");
        }
    }

    private static boolean isPlain(String path) {
        return path.isEmpty()
                || Arrays.stream(path.substring(1).split("/", -1))
                        .noneMatch(segment -> segment.isEmpty() || segment.equals(".") || segment.equals(".."));
    }

    private static boolean isLoopback(String host) {
        return host.equalsIgnoreCase("localhost")
                || host.equals("[::1]")
                || LOOPBACK_4.matcher(host).matches();
    }

    /** Says what an operator should know about an unusual URL. */
    static void note(URI url, Findings findings) {
        if (!USUAL_HOST.equalsIgnoreCase(url.getHost())) {
            findings.warning(Setting.UPSTREAM_URL, "credentials go to " + url.getHost() + ", not to " + USUAL_HOST);
        }
        if (url.getRawPath().endsWith("/v1")) {
            findings.warning(Setting.UPSTREAM_URL, "ends with /v1, which is put before paths that begin with /v1");
        }
    }
}
