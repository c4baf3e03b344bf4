package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.Deployment;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawResponse;
import dev.warder.testkit.StreamRequest;
import dev.warder.testkit.StreamUpstream;
import dev.warder.testkit.TestCertificate;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Ground of contracts with an HTTP/2 upstream behind TLS. After each test no exchange and no body is left. */
abstract class Http2Contract extends Contract {
    static final String STREAMING = "{\"model\":\"claude-x\",\"max_tokens\":9,\"stream\":true}";
    StreamUpstream streams;
    private Optional<Container> deployed = Optional.empty();

    @BeforeEach
    final void startUpstream() throws Exception {
        log.level("org.apache.hc", Level.INFO);
        TestCertificate.shared().trustInThisJvm();
        streams = StreamUpstream.shared();
    }

    @AfterEach
    final void nothingIsLeft() throws Exception {
        eventually(() -> number("OpenExchanges") == 0);
        eventually(() -> number("CollectedBytes") == 0);
        assertThat(log.leaks()).isEmpty();
        streams.check();
    }

    /** The gateway before {@link #streams}, which makes no call of its own: connections and streams are counted. */
    final Deployment overHttp2() {
        return deployment()
                .withConf(streams.uri().toString(), MANAGED_KEY, ACCESS_TOKEN)
                .with("upstream.http2", "auto")
                .with("openai.enabled", "false");
    }

    final void deployed(Deployment deployment) throws Exception {
        deployed = Optional.of(deploy(deployment));
    }

    /** One that other tests have used, without a connection to the upstream. */
    final void shared() throws Exception {
        deployed = Optional.of(shared(overHttp2()));
        eventually(() -> number("UpstreamConnectionsIdle") == 0);
    }

    final Container container() {
        return deployed.orElseThrow();
    }

    /** A client that has sent a request for an event stream. */
    final RawClient streaming() throws Exception {
        return closing(connect(container())).send(message(STREAMING));
    }

    /** Sends a streaming request on a connection of its own and reads the whole answer. */
    final RawResponse exchange() throws Exception {
        return exchange(container(), message(STREAMING));
    }

    /** Begins an event stream, and ends it then. */
    static void hold(StreamRequest request, CountDownLatch until) throws IOException, InterruptedException {
        request.eventStream();
        request.data(Messages.start());
        until.await();
        request.data(Messages.end());
        request.end();
    }

    final long number(String attribute) {
        return ((Number) container().gateway(attribute)).longValue();
    }
}
