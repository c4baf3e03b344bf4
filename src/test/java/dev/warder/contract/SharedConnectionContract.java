package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.StreamRequest;
import dev.warder.testkit.StreamUpstream;
import dev.warder.testkit.TestCertificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Many calls on one HTTP/2 connection: none feels what happens to another. */
abstract class SharedConnectionContract extends Contract {
    static final String STREAMING = "{\"model\":\"claude-x\",\"max_tokens\":9,\"stream\":true}";
    static final Duration SOON = Duration.ofSeconds(10);

    StreamUpstream streams;

    SharedConnectionContract(Container.Starter starter) {
        super(starter);
    }

    @BeforeEach
    final void startUpstream() throws Exception {
        log.level("org.apache.hc", Level.INFO);
        TestCertificate.shared().trustInThisJvm();
        streams = closing(StreamUpstream.start(TestCertificate.shared()));
    }

    @Test
    void answersOverHttp2() throws Exception {
        var container = http2();
        var answer = RawClient.exchange(container.baseUri(), message("{\"model\":\"claude-x\"}"));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).isEqualTo(Messages.message("Hello."));
        var request = streams.take();
        assertThat(request.text()).isEqualTo("{\"model\":\"claude-x\"}");
    }

    @Test
    void cancellingOneOfTenLeavesNineWhole() throws Exception {
        var container = http2();
        var go = new CountDownLatch(1);
        streams.script(request -> {
            request.eventStream();
            request.data(Messages.start());
            go.await();
            for (int i = 0; i < 40; i++) {
                request.data(Messages.delta("Piece " + i));
                DeployedContract.pause(20);
            }
            request.data(Messages.end());
            request.end();
        });
        var clients = new ArrayList<RawClient>();
        var requests = new ArrayList<StreamRequest>();
        for (int i = 0; i < 10; i++) {
            var client = closing(RawClient.connect(container.baseUri()));
            assertThat(client.send(message(STREAMING)).readHead().status()).isEqualTo(200);
            clients.add(client);
            requests.add(streams.take());
        }
        go.countDown();
        clients.remove(4).reset();
        var lost = requests.remove(4);
        assertThat(lost.awaitReset()).isEqualTo(StreamRequest.CANCEL);
        for (int i = 0; i < 9; i++) {
            var summary = clients.get(i).readSummary();
            assertThat(summary.sha256()).isEqualTo(requests.get(i).writtenSha256());
            assertThat(requests.get(i).isReset()).isFalse();
        }
        assertThat(RawClient.exchange(container.baseUri(), message(STREAMING)).status())
                .isEqualTo(200);
        assertThat(streams.take().connection()).isEqualTo(1);
        assertThat(streams.accepted().value()).isEqualTo(1);
    }

    final Container http2() throws Exception {
        return deploy(deployment()
                .withConf(streams.uri().toString(), MANAGED_KEY, ACCESS_TOKEN)
                .with("upstream.http2", "auto"));
    }

    static List<String> events(RawClient client) throws Exception {
        var events = new ArrayList<String>();
        for (var event = client.readEvent(); event.isPresent(); event = client.readEvent()) {
            events.add(event.get().raw());
        }
        return events;
    }
}
