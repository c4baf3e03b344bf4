package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.warder.observe.Scrape;
import dev.warder.testkit.Container;
import dev.warder.testkit.Messages;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The metrics, read and checked by Prometheus' own program; Debian's package {@code prometheus} has it. */
class PromtoolContract extends GroundContract {
    private static final String PROGRAM = "promtool";

    /** The result of the program: 0 if it has read the text and has no complaint. */
    private record Verdict(int code, String text) {}

    @Test
    void findsNothingWrongWithTheMetrics() throws Exception {
        assumeTrue(program().isPresent(), "skipped: needs the program " + PROGRAM);
        var container = ground.container(
                "promtool",
                ground.usual()
                        .with("metrics.open", "true")
                        .with("metrics.clients", "shared")
                        .with("otlp.url", "http://127.0.0.1:1")
                        .with("otlp.relay", "metrics"));
        ground.upstream().next((request, reply) -> reply.json(200, Messages.message("Hello.")));
        ground.upstream().next((request, reply) -> reply.json(400, Messages.error("invalid_request_error", "no")));
        for (int i = 0; i < 2; i++) {
            Ground.send(
                    container,
                    Ground.request(container, "POST", "/v1/messages")
                            .field("x-api-key", Contract.ACCESS_TOKEN)
                            .json(PoolContract.QUESTION));
        }
        Ground.send(
                container,
                Ground.request(container, "POST", "/v1/metrics")
                        .field("x-api-key", Contract.ACCESS_TOKEN)
                        .json("{}"));
        Eventually.holds(DeployedContract.SOON, () -> metrics(container).contains("warder_tokens_total"));
        var metrics = metrics(container);
        assertThat(Scrape.of(metrics).types()).containsKeys("warder_tokens_total", "warder_telemetry_received_total");
        assertThat(check(metrics)).isEqualTo(new Verdict(0, ""));
    }

    private static String metrics(Container container) throws IOException {
        return Ground.send(container, Ground.request(container, "GET", "/metrics"))
                .text();
    }

    /** Shows that the check above can fail. */
    @Test
    void findsWhatIsWrong() throws Exception {
        assumeTrue(program().isPresent(), "skipped: needs the program " + PROGRAM);
        assertThat(check("# TYPE a counter\na{b=\"c} 1\n").code()).isNotZero();
    }

    private static Verdict check(String metrics) throws IOException, InterruptedException {
        var process = new ProcessBuilder(program().orElseThrow().toString(), "check", "metrics")
                .redirectErrorStream(true)
                .start();
        try (var in = process.getInputStream()) {
            try (var out = process.getOutputStream()) {
                out.write(metrics.getBytes(StandardCharsets.UTF_8));
            }
            var text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            return new Verdict(process.exitValue(), text.strip());
        } finally {
            process.destroyForcibly();
        }
    }

    private static Optional<Path> program() {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(folder -> Path.of(folder, PROGRAM))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
