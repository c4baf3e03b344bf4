package dev.warder.credential;

import static dev.warder.credential.PoolGround.answer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.credential.CredentialState.Quota;
import dev.warder.testkit.AtOnce;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which credential takes a request, and which takes over. */
class CredentialPoolTest {
    @Test
    void keepsWhatTheUpstreamReportsAsRemaining() {
        var ground = PoolGround.ordered("a");
        ground.use("a", answer(200));
        assertThat(ground.state("a").quota()).isEmpty();
        ground.use(
                "a",
                answer(
                        200,
                        "anthropic-ratelimit-requests-remaining",
                        "37",
                        "anthropic-ratelimit-requests-limit",
                        "50",
                        "anthropic-ratelimit-requests-reset",
                        "2026-03-01T12:01:00Z",
                        "anthropic-ratelimit-tokens-remaining",
                        "<b>",
                        "anthropic-ratelimit-unified-5h-utilization",
                        "0.72",
                        "anthropic-ratelimit-unified-5h-reset",
                        "1772370000"));
        ground.use("a", answer(200));
        assertThat(ground.state("a").quota())
                .contains(new Quota(
                        PoolGround.START,
                        List.of(
                                new Quota.Part("requests", "37 of 50", Optional.of(PoolGround.START.plusSeconds(60))),
                                new Quota.Part("5h", "28 %", Optional.of(Instant.ofEpochSecond(1772370000))))));
    }

    @Test
    void spreadsByWeightAmongThoseThatMayBeUsed() {
        var ground = PoolGround.weighted("a8", "b3", "c1");
        ground.use("a", answer(429, "retry-after", "60"));
        assertThat(taken(ground, 8))
                .containsOnly("b", "c")
                .filteredOn("c"::equals)
                .hasSize(2);
    }

    @Test
    void takesOverByWeightToo() {
        var ground = PoolGround.weighted("a2", "b1", "c1");
        var others = IntStream.range(0, 8)
                .mapToObj(i -> {
                    var request = ground.request();
                    while (!request.next().orElseThrow().source().name().equals("a")) {
                        assertThat(request.hasNext()).isTrue();
                    }
                    return request;
                })
                .flatMap(request -> request.next().stream())
                .map(use -> use.source().name());
        assertThat(others).contains("b", "c");
    }

    @Test
    void keepsToTheWeightsWhenManyThreadsAsk() throws Exception {
        var ground = PoolGround.weighted("a3", "b1");
        var names = AtOnce.run(8, thread -> taken(ground, 500));
        assertThat(names.stream().flatMap(List::stream).filter("a"::equals)).hasSize(3000);
    }

    @Test
    void givesEachCredentialToOneOfTheThreadsOfARequest() throws Exception {
        for (int round = 0; round < 200; round++) {
            var request = PoolGround.ordered("a", "b", "c").request();
            assertThat(AtOnce.run(8, thread -> request.next()).stream().filter(Optional::isPresent))
                    .hasSize(3);
        }
    }

    private static List<String> taken(PoolGround ground, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> ground.request().next().orElseThrow())
                .peek(use -> use.ended(answer(200)))
                .map(use -> use.source().name())
                .toList();
    }
}
