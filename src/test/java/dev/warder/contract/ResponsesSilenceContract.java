package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Deployment;
import dev.warder.testkit.Messages;
import dev.warder.testkit.Script;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** What a client of the Responses API receives while the upstream is silent: Codex does not count comments. */
class ResponsesSilenceContract extends DeployedContract {
    private static final String IN_PROGRESS = "response.in_progress";
    private static final CountDownLatch NEVER = latch();

    @Override
    Deployment configured(Deployment plain) {
        return plain.with("openai.models", Completions.ALIASES)
                .with("stream.keepAlive", "100ms")
                .with("timeouts.idle", "6s");
    }

    @Test
    void repeatsThatItIsInProgressWhileTheUpstreamIsSilent() throws Exception {
        var repeated = latch();
        upstream.next(Script.events(
                Messages.start() + Messages.delta("one"), repeated, Messages.delta(" two") + Messages.end()));
        try (var client = client()) {
            var head = client.send(Responses.request(Responses.STREAM)).readHead();
            String data;
            do {
                data = client.readEvent().orElseThrow().data();
            } while (!data.contains("response.output_text.delta"));
            for (int i = 0; i < 2; i++) {
                do {
                    data = client.readEvent().orElseThrow().data();
                } while (data.isEmpty());
                assertThat(data).contains("\"type\":\"" + IN_PROGRESS + "\"", "\"sequence_number\":" + (i + 5));
            }
            repeated.countDown();
            String rest = client.readBody(head).text();
            assertThat(Responses.streamedText(rest)).isEqualTo(" two");
            assertThat(Responses.last(rest).getString("type")).isEqualTo("response.completed");
        }
    }

    @Test
    void failsAStreamWhoseUpstreamFellSilent() throws Exception {
        upstream.next(Script.heldEvents(NEVER, Messages.start() + Messages.delta("half")));
        var answer = exchange(Responses.request(Responses.STREAM));
        Responses.brokenOff(answer.text(), "half", "server_error");
        assertThat(answer.text()).contains(": keep-alive");
        upstream.take().awaitPeerClosed(SOON);
        assertThat(accessLine(id(answer))).contains("status=200").contains(" end=timeout ");
    }
}
