package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.observe.Scrape;
import dev.warder.testkit.Container;
import dev.warder.testkit.Deployment;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Metrics as a monitor reads them, and who may. */
class MetricsContract extends GroundContract {
    private static final String TOKEN = "metrics-" + "monitor".repeat(5);

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "POST"})
    void isNotThereWithoutATokenOrOpenAccess(String method) throws Exception {
        for (var setup : List.of(Setup.TOKEN_KEY, Setup.UNSET)) {
            var container = setup.on(ground);
            for (var presented : List.of("wrong", Contract.ACCESS_TOKEN, TOKEN)) {
                assertThat(read(container, method, "Bearer " + presented).status())
                        .isEqualTo(404);
            }
        }
    }

    @Test
    void isForMonitorsAndAdministrators() throws Exception {
        var container = ground.shared(withTokens(ground.usual()));
        for (var token : List.of(TOKEN, ADMIN_TOKEN)) {
            var answer = read(container, "GET", "Bearer " + token);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.fields().values("content-type"))
                    .singleElement()
                    .asString()
                    .matches("text/plain; ?version=0\\.0\\.4; ?charset=utf-8");
            assertThat(answer.fields().values("cache-control")).containsExactly("no-store");
            assertThat(Scrape.of(answer.text()).value("warder_exchanges_open")).isZero();
        }
        for (var presented : List.of("", TOKEN, "Basic " + TOKEN)) {
            var refused = read(container, "GET", presented);
            Answers.refused(refused, 401, "authentication_error");
            assertThat(refused.fields().has("www-authenticate")).isTrue();
        }
        Answers.refused(read(container, "GET", "Bearer " + Contract.ACCESS_TOKEN), 401, "authentication_error");
        Answers.refused(read(container, "POST", "Bearer " + TOKEN), 405, "invalid_request_error");
        var admin = Ground.request(container, "POST", "/admin/drain").field("Authorization", "Bearer " + TOKEN);
        Answers.refused(Ground.send(container, admin), 401, "authentication_error");
        assertThat(container.gateway("Draining")).isEqualTo(false);
    }

    @Test
    void slowsDownGuesses() throws Exception {
        var container = guarded("guessed");
        for (int i = 0; i < 5; i++) {
            Answers.refused(read(container, "GET", "Bearer wrong"), 401, "authentication_error");
        }
        long began = System.nanoTime();
        var open = new ArrayList<RawClient>();
        try {
            var guess = Ground.request(container, "GET", "/metrics").field("Authorization", "Bearer wrong");
            for (int i = 0; i < 10; i++) {
                open.add(RawClient.connect(container.baseUri()).send(guess));
            }
            assertThat(read(container, "GET", "Bearer " + TOKEN).status()).isEqualTo(200);
            for (var client : open) {
                Answers.refused(client.readResponse(), 401, "authentication_error");
            }
        } finally {
            for (var client : open) {
                client.close();
            }
        }
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(1500));
    }

    /** With a short token of administrators, which is compared less often after wrong ones. */
    @Test
    void guessesHereSlowNoAdministratorDown() throws Exception {
        String shortToken = ADMIN_TOKEN.substring(7);
        ground.log().plant(shortToken);
        var container = ground.container("apart", withTokens(ground.usual()).withSecret("admin.token", shortToken));
        for (int i = 0; i < 6; i++) {
            read(container, "GET", "Bearer wrong");
        }
        var admin =
                Ground.request(container, "GET", "/admin/credentials").field("Authorization", "Bearer " + shortToken);
        for (int i = 0; i < 50; i++) {
            ok(container, admin);
        }
    }

    @Test
    void isOpenWhereAnOperatorSaysSo() throws Exception {
        var container = ground.container("open", ground.usual().with("metrics.open", "true"));
        assertThat(read(container, "GET", "").status()).isEqualTo(200);
        assertThat(read(container, "GET", "Bearer wrong").status()).isEqualTo(200);
        var head = read(container, "HEAD", "");
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.text()).isEmpty();
    }

    @Test
    void countsWhatHappened() throws Exception {
        var container = guarded("counted");
        var ok = Ground.request(container, "GET", "/v1/models").field("x-api-key", Contract.ACCESS_TOKEN);
        ok(container, ok);
        var wrong = Ground.request(container, "GET", "/v1/models").field("x-api-key", "wrong-token-of-sixteen");
        assertThat(Ground.send(container, wrong).status()).isEqualTo(401);
        var series = "warder_requests_total{dialect=\"anthropic\",end=\"%s\",route=\"models\",status=\"%s\"}";
        // A request is counted after its response, its tries last of all, and a scrape may come in between.
        Eventually.holds(Duration.ofSeconds(5), () -> {
            var samples = scrape(container).samples();
            return samples.getOrDefault(series.formatted("refused", "401"), 0.0) == 1
                    && samples.keySet().stream()
                            .anyMatch(name -> name.startsWith("warder_upstream_tries_total{credential="));
        });
        var scrape = scrape(container);
        assertThat(scrape.value(series.formatted("ok", "200"))).isEqualTo(1);
        assertThat(scrape.value("warder_request_duration_seconds_count{route=\"models\"}"))
                .isEqualTo(1);
    }

    /** A monitor asks every few seconds, and its requests are no news. */
    @Test
    void leavesTheLogToOthers() throws Exception {
        var container = ground.shared(withTokens(ground.usual()));
        ground.log().clear();
        assertThat(read(container, "GET", "Bearer " + TOKEN).status()).isEqualTo(200);
        assertThat(read(container, "GET", "").status()).isEqualTo(401);
        assertThat(ground.log().lines("dev.warder.access", Level.INFO))
                .singleElement()
                .satisfies(line -> assertThat(line.text()).contains("path=/metrics", "status=401"));
    }

    @Test
    void isReadWhileTheNodeDrainsOrLacksSettings() throws Exception {
        for (var name : List.of("drained", "bare")) {
            var container = ground.container(name, withTokens(name.equals("bare") ? ground.bare() : ground.usual()));
            var drain = administrator(container, "POST", "/admin/drain");
            assertThat(Ground.send(container, drain).status()).isEqualTo(202);
            assertThat(scrape(container).value("warder_draining")).isEqualTo(1);
        }
    }

    private Container guarded(String name) throws Exception {
        return ground.container(name, withTokens(ground.usual()));
    }

    private Deployment withTokens(Deployment deployment) {
        ground.log().plant(TOKEN);
        return deployment.withSecret("admin.token", ADMIN_TOKEN).withSecret("metrics.token", TOKEN);
    }

    private static Scrape scrape(Container container) throws Exception {
        return Scrape.of(read(container, "GET", "Bearer " + TOKEN).text());
    }

    private static RawResponse read(Container container, String method, String authorization) throws Exception {
        var request = Ground.request(container, method, "/metrics");
        return Ground.send(
                container, authorization.isEmpty() ? request : request.field("Authorization", authorization));
    }
}
