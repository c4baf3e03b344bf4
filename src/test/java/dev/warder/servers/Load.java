package dev.warder.servers;

import static dev.warder.servers.Patience.pause;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Flood;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawEvent;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Three streams, an upload and short requests on each of four threads, while the deployment behind them goes away. */
final class Load implements AutoCloseable {
    private static final int STREAMS = 3;
    private static final int CALLERS = 4;
    private static final int LIMIT_SECONDS = 60;

    /** More than is ever sent. */
    private static final int UPLOAD = 1 << 30;

    /** In WildFly's own 500 for a request that it took before it stopped the deployment, and that no filter saw. */
    private static final String STOPPED = "UT010051: Deployment warder.war has stopped";

    private static final int PIECE = 16 * 1024;

    private final ServerGround ground;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<RawClient> clients = new ArrayList<>();
    private final List<Future<List<String>>> streams = new ArrayList<>();
    private final Future<Integer> upload;
    private final List<Future<Set<Integer>>> callers = new ArrayList<>();
    private volatile boolean over;

    /** Begins all of it; each stream has begun then, and the upload has reached the upstream. */
    Load(ServerGround ground) throws IOException, InterruptedException {
        this.ground = ground;
        ground.upstream().keepBodies(0).on("/v1/messages", ServerGround::endless);
        for (int i = 0; i < STREAMS; i++) {
            var client = connect().send(ground.streaming());
            assertThat(client.readHead().status()).isEqualTo(200);
            ground.upstream().take();
            streams.add(threads.submit(
                    () -> ServerGround.rest(client).stream().map(RawEvent::name).toList()));
        }
        var uploading = connect();
        upload = threads.submit(() -> upload(uploading));
        ground.upstream().take();
        for (int i = 0; i < CALLERS; i++) {
            callers.add(threads.submit(this::shortRequests));
        }
    }

    private RawClient connect() throws IOException {
        var client = ground.client();
        clients.add(client);
        return client;
    }

    /** The status of the answer; 0 when the connection is lost. */
    private int upload(RawClient client) throws IOException, InterruptedException {
        try {
            client.send(ground.authenticated("POST", "/v1/files")
                    .field("Content-Length", Integer.toString(UPLOAD))
                    .head());
            for (int at = 0; !over; at += PIECE) {
                client.send(Flood.piece(at, PIECE));
                pause(20);
            }
            return client.readResponse().status();
        } catch (SocketTimeoutException hangs) {
            throw hangs;
        } catch (IOException lost) {
            return 0;
        }
    }

    /** The statuses that came, one answer after the other without a pause; 0 stands for lost connections. */
    private Set<Integer> shortRequests() throws IOException {
        var statuses = new TreeSet<Integer>();
        while (!over) {
            statuses.add(shortRequest());
        }
        return statuses;
    }

    private int shortRequest() throws IOException {
        try {
            var answer = ground.exchange(ground.authenticated("GET", "/v1/models"));
            if (!answer.text().contains(STOPPED)) {
                assertThat(answer.status()).as(answer.text()).isIn(200, 404, 503);
            }
            return answer.status();
        } catch (SocketTimeoutException hangs) {
            throw hangs;
        } catch (IOException lost) {
            return 0;
        }
    }

    /** Stops asking, now that the next deployment is there, and looks at how all of it ended. */
    void awaitEnd() throws InterruptedException, ExecutionException, TimeoutException {
        over = true;
        for (var stream : streams) {
            assertThat(stream.get(LIMIT_SECONDS, TimeUnit.SECONDS))
                    .endsWith("error")
                    .containsOnlyOnce("error");
        }
        assertThat(upload.get(LIMIT_SECONDS, TimeUnit.SECONDS)).as("the upload").isNotEqualTo(200);
        for (var caller : callers) {
            assertThat(caller.get(LIMIT_SECONDS, TimeUnit.SECONDS))
                    .as("short requests")
                    .contains(200);
        }
    }

    @Override
    public void close() throws IOException {
        over = true;
        for (var client : clients) {
            client.close();
        }
        threads.shutdownNow();
        ground.upstream().clear();
        ground.upstream().keepBodies(64 << 20);
    }
}
