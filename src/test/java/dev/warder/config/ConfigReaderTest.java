package dev.warder.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.GatewaySettings;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class ConfigReaderTest {
    @Test
    void countsBlankValuesAsUnset() {
        var sources = Sources.with("limits.streams", "")
                .initParam("A", "limits.streams", " ")
                .initParam("B", "limits.streams", "\n 7 \n")
                .contextParam("warder.passthrough", "");
        assertThat(sources.read().proxy().limits().streams()).isEqualTo(7);
        assertThat(sources.notes()).isEmpty();
    }

    @Test
    void takesNumbersAndBooleansFromJndi() {
        GatewaySettings settings =
                Sources.with("limits.streams", 12).set("passthrough", false).read();
        assertThat(settings.proxy().limits().streams()).isEqualTo(12);
        assertThat(settings.managed().passthrough()).isFalse();
    }

    @Test
    void refusesOtherObjectsAndBrokenBindingsInJndi() {
        assertThat(Sources.with("limits.streams", new Object()).problem())
                .startsWith("limits.streams: ")
                .contains("neither");
        var broken = new IllegalStateException("planted-text", new IOException("planted-text"));
        assertThat(Sources.with("limits.streams", broken).problem())
                .startsWith("limits.streams: ")
                .contains("IOException")
                .doesNotContain("planted-text");
    }

    @Test
    void refusesDifferentValuesInDifferentFiltersEvenBehindJndi() {
        var sources = Sources.with("limits.body", "1m")
                .initParam("ProxyServlet", "limits.body", "2m")
                .initParam("ClientAuthFilter", "limits.body", "3m");
        assertThat(sources.problem()).startsWith("limits.body: ").contains("ClientAuthFilter", "ProxyServlet");
    }

    @Test
    void acceptsTheSameValueInDifferentFilters() {
        var sources = new Sources().initParam("A", "limits.body", "2m").initParam("B", "limits.body", "2m");
        assertThat(sources.read().proxy().limits().body()).isEqualTo(2 << 20);
    }

    @Test
    void reportsUnknownNamesWithTheNearestOne() {
        var sources = new Sources()
                .initParam("ProxyServlet", "limits.bdy", "planted")
                .initParam("ProxyServlet", "warder.prompt.mode", "planted")
                .contextParam("warder.upstream.URL", "planted")
                .contextParam("warder.metrics.buckets", "planted")
                .contextParam("javax.faces.PROJECT_STAGE", "planted");
        assertThat(sources.problems())
                .containsExactlyInAnyOrder(
                        "limits.bdy: unknown name (init-param of ProxyServlet); did you mean limits.body?",
                        "warder.prompt.mode: unknown name (init-param of ProxyServlet); did you mean prompt.mode?",
                        "upstream.URL: unknown name (context-param warder.upstream.URL); did you mean upstream.url?",
                        "metrics.buckets: unknown name (context-param warder.metrics.buckets)");
    }

    @Test
    void namesSettingsThatAreGoneWithoutTheirValuesAndGoesOn() {
        var sources = Sources.with("budget.grace", "17.50")
                .contextParam("warder.budget.wholeReplies", "learned")
                .initParam("ProxyServlet", "budget.grace", "17.50");
        sources.read();
        assertThat(sources.warnings())
                .containsOnlyOnce(Setting.Retired.BUDGET_GRACE.note(), Setting.Retired.BUDGET_WHOLE_REPLIES.note())
                .noneMatch(line -> line.contains("17.50") || line.contains("learned"));
    }
}
