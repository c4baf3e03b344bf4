package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.Deployment;
import dev.warder.testkit.RawResponse;
import dev.warder.testkit.ScriptedUpstream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.Test;

/** Upstreams that cannot be reached, or that cannot show who they are: the credential never leaves. */
class UnreachableUpstreamContract extends Contract {
    @Override
    ScriptedUpstream newUpstream() throws IOException {
        return ScriptedUpstream.plain();
    }

    @Test
    void answers502WhereTheConnectionIsRefused() throws Exception {
        var container = deploy(deployment());
        upstream.close();
        assertRefused(ask(container), 502, "api_error", "end=upstream-lost");
    }

    /** A listener whose backlog is full leaves every further connection without an answer, on Linux at least. */
    @Test
    void answers504WhereTheConnectionTakesTooLong() throws Exception {
        try (var full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), full.getLocalPort());
            for (int i = 0; i < 4; i++) {
                var filler = closing(SocketChannel.open());
                filler.configureBlocking(false);
                filler.connect(address);
            }
            var container = deploy(
                    to(URI.create("http://127.0.0.1:" + full.getLocalPort())).with("timeouts.connect", "500ms"));
            assertRefused(ask(container), 504, "timeout_error", "end=timeout");
        }
    }

    private Deployment to(URI address) {
        return deployment().withConf(address.toString(), MANAGED_KEY, ACCESS_TOKEN);
    }

    private static RawResponse ask(Container container) throws Exception {
        assertThat(container.deployed()).isTrue();
        return exchange(container, message(DeployedContract.STREAMING));
    }

    private void assertRefused(RawResponse answer, int status, String type, String end) throws Exception {
        assertText(status, answer)
                .contains("\"" + type + "\"")
                .doesNotContain("127.")
                .doesNotContain("Exception");
        String id = id(answer);
        String line =
                log.await("dev.warder.access", text -> text.contains(id), SOON).text();
        assertThat(line).contains("status=" + status, " " + end + " ");
        assertThat(log.leaks()).isEmpty();
    }
}
