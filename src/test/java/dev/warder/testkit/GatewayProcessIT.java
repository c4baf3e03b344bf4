package dev.warder.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("turn-1")
@Tag("turn-only")
class GatewayProcessIT {
    @ParameterizedTest
    @EnumSource
    void relaysAndReportsItsNumbers(GatewayProcess.Form form) throws Exception {
        try (var upstream = ScriptedUpstream.plain();
                var gateway = GatewayProcess.start(
                        form,
                        Map.of(
                                "upstream.url",
                                upstream.uri().toString(),
                                "clients.open",
                                "true",
                                "upstream.credentials",
                                "primary=value:" + "k".repeat(40)))) {
            var request = RawRequest.of("POST", "/v1/messages").json("{\"model\":\"claude-test\"}");
            assertThat(RawClient.exchange(gateway.baseUri(), request).status()).isEqualTo(200);
            assertThat(gateway.number("CollectedBytes")).isZero();
            assertThat(gateway.heapAfterCollection()).isBetween(1L << 20, 512L << 20);
            assertThat(gateway.alive()).isTrue();
            assertThat(gateway.log()).contains("is ready");
        }
    }
}
