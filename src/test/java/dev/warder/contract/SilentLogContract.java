package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Messages;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;

/** HttpClient would log fields and bodies; nobody can make it, not even by asking for everything. */
class SilentLogContract extends ClientContract {
    private static final String HTTP_CLIENT = "org.apache.hc.client5.http";

    @Test
    void logsNoFieldAndNoBodyWhenEverythingIsAskedFor() throws Exception {
        ground.log().level(HTTP_CLIENT, Level.ALL);
        upstream.script((request, reply) -> reply.json(200, Messages.message("a-secret-answer")));
        var question = Ground.request(container, "POST", "/v1/messages")
                .field("x-api-key", Contract.ACCESS_TOKEN)
                .json("{\"model\":\"claude-x\",\"max_tokens\":1,\"messages\":\"a-secret-question\"}");
        assertThat(Ground.send(container, question).status()).isEqualTo(200);
        assertThat(ground.log().lines(HTTP_CLIENT, Level.ALL)).isNotEmpty();
        assertThat(ground.log().lines(HTTP_CLIENT + ".headers", Level.ALL)).isEmpty();
        assertThat(ground.log().lines(HTTP_CLIENT + ".wire", Level.ALL)).isEmpty();
        assertThat(ground.log().lines("", Level.ALL))
                .noneMatch(line -> line.text().contains("a-secret"))
                .noneMatch(line -> line.text().contains(Contract.MANAGED_KEY));
        assertThat(ground.log().leaks()).isEmpty();
    }
}
