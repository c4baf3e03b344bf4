package dev.warder.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.config.Sources;
import dev.warder.upstream.UpstreamSettings.Http2;
import org.junit.jupiter.api.Test;

class UpstreamSettingsTest {
    @Test
    void refusesAVersionThatCannotTravel() {
        assertThat(Sources.with("upstream.version", "2023 06").problem()).startsWith("upstream.version: ");
        assertThat(Sources.with("upstream.version", "2023\r\nX: y").problem()).startsWith("upstream.version: ");
    }

    @Test
    void speaksHttp2ForEventStreamsUnlessToldOtherwise() {
        assertThat(new Sources().read().upstream().http2()).isEqualTo(Http2.STREAMING);
        assertThat(Sources.with("upstream.http2", "auto").read().upstream().http2())
                .isEqualTo(Http2.AUTO);
        assertThat(Sources.with("upstream.http2", "off").read().upstream().http2())
                .isEqualTo(Http2.OFF);
        assertThat(Sources.with("upstream.http2", "on").problem())
                .startsWith("upstream.http2: must be streaming, auto or off");
    }
}
