package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.testkit.Container;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A run with facades fails where code of the WAR uses a request after its end, and only then. */
@OnEachContainer
class LateUseContract extends Contract {
    private static final List<String> USES =
            List.of("request.getMethod", "response.setHeader", "in.isFinished", "out.isReady", "async.complete");

    @Test
    void failsARunWithLateUses() throws Exception {
        var container = deployFilter();
        keepOne(container);
        for (var use : USES) {
            RawClient.exchange(container.baseUri(), streaming().field("X-Late", use));
        }
        var failed = assertThatThrownBy(container::stop).isInstanceOf(AssertionError.class);
        failed.hasMessageContaining(LateUseFilter.class.getName());
        for (var use : USES) {
            failed.hasMessageContaining(use + " after ");
        }
    }

    @Test
    void passesARunWithoutALateUse() throws Exception {
        var container = deployFilter();
        keepOne(container);
        container.stop();
    }

    private Container deployFilter() throws Exception {
        return deploy(deployment().ofWar(ChangedWar.withLateUseFilter()).withFacades(true));
    }

    /** On one connection: a container serves the second request only after the first one's end. */
    private void keepOne(Container container) throws Exception {
        upstream.script((request, reply) -> reply.messageStream("whole"));
        try (var client = RawClient.connect(container.baseUri())) {
            assertThat(client.exchange(streaming().field("X-Keep", "yes")).status())
                    .isEqualTo(200);
            assertThat(client.exchange(streaming()).status()).isEqualTo(200);
        }
    }

    private static RawRequest streaming() {
        return message("{\"model\":\"claude-x\",\"max_tokens\":9,\"stream\":true}");
    }
}
