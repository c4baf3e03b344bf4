package dev.warder.upstream;

import dev.warder.testkit.StreamUpstream;
import dev.warder.testkit.TestCertificate;
import dev.warder.upstream.UpstreamSettings.Http2;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import java.util.function.LongSupplier;
import org.apache.hc.core5.http.message.BasicHttpRequest;
import org.apache.hc.core5.http.nio.AsyncEntityProducer;
import org.apache.hc.core5.http.nio.support.BasicRequestProducer;
import org.jspecify.annotations.Nullable;

/** An HTTP/2 upstream, and a client that makes exchanges with it. */
final class ExchangeGround implements AutoCloseable {
    private final StreamUpstream upstream;
    private final UpstreamClient client;

    private ExchangeGround(StreamUpstream upstream, UpstreamClient client) {
        this.upstream = upstream;
        this.client = client;
    }

    static ExchangeGround start() throws Exception {
        return start(Thread::new, System::nanoTime);
    }

    /** Starts with a client that takes 30 s for a connection, and again for TLS, at the most. */
    static ExchangeGround start(ThreadFactory threads, LongSupplier nanoTime) throws Exception {
        var upstream = StreamUpstream.start(TestCertificate.shared());
        var client = TestCertificate.shared()
                .whileTrusted(() -> new UpstreamClient(
                        upstream.uri(), Duration.ofSeconds(30), Http2.AUTO, Outbound.DIRECT, threads, nanoTime));
        client.start();
        return new ExchangeGround(upstream, client);
    }

    /** A client that has started, of an upstream without TLS. */
    static UpstreamClient plain(URI url) {
        var client = new UpstreamClient(
                url, Duration.ofSeconds(30), Http2.OFF, Outbound.DIRECT, Thread::new, System::nanoTime);
        client.start();
        return client;
    }

    StreamUpstream upstream() {
        return upstream;
    }

    UpstreamClient client() {
        return client;
    }

    /** Makes an exchange without a body. */
    UpstreamExchange execute(Answer answer) {
        return execute(answer, null);
    }

    UpstreamExchange execute(Answer answer, @Nullable AsyncEntityProducer content) {
        var request = new BasicHttpRequest("POST", client.origin().host(), "/v1/messages");
        return client.origin().execute(false, new BasicRequestProducer(request, content), answer, answer);
    }

    /** Makes an exchange without a body whose answer is taken whole. */
    Answer execute() {
        var answer = Answer.taken();
        execute(answer);
        return answer;
    }

    @Override
    public void close() throws IOException {
        client.close();
        upstream.close();
    }
}
