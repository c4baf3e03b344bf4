package dev.warder.servers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.RawRequest;
import java.io.IOException;

/** Answers to clients that have stopped in the middle of what they send. */
final class EarlyAnswers {
    private static final int SENT = 64 * 1024;
    private static final int SOON_MILLIS = 5000;
    private final ServerGround ground;

    EarlyAnswers(ServerGround ground) {
        this.ground = ground;
    }

    /** Refusals for want of a token, and of what is too large. */
    void reachClientsThatHaveStopped() throws IOException {
        assertThat(status(ground.plain("POST", "/v1/messages"), 1 << 20)).isEqualTo(401);
        assertThat(status(ground.plain("POST", "/v1/files"), 1 << 20)).isEqualTo(401);
        assertThat(status(ground.authenticated("POST", "/v1/messages"), 1 << 30))
                .isEqualTo(413);
    }

    private int status(RawRequest request, int length) throws IOException {
        try (var client = ground.client().readTimeout(SOON_MILLIS)) {
            client.send(
                    request.field("Content-Length", Integer.toString(length)).head());
            client.send(new byte[SENT]);
            return client.readResponse().status();
        }
    }
}
