package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Deployment;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** A client that sends its body too slowly gets 408, on collected and on relayed routes. */
@OnEachContainer
class SlowClientContract extends DeployedContract {
    @Override
    Deployment configured(Deployment plain) {
        return plain.with("timeouts.clientRead", "1s").with("openai.models", Completions.ALIASES);
    }

    @Test
    void refusesACollectedBodyThatStops() throws Exception {
        refuses("/v1/messages", "{\"model\":");
    }

    @Test
    void refusesARelayedBodyThatStops() throws Exception {
        refuses("/anthropic/v1/messages", "{\"model\":");
    }

    @Test
    void refusesABodyOfWhichNothingComes() throws Exception {
        refuses("/v1/messages", "");
        refuses("/v1/files", "");
    }

    private void refuses(String path, String begin) throws Exception {
        try (var client = client()) {
            client.send(authenticated("POST", path)
                            .field("Content-Length", "1000000")
                            .head()
                    + begin);
            var answer = client.readResponse();
            Refusal.check(answer, 408, "timeout_error");
            assertThat(answer.fields().lists("Connection", "close")).isTrue();
            assertThat(client.closedByPeer()).isTrue();
            assertThat(accessLine(id(answer))).contains("end=timeout");
        }
    }

    @Test
    void leavesAClientAloneThatKeepsSending() throws Exception {
        byte[] body = message(40 * 1024);
        try (var client = connect(container)) {
            client.send(authenticated("POST", "/v1/messages")
                    .field("Content-Length", Integer.toString(body.length))
                    .head());
            for (int i = 0; i < 4; i++) {
                pause(500);
                client.send(Arrays.copyOfRange(body, i * 10_240, (i + 1) * 10_240));
            }
            assertStatus(200, client.readResponse());
        }
    }

    private static byte[] message(int length) {
        String json = "{\"model\":\"claude-x\",\"text\":\"";
        return utf8(json + "x".repeat(length - json.length() - 2) + "\"}");
    }
}
