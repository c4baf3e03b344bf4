package dev.warder.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/**
 * A URL that receives a secret, a token, or a browser that carries a code: https, or http to this machine itself (RFC 6749,
 * sections 3.1 and 3.2; RFC 8252, section 7.3).
 */
public final class EndpointUrl {
    private EndpointUrl() {}

    /** The URL, which is absolute and has a host, and neither user information nor a fragment. */
    public static URI parse(String text) throws InvalidValueException {
        URI url = parse(text, "https:// (or http:// for a loopback host)");
        if (url.getScheme().equalsIgnoreCase("http") && !isLoopback(url.getHost())) {
            throw new InvalidValueException("must begin with https://, since credentials would travel in the clear;"
                    + " http:// is for localhost, 127.0.0.0/8 and [::1]");
        }
        return url;
    }

    /**
     * The URL that paths are appended to, without a slash at its end.
     *
     * @param path the beginning of these paths, which an operator may have written with it
     */
    public static URI base(String text, String path) throws InvalidValueException {
        var url = parse(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
        if (url.getRawQuery() != null) {
            throw new InvalidValueException("must not have a query");
        }
        if (url.getRawPath().endsWith(path)) {
            throw new InvalidValueException("must be the base URL, without " + path);
        }
        return url;
    }

    /** The URL of a proxy, to which http leads too: what it carries is encrypted. */
    public static URI parseProxy(String text) throws InvalidValueException {
        URI url = parse(text.endsWith("/") ? text.substring(0, text.length() - 1) : text, "http:// or https://");
        if (url.getPort() < 0 || !url.getRawPath().isEmpty() || url.getRawQuery() != null) {
            throw new InvalidValueException("must be http://HOST:PORT or https://HOST:PORT");
        }
        return url;
    }

    private static URI parse(String text, String schemes) throws InvalidValueException {
        URI url;
        try {
            url = new URI(text);
        } catch (URISyntaxException malformed) {
            throw new InvalidValueException("must be a URL such as https://api.anthropic.com");
        }
        String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
        if (!scheme.equals("https") && !scheme.equals("http")) {
            throw new InvalidValueException("must begin with " + schemes);
        }
        checkParts(url);
        return url;
    }

    private static void checkParts(URI url) throws InvalidValueException {
        if (url.getHost() == null) {
            throw new InvalidValueException("has no valid host");
        }
        if (url.getRawUserInfo() != null || url.getRawFragment() != null) {
            throw new InvalidValueException("must not have user information or a fragment");
        }
        if (url.getPort() == 0 || url.getPort() > 65535) {
            throw new InvalidValueException("has a port out of range");
        }
        if (!url.toString().equals(url.toASCIIString())) {
            throw new InvalidValueException("must be ASCII; write other characters in percent-encoding");
        }
    }

    /** Whether a host is written as this machine itself; no name is looked up. */
    public static boolean isLoopback(String host) {
        return host.equalsIgnoreCase("localhost") || host.indexOf('%') < 0 && Network.isLoopback(host);
    }
}
