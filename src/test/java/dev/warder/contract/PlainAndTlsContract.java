package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RawResponse;
import dev.warder.testkit.ScriptedUpstream;
import dev.warder.testkit.TestCertificate;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/**
 * Ground of contracts about bytes on the wire: one gateway before a plain upstream and one before an upstream behind TLS,
 * both without comments of their own in event streams. After each test nothing is left of its exchanges.
 */
abstract class PlainAndTlsContract extends GroundContract {
    static final String STREAMING = "{\"model\":\"claude-x\",\"max_tokens\":9,\"stream\":true}";

    private ScriptedUpstream secured;
    private Map<Container, ScriptedUpstream> gateways = Map.of();

    @BeforeAll
    final void deployBoth() throws Exception {
        TestCertificate.shared().trustInThisJvm();
        secured = ScriptedUpstream.tls(TestCertificate.shared());
        var usual = ground.usual().with("stream.keepAlive", "0s");
        var behindTls = usual.withConf(secured.uri().toString(), MANAGED_KEY, ACCESS_TOKEN);
        gateways = Map.of(ground.container("plain", usual), upstream, ground.container("tls", behindTls), secured);
    }

    @BeforeEach
    final void forgetSecured() {
        secured.clear();
    }

    @AfterAll
    final void closeSecured() throws IOException {
        secured.close();
    }

    final Set<Container> gateways() {
        return gateways.keySet();
    }

    /** Where this gateway sends its requests. */
    final ScriptedUpstream upstream(Container gateway) {
        return Objects.requireNonNull(gateways.get(gateway));
    }

    /** The answer came to its end and has this body. */
    static void assertWhole(RawResponse answer, byte[] body) {
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.truncated()).isFalse();
        assertThat(answer.body()).isEqualTo(body);
    }

    /** A request for a message with a valid access token. */
    static RawRequest message(Container gateway, String json) {
        return request(gateway, "/v1/messages").json(json);
    }

    static RawRequest request(Container gateway, String path) {
        return authenticated(gateway, "POST", path);
    }
}
