package dev.warder.upstream;

import dev.warder.config.EndpointUrl;
import dev.warder.config.InvalidValueException;
import dev.warder.config.Setting;
import dev.warder.config.SettingReader;
import dev.warder.config.ValueSyntax;
import java.net.URI;
import java.util.Arrays;
import java.util.List;

/**
 * Where requests are sent and how, settings {@code upstream.url}, {@code upstream.version},
 * {@code upstream.http2}, {@code threads} and those of {@link Outbound}. Thread-safe.
 *
 * @param url scheme, host and perhaps a path without a slash at its end; the request path is appended
 * @param version {@code anthropic-version} for a client that sent none
 * @param http2 which requests use HTTP/2
 * @param threads what becomes of message threads
 * @param outbound the way to the upstream and to all else that is called
 */
public record UpstreamSettings(URI url, String version, Http2 http2, Threads threads, Outbound outbound) {
    private static final String USUAL_HOST = "api.anthropic.com";

    /** Takes the place of a URL that has a problem, until all problems are collected. */
    private static final URI STAND_IN = URI.create("https://localhost");

    /** Message threads are passed or refused. */
    public enum Threads {
        PASS,
        /** Refused. */
        REFUSE
    }

    public UpstreamSettings {
        if (url.getHost() == null || version.isEmpty()) {
            throw new IllegalArgumentException("url or version is out of range");
        }
    }

    public static UpstreamSettings read(URI url, SettingReader settings) {
        return new UpstreamSettings(
                url,
                settings.read(Setting.UPSTREAM_VERSION, "-", ValueSyntax::visible),
                settings.read(
                        Setting.UPSTREAM_HTTP2,
                        Http2.OFF,
                        ValueSyntax.oneOf(List.of(Http2.STREAMING, Http2.AUTO, Http2.OFF))),
                settings.read(Setting.THREADS, Threads.PASS, ValueSyntax.oneOf(List.of(Threads.PASS, Threads.REFUSE))),
                Outbound.read(settings));
    }

    /** Reads {@code upstream.url}, the place that credentials are sent to. */
    public static URI readUrl(SettingReader settings) {
        URI url = settings.read(Setting.UPSTREAM_URL, STAND_IN, UpstreamSettings::parseUrl);
        if (!USUAL_HOST.equalsIgnoreCase(url.getHost())) {
            settings.warning(Setting.UPSTREAM_URL, "credentials go to " + url.getHost() + ", not to " + USUAL_HOST);
        }
        if (url.getRawPath().endsWith("/v1")) {
            settings.warning(Setting.UPSTREAM_URL, "ends with /v1, which is put before paths that begin with /v1");
        }
        return url;
    }

    static URI parseUrl(String text) throws InvalidValueException {
        URI url = EndpointUrl.parse(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
        if (url.getRawQuery() != null) {
            throw new InvalidValueException("must not have a query");
        }
        if (!isPlain(url.getRawPath())) {
            throw new InvalidValueException("must not have empty, . or .. segments in its path");
        }
        return url;
    }

    private static boolean isPlain(String path) {
        return path.isEmpty()
                || Arrays.stream(path.substring(1).split("/", -1))
                        .noneMatch(segment -> segment.isEmpty() || segment.equals(".") || segment.equals(".."));
    }

    /**
     * The choice of requests that use HTTP/2 if the upstream selects it over TLS (ALPN, RFC 7301); all others use
     * HTTP/1.1.
     */
    public enum Http2 {
        OFF,

        STREAMING,

        AUTO;

        /** Whether a request that asks for an event stream, or one that does not, uses HTTP/2. */
        public boolean carries(boolean streaming) {
            return this == AUTO || this == STREAMING && streaming;
        }
    }
}
