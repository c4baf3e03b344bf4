package dev.warder.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Limit;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bodies of millions of values, whose check takes a second each, in front of the built WAR. */
@Tag("turn-1")
@Tag("turn-only")
class LargeBodyFloodIT {
    private static final int CONNECTIONS = 16;
    private static final int PIECES = 28;
    private static final String PIECE = "0,".repeat(1 << 19);
    private static final int PATIENCE = (int) Limit.seconds(60).toMillis();
    private static final String MESSAGE =
            "{\"model\":\"claude-haiku-4-5\",\"max_tokens\":1,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]";

    private final Path folder;

    LargeBodyFloodIT(@TempDir Path folder) {
        this.folder = folder;
    }

    /** On the threads of the connections, they would let one or two messages through. */
    @Test
    void servesOthersWhileLargeBodiesAreChecked() throws Exception {
        var threads = Executors.newFixedThreadPool(CONNECTIONS);
        try (var warder = new WarderProcess(folder, List.of("-Xmx512m"), "--demo", "--port=0")) {
            assertThat(warder.base()).isNotNull();
            for (int i = 0; i < 50; i++) {
                assertServed(warder);
            }
            var bodies = new ArrayList<Future<Integer>>();
            for (int i = 0; i < CONNECTIONS; i++) {
                bodies.add(threads.submit(() -> statusOfLarge(warder)));
            }
            int served = 0;
            while (!bodies.stream().allMatch(Future::isDone)) {
                assertServed(warder);
                served++;
            }
            for (var body : bodies) {
                assertThat(body.get()).as("its last byte is wrong").isEqualTo(400);
            }
            assertThat(served).as("small messages meanwhile").isGreaterThan(10);
        } finally {
            threads.shutdownNow();
        }
    }

    private static int statusOfLarge(WarderProcess warder) throws Exception {
        String before = MESSAGE + ",\"x\":[";
        String after = "0]}}";
        long length = before.length() + (long) PIECES * PIECE.length() + after.length();
        byte[] piece = PIECE.getBytes(StandardCharsets.US_ASCII);
        try (var client = connect(warder)) {
            client.send(request(warder, "POST", "/v1/messages")
                            .field("content-type", "application/json")
                            .field("content-length", String.valueOf(length))
                            .head())
                    .send(before);
            for (int i = 0; i < PIECES; i++) {
                client.send(piece);
            }
            return client.send(after).readResponse().status();
        }
    }

    private static void assertServed(WarderProcess warder) throws Exception {
        assertThat(status(warder, request(warder, "GET", "/health/live"))).isEqualTo(200);
        assertThat(status(warder, request(warder, "POST", "/v1/messages").json(MESSAGE + "}")))
                .isEqualTo(200);
    }

    private static int status(WarderProcess warder, RawRequest request) throws Exception {
        try (var client = connect(warder)) {
            return client.exchange(request).status();
        }
    }

    private static RawRequest request(WarderProcess warder, String method, String target) throws Exception {
        return RawRequest.of(method, target).field("x-api-key", warder.token());
    }

    private static RawClient connect(WarderProcess warder) throws Exception {
        return RawClient.connect(warder.base()).readTimeout(PATIENCE);
    }
}
