package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Messages;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.StreamRequest;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Requests that the upstream has not started on: they may be sent again, and nobody notices (RFC 9113, section 8.7). */
class Http2RefusalContract extends Http2Contract {
    @Test
    void sendsARefusedRequestAgain() throws Exception {
        deployed(overHttp2().with("prompt.text", "Be brief."));
        streams.next(request -> {
            request.text();
            request.reset(StreamRequest.REFUSED_STREAM);
        });
        streams.next(request -> request.reset(StreamRequest.REFUSED_STREAM));
        // Whoever answers before the body has come cannot wonder that the rest of it does not come.
        streams.next(request -> {
            request.text();
            request.json(200, Messages.message("Hello."));
        });
        assertThat(exchange().text()).isEqualTo(Messages.message("Hello."));
        assertThat(streams.requests()).hasSize(3);
        assertThat(streams.requests().get(2).text())
                .isEqualTo(streams.requests().get(0).text())
                .contains("Be brief.");
        assertThat(streams.requests().get(2).fields().values("content-length")).hasSize(1);
    }

    @Test
    void givesUpAfterThreeTries() throws Exception {
        shared();
        streams.script(request -> request.reset(StreamRequest.REFUSED_STREAM));
        var answer = exchange();
        assertThat(answer.status()).isEqualTo(502);
        assertThat(answer.text()).contains("api_error");
        assertThat(streams.requests()).hasSize(3);
    }

    @Test
    void sendsNoRelayedBodyAgain() throws Exception {
        shared();
        streams.script(request -> {
            request.text();
            request.reset(StreamRequest.REFUSED_STREAM);
        });
        var upload = RawRequest.of("POST", "/v1/files")
                .field("x-api-key", ACCESS_TOKEN)
                .body(new byte[100_000]);
        var answer = RawClient.exchange(container().baseUri(), upload);
        assertThat(answer.status()).isEqualTo(502);
        assertThat(answer.text()).contains("api_error");
        assertThat(streams.requests()).hasSize(1);
    }

    @Test
    void sendsNoRequestAgainThatMayHaveBeenStartedOn() throws Exception {
        shared();
        streams.script(request -> request.reset(StreamRequest.INTERNAL_ERROR));
        assertThat(exchange().status()).isEqualTo(502);
        streams.script(request -> request.closeConnection());
        assertThat(exchange().status()).isEqualTo(502);
        assertThat(streams.requests()).hasSize(2);
    }

    /** The first stream goes on, the second is above the last that the upstream looked at. */
    @Test
    void sendsElsewhereWhatAConnectionThatGoesAwayDidNotStart() throws Exception {
        shared();
        var go = new CountDownLatch(1);
        streams.next(request -> hold(request, go));
        var first = streaming();
        first.readHead();
        var before = streams.take();
        streams.next(request -> request.goAway(before.id(), StreamRequest.NO_ERROR));
        assertThat(exchange().text()).isEqualTo(Messages.message("Hello."));
        assertThat(streams.take().connection()).isEqualTo(1);
        assertThat(streams.take().connection()).isEqualTo(2);
        go.countDown();
        assertThat(first.readSummary().crc32c()).isEqualTo(before.writtenCrc32c());
        assertThat(exchange().status()).isEqualTo(200);
        assertThat(streams.take().connection()).isEqualTo(2);
        streams.open().await(now -> now == 1, SOON);
    }

    /** The body goes over the other connection from its first byte on, and no further over the one that goes away. */
    @Test
    void beginsABodyAnewThatWasHalfSent() throws Exception {
        shared();
        var json = "{\"model\":\"claude-x\",\"pad\":\"" + "p".repeat(300_000) + "\"}";
        var opened = new CountDownLatch(1);
        streams.holdBodies();
        streams.next(request -> {
            request.received().awaitAtLeast(60_000, SOON);
            request.goAway(0, StreamRequest.NO_ERROR);
            request.takeBody();
            opened.countDown();
        });
        streams.next(request -> {
            request.takeBody();
            opened.await();
            request.text();
            request.json(200, "{}");
        });
        assertThat(RawClient.exchange(container().baseUri(), message(json)).status())
                .isEqualTo(200);
        assertThat(streams.take().received().value()).isEqualTo(65_535);
        assertThat(streams.take().text()).isEqualTo(json);
    }

    @Test
    void sendsElsewhereWhatAConnectionThatFailsDidNotStart() throws Exception {
        shared();
        streams.next(request -> {
            request.goAway(0, StreamRequest.INTERNAL_ERROR);
            request.closeConnection();
        });
        assertThat(exchange().text()).isEqualTo(Messages.message("Hello."));
        assertThat(streams.requests()).hasSize(2);
        streams.next(request -> {
            request.goAway(request.id(), StreamRequest.INTERNAL_ERROR);
            request.closeConnection();
        });
        assertThat(exchange().status()).isEqualTo(502);
        assertThat(streams.requests()).hasSize(3);
    }

    @Test
    void goesOnAfterAnIdleConnectionWentAway() throws Exception {
        shared();
        assertThat(exchange().status()).isEqualTo(200);
        var first = streams.take();
        first.goAway(first.id(), StreamRequest.NO_ERROR);
        streams.open().await(now -> now == 0, SOON);
        assertThat(exchange().status()).isEqualTo(200);
        assertThat(streams.take().connection()).isEqualTo(2);
    }
}
