package dev.warder.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.config.Sources;
import dev.warder.observe.OtlpSettings.Signal;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OtlpSettingsTest {
    @Test
    void readsTheCollector() {
        var settings = Sources.with("otlp.url", "https://collector.example:4318/")
                .set("otlp.headers", "env:H")
                .env("H", "Authorization=Bearer%20a+b=, X-Team = a")
                .set("otlp.semconv", "latest/dup");
        assertThat(settings.problem()).startsWith("otlp.headers: ").doesNotContain("Bearer");
        var read = Sources.with("otlp.url", "https://collector.example:4318/")
                .set("otlp.headers", "env:H")
                .env("H", "Authorization=Bearer%20a+b=,X-Team=a")
                .set("otlp.semconv", "latest/dup")
                .read()
                .otlp()
                .orElseThrow();
        assertThat(read.signal(Signal.METRICS)).hasToString("https://collector.example:4318/v1/metrics");
        assertThat(read.fields()).containsExactly(Map.entry("Authorization", "Bearer a+b="), Map.entry("X-Team", "a"));
        assertThat(read.bothNames()).isTrue();
        assertThat(read.toString()).doesNotContain("Bearer");
    }

    @Test
    void readsWhatIsRelayed() {
        assertThat(Sources.with("otlp.url", "https://collector.example")
                        .read()
                        .otlp()
                        .orElseThrow()
                        .relay())
                .isEmpty();
        assertThat(Sources.with("otlp.url", "https://collector.example")
                        .set("otlp.relay", "metrics, traces")
                        .read()
                        .otlp()
                        .orElseThrow()
                        .relay())
                .containsExactlyInAnyOrder(Signal.METRICS, Signal.TRACES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"all", "metrics,", "Metrics", "metrics logs"})
    void refusesOtherKindsOfTelemetry(String list) {
        assertThat(Sources.with("otlp.url", "https://collector.example")
                        .set("otlp.relay", list)
                        .problem())
                .startsWith("otlp.relay: ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://collector.example:4318",
                "https://user@collector.example",
                "https://collector.example/v1/metrics",
                "https://collector.example/?x=y",
                "collector:4318"
            })
    void refusesOtherUrls(String url) {
        assertThat(Sources.with("otlp.url", url).problem()).startsWith("otlp.url: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"planted", "a=planted%0d%0ax", "a=planted%zz", "=planted", "a b=planted", "a=1,planted"})
    void refusesOtherFields(String fields) {
        assertThat(Sources.with("otlp.url", "http://localhost:4318")
                        .set("otlp.headers", "env:H")
                        .env("H", fields)
                        .problem())
                .startsWith("otlp.headers: ")
                .doesNotContain("planted");
    }
}
