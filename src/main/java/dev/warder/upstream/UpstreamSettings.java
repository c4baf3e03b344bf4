package dev.warder.config;

import dev.warder.config.WarderConfig.Upstream;
import java.net.URI;
import java.util.List;

/** Reads {@code upstream.*}. */
final class UpstreamReader {
    private static final URI STAND_IN = URI.create("https://localhost");

    private final SettingReader settings;

    UpstreamReader(SettingReader settings) {
        this.settings = settings;
    }

    Upstream read() {
        URI url = settings.read(Setting.UPSTREAM_URL, STAND_IN, UpstreamUrl::parse);
        UpstreamUrl.note(url, settings);
        var list = new CredentialList(settings);
        var upstream = new Upstream(
                url,
                settings.find(Setting.UPSTREAM_CREDENTIALS, list::parse).orElse(List.of()),
                settings.read(
                        Setting.UPSTREAM_POOL,
                        PoolOrder.ORDERED,
                        ValueSyntax.oneOf(List.of(PoolOrder.ORDERED, PoolOrder.WEIGHTED))),
                settings.read(Setting.UPSTREAM_VERSION, "-", ValueSyntax::visible),
                settings.read(
                        Setting.UPSTREAM_HTTP2,
                        Http2.OFF,
                        ValueSyntax.oneOf(List.of(Http2.STREAMING, Http2.AUTO, Http2.OFF))));
        warnOfWeights(upstream);
        return upstream;
    }

    private void warnOfWeights(Upstream upstream) {
        if (upstream.pool() == PoolOrder.ORDERED
                && upstream.credentials().stream().anyMatch(each -> each.weight() > 1)) {
            settings.warning(Setting.UPSTREAM_CREDENTIALS, "weights have no effect without upstream.pool=weighted");
        }
    }
}
