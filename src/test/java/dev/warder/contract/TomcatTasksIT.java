package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RawResponse;
import dev.warder.testkit.TomcatContainer;
import java.net.URI;
import org.apache.catalina.connector.Connector;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What only Tomcat does after a task of a request: it looks at the connection's processor once more. */
@Tag("one-container")
class TomcatTasksIT extends Contract {
    /** So that a task that is still on its way in one round is there in the next. */
    private static final int ROUNDS = 5;

    private static final int READ_MILLIS = 10_000;

    private static final SlowDispatches TOMCAT = new SlowDispatches();

    @Override
    Container.Starter starter() {
        return deployment -> TomcatContainer.start(deployment, new Connector(TOMCAT));
    }

    /** A translated response ends in such a task. Then the processor serves the next connection. */
    @Test
    void servesTheNextClientOfAProcessorWhoseLastTaskIsDelayed() throws Exception {
        var container = deploy(deployment().with("openai.models", Completions.ALIASES));
        for (int round = 0; round < ROUNDS; round++) {
            upstream.next((request, reply) -> {
                TOMCAT.delay();
                reply.json(200, Messages.message("first"));
            });
            upstream.next(json(200, Messages.message("second")));
            var chat = Completions.request(
                    "{\"model\":\"" + Completions.ALIAS + "\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}");
            assertThat(exchange(container.baseUri(), chat).text()).contains("first");
            assertThat(exchange(
                                    container.baseUri(),
                                    message("{\"model\":\"claude-x\",\"max_tokens\":9,\"messages\":[]}"))
                            .text())
                    .contains("second");
        }
    }

    private static RawResponse exchange(URI address, RawRequest request) throws Exception {
        try (var client = RawClient.connect(address).readTimeout(READ_MILLIS)) {
            return client.exchange(request);
        }
    }
}
