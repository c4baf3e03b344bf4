package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Messages;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RecordedRequest;
import dev.warder.testkit.Script;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Clients that leave: the upstream learns it at once, and nothing stays behind. */
@OnEachContainer
class ClientLossContract extends DeployedContract {
    private static final Script PACED = (request, reply) -> {
        reply.eventStream();
        while (true) {
            reply.chunk(Messages.delta("on and on"));
            pause(50);
        }
    };

    @Test
    void leavesNothingBehindThreeHundredClientsThatAbort() throws Exception {
        var threads = Set.<String>of();
        var reused = 0;
        for (int wave = 0; wave < 6; wave++) {
            // Some threads begin with the first task that they have.
            threads = wave == 2 ? threads() : threads;
            var used = wave % 2 == 0 ? Set.<Integer>of() : warm(50);
            var lost = loseWave(50);
            reused += (int) lost.stream()
                    .filter(request -> used.contains(request.connection()))
                    .count();
        }
        assertThat(reused).as("losses on connections that were used before").isGreaterThan(75);
        eventually(() -> number("OpenExchanges") == 0);
        eventually(() -> number("UpstreamConnectionsLeased") == 0);
        var before = threads;
        eventually(() -> threads().equals(before));
        eventually(() -> losses() >= 300);
        assertThat(losses()).isEqualTo(300);
    }

    private long losses() {
        return log.lines("dev.warder.access", Level.INFO).stream()
                .filter(line -> line.text().contains(" end=client-gone "))
                .count();
    }

    @Test
    void losesTheSecondClientOfAConnection() throws Exception {
        upstream.next((request, reply) -> reply.messageStream("first")).next(PACED);
        exchange(message(STREAMING));
        eventually(() -> number("UpstreamConnectionsIdle") > 0);
        assertThat(lose(client()).connection())
                .isEqualTo(upstream.requests().get(0).connection());
    }

    @Test
    void losesAClientThatClosesProperly() throws Exception {
        upstream.next(PACED);
        var client = client();
        client.send(message(STREAMING)).readHead();
        assertThat(client.readEvent()).isPresent();
        client.close();
        upstream.take().awaitPeerClosed(SOON);
    }

    @Test
    void noticesAClientThatLeftBeforeTheHeadAtTheFirstWrites() throws Exception {
        var left = latch();
        upstream.next((request, reply) -> {
            reply.await(left);
            PACED.run(request, reply);
        });
        var client = client().send(message(STREAMING));
        var request = upstream.take();
        client.reset();
        left.countDown();
        request.awaitPeerClosed(SOON);
    }

    @Test
    void closesTheUpstreamOfALostUploadAtOnce() throws Exception {
        var client = client();
        client.send(authenticated("POST", "/v1/files")
                .field("Transfer-Encoding", "chunked")
                .head());
        client.sendChunk(new byte[100_000]);
        var request = upstream.take();
        request.received().awaitAtLeast(100_000, SOON);
        client.reset();
        request.awaitPeerClosed(SOON);
        assertThat(request.complete()).isFalse();
        log.await("dev.warder.access", line -> line.contains(" end=client-gone "), SOON);
    }

    @Test
    void closesTheUpstreamOfAnUploadWithALengthThatStaysShort() throws Exception {
        var client = client();
        client.send(authenticated("POST", "/anthropic/v1/messages")
                .field("Content-Length", "500000")
                .head());
        client.send(new byte[100_000]);
        var request = upstream.take();
        request.received().awaitAtLeast(100_000, SOON);
        client.close();
        request.awaitPeerClosed(SOON);
        assertThat(request.complete()).isFalse();
    }

    @Test
    void sendsNothingOfABodyThatIsLostWhileItIsCollected() throws Exception {
        var client = client();
        client.send(message("").head().replace("Content-Length: 0", "Content-Length: 500000"));
        client.send("{\"model\":\"claude-x\",\"messages\":[");
        eventually(() -> number("CollectedBytes") == 64 * 1024);
        client.reset();
        String line = log.await("dev.warder.access", text -> text.contains("/v1/messages"), SOON)
                .text();
        assertThat(line).contains("status=-").contains(" end=client-gone ");
        assertThat(upstream.requests()).isEmpty();
    }

    /** Answers this many requests at the same time and says on which connections. */
    private Set<Integer> warm(int count) throws Exception {
        var all = new CountDownLatch(count);
        upstream.script((request, reply) -> {
            all.countDown();
            reply.await(all);
            reply.messageStream("warm");
        });
        for (var client : open(count)) {
            assertStatus(200, client.readResponse());
            client.close();
        }
        eventually(() -> number("UpstreamConnectionsIdle") >= count);
        var used = upstream.requests().stream().map(RecordedRequest::connection).collect(Collectors.toSet());
        upstream.clear();
        return used;
    }

    private List<RecordedRequest> loseWave(int count) throws Exception {
        upstream.script(PACED);
        var clients = open(count);
        for (var client : clients) {
            client.readHead();
            assertThat(client.readEvent()).isPresent();
        }
        for (var client : clients) {
            client.reset();
        }
        var lost = upstream.requests();
        assertThat(lost).hasSize(count);
        lost.forEach(request -> request.awaitPeerClosed(SOON));
        upstream.clear();
        return lost;
    }

    private List<RawClient> open(int count) throws Exception {
        var clients = new ArrayList<RawClient>();
        for (int i = 0; i < count; i++) {
            clients.add(client().send(message(STREAMING)));
        }
        return clients;
    }

    /** Loses a client in mid-stream; the close reaches the upstream soon after the next writes. */
    private RecordedRequest lose(RawClient client) throws Exception {
        client.send(message(STREAMING)).readHead();
        assertThat(client.readEvent()).isPresent();
        var request = upstream.requests().get(upstream.requests().size() - 1);
        assertThat(request.peerClosed()).isFalse();
        client.reset();
        request.awaitPeerClosed(SOON);
        return request;
    }

    /** Those of this deployment. */
    private Set<String> threads() {
        var application = container.applicationLoader();
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getContextClassLoader() == application)
                .map(Thread::getName)
                .filter(name -> name.startsWith("warder-"))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
