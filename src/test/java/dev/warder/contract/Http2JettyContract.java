package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.Flood;
import dev.warder.testkit.Http2Jetty;
import dev.warder.testkit.TestCertificate;
import java.util.ArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.logging.Level;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.Test;

/** Uploads and downloads of many clients at once through an upstream that is a real HTTP/2 server. */
class Http2JettyContract extends Contract {
    private static final int CALLS = 300;
    private static final int AT_ONCE = 150;

    @Test
    void echoesBodiesByteForByte() throws Exception {
        log.level("org.apache.hc", Level.INFO);
        TestCertificate.shared().trustInThisJvm();
        var jetty = closing(Http2Jetty.start(TestCertificate.shared(), new Echo()));
        var container = deploy(deployment()
                .withConf(jetty.uri().toString(), MANAGED_KEY, ACCESS_TOKEN)
                .with("upstream.http2", "auto"));
        var clients = Executors.newFixedThreadPool(AT_ONCE);
        try {
            var answers = new ArrayList<Future<Long>>();
            for (int i = 0; i < CALLS; i++) {
                int length = 1 + i * 331;
                answers.add(clients.submit(() -> echo(container, length)));
            }
            for (int i = 0; i < CALLS; i++) {
                assertThat(answers.get(i).get()).as("call %s", i).isEqualTo(Flood.crc32c(1 + i * 331L));
            }
        } finally {
            clients.shutdownNow();
        }
        assertThat(jetty.connections()).isBetween(1, 4);
    }

    private static long echo(Container container, int length) throws Exception {
        try (var client = connect(container)) {
            client.send(authenticated("POST", "/v1/files").body(Flood.piece(0, length)));
            assertThat(client.readHead().status()).isEqualTo(200);
            return client.readSummary().crc32c();
        }
    }

    /** Answers every request with its own body, while it comes. */
    private static final class Echo extends Handler.Abstract {
        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            response.setStatus(200);
            Content.copy(request, response, callback);
            return true;
        }
    }
}
