package dev.warder.upstream;

import dev.warder.config.EndpointUrl;
import dev.warder.config.InvalidValueException;
import dev.warder.config.Setting;
import dev.warder.config.SettingReader;
import java.net.URI;
import java.util.Arrays;

/** The rules of {@code upstream.url}, the place that credentials are sent to. */
public final class UpstreamUrl {
    private static final String USUAL_HOST = "api.anthropic.com";

    /** Takes the place of a URL that has a problem, until all problems are collected. */
    private static final URI STAND_IN = URI.create("https://localhost");

    private UpstreamUrl() {}

    public static URI read(SettingReader settings) {
        URI url = settings.read(Setting.UPSTREAM_URL, STAND_IN, UpstreamUrl::parse);
        if (!USUAL_HOST.equalsIgnoreCase(url.getHost())) {
            settings.warning(Setting.UPSTREAM_URL, "credentials go to " + url.getHost() + ", not to " + USUAL_HOST);
        }
        if (url.getRawPath().endsWith("/v1")) {
            settings.warning(Setting.UPSTREAM_URL, "ends with /v1, which is put before paths that begin with /v1");
        }
        return url;
    }

    static URI parse(String text) throws InvalidValueException {
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
}
