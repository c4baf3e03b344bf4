package dev.warder.exchange.down;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.exchange.down.ResponseSink.Flow;
import dev.warder.http.Field;
import dev.warder.record.Records;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.message.BasicHttpRequest;
import org.apache.hc.core5.http.message.BasicHttpResponse;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The upstream's response: the fields of its head, and the credit that the upstream gets for what was taken. */
class UpstreamResponseTest {
    private static final int WINDOW = 64 * 1024;
    private static final List<Field> ADDED = List.of(new Field("x-status", "warned"), new Field("x-new", "1"));

    private final UpstreamResponse response =
            new UpstreamResponse(new Silent(), UpstreamResponseTest::unexpected, Records.beginTry(), false);
    private final List<Integer> credits = new ArrayList<>();

    /** HttpClient asks how long the connection may be kept after the response has begun. */
    @Test
    void keepsNoFieldsOfTheHeadsButKeepAlive() {
        var request = new BasicHttpRequest("POST", "/v1/messages");
        request.addHeader("x-api-key", "planted");
        var head = new BasicHttpResponse(200);
        head.addHeader("Keep-Alive", "timeout=5");
        head.addHeader("request-id", "req_1");
        var context = HttpCoreContext.create();
        context.setRequest(request);
        response.consumeResponse(head, null, context, new NoCallback());
        assertThat(request.getHeaders()).isEmpty();
        assertThat(head.getHeaders()).extracting(Header::getName).containsExactly("Keep-Alive");
    }

    @Test
    void keepsTheCreditWhileMuchIsUntaken() {
        response.consume(ByteBuffer.allocate(WINDOW));
        response.updateCapacity(credits::add);
        response.taken(8192);
        assertThat(credits).isEmpty();
        response.taken(WINDOW - 8192);
        assertThat(credits).containsExactly(WINDOW);
    }

    @Test
    void handsOverWhatWasTakenBeforeTheWindowCame() {
        response.consume(ByteBuffer.allocate(WINDOW));
        response.taken(WINDOW);
        response.updateCapacity(credits::add);
        assertThat(credits).containsExactly(WINDOW);
    }

    @Test
    void ignoresFailuresAfterTheEnd() {
        response.consume(ByteBuffer.allocate(WINDOW));
        response.updateCapacity(closed -> {
            throw new IOException("closed");
        });
        response.streamEnd(List.of());
        response.taken(WINDOW);
        response.failed(new IOException("reset"));
        response.cancelled();
        assertThat(credits).isEmpty();
    }

    /** HttpCore in short: it reads a piece after each credit, and on while its window is open. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void boundsWhatIsUntakenAndNeverStalls(long seed) {
        var random = new Random(seed);
        long window = WINDOW;
        long untaken = 0;
        long read = 0;
        boolean handed = false;
        for (int round = 0; round < 20_000; round++) {
            boolean credited = !credits.isEmpty();
            window += credits.stream().mapToInt(Integer::intValue).sum();
            credits.clear();
            while (window > 0 || credited) {
                credited = false;
                int piece = 1 + random.nextInt(8192);
                window -= piece;
                untaken += piece;
                read += piece;
                response.consume(ByteBuffer.allocate(piece));
            }
            if (!handed) {
                response.updateCapacity(credits::add);
                handed = true;
            }
            assertThat(untaken).isLessThanOrEqualTo(WINDOW + 8192);
            int taken = (int) Math.min(untaken, 1 + random.nextInt(9000));
            untaken -= taken;
            response.taken(taken);
        }
        assertThat(read).isGreaterThan(20_000 * 3000L);
    }

    private static void unexpected(Throwable cause) {
        throw new AssertionError(cause);
    }

    private static final class Silent implements ResponseSink {
        @Override
        public void head(ResponseHead head, Flow flow) {}

        @Override
        public void piece(byte[] bytes, int read) {}

        @Override
        public void end() {}

        @Override
        public void failed(Failure failure) {
            throw new AssertionError(failure.toString());
        }
    }

    private static final class NoCallback implements FutureCallback<Void> {
        @Override
        public void completed(Void nothing) {}

        @Override
        public void failed(Exception cause) {}

        @Override
        public void cancelled() {}
    }

    /** The response is worth more than a warning in its head. */
    @Test
    void ownFieldsThatTheContainerWouldNotTakeAreLeftOut() {
        var head = head(200, new Field("x-large", "x".repeat(15 * 1024 - 20)));
        assertThat(head.isTooLarge()).isFalse();
        assertThat(head.with(ADDED)).isSameAs(head);
    }

    private static ResponseHead head(int status, Field... fields) {
        return new ResponseHead(status, List.of(fields), 7, "gzip", true);
    }
}
