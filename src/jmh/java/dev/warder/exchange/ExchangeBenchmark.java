package dev.warder.exchange;

import dev.warder.auth.AccessToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A whole request for a message, from the first filter to the line in the log, with the container and the upstream in memory: an
 * access token of a file, two managed keys, and the operator's prompt. {@code -prof gc} shows what it allocates; about 1.5 KB of
 * it are the container's and the upstream's. {@link RequestObjects} lists the objects.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
public class ExchangeBenchmark {
    private static final String TEXT = "a few more words ";
    private static final String START =
            """
            event: message_start
            data: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"claude-sonnet-5","content":[],"stop_reason":null,"usage":{"input_tokens":620,"output_tokens":1}}}

            event: content_block_start
            data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

            """;
    private static final String EVENT =
            """
            event: content_block_delta
            data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":" a few more words"}}

            """;
    private static final String STOP =
            """
            event: content_block_stop
            data: {"type":"content_block_stop","index":0}

            event: message_delta
            data: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":300}}

            event: message_stop
            data: {"type":"message_stop"}

            """;
    private static final String MESSAGE =
            "{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude-sonnet-5\","
                    + "\"content\":[{\"type\":\"text\",\"text\":\"" + TEXT.repeat(22)
                    + "\"}],\"stop_reason\":\"end_turn\","
                    + "\"stop_sequence\":null,\"usage\":{\"input_tokens\":620,\"output_tokens\":90}}";

    /** As Anthropic's SDK for Python sends them. */
    private static final String REQUEST_FIELDS =
            """
            Host: warder.example.com
            Accept: application/json
            Accept-Encoding: gzip, deflate
            Connection: keep-alive
            User-Agent: Anthropic/Python 0.75.0
            Content-Type: application/json
            anthropic-version: 2023-06-01
            X-Stainless-Lang: python
            X-Stainless-Package-Version: 0.75.0
            X-Stainless-OS: Linux
            X-Stainless-Arch: x64
            X-Stainless-Runtime: CPython
            X-Stainless-Runtime-Version: 3.13.1
            x-stainless-retry-count: 0
            x-stainless-read-timeout: 600
            """;

    /** Some of those that the API sends. */
    private static final String FIELDS =
            """
            request-id: req_011CSHoEeqs5C35K2UUqR7Fy
            anthropic-organization-id: 00000000-0000-4000-8000-000000000000
            anthropic-ratelimit-requests-limit: 4000
            anthropic-ratelimit-requests-remaining: 3999
            anthropic-ratelimit-requests-reset: 2099-01-01T00:00:00Z
            anthropic-ratelimit-input-tokens-limit: 400000
            anthropic-ratelimit-input-tokens-remaining: 399000
            anthropic-ratelimit-input-tokens-reset: 2099-01-01T00:00:00Z
            anthropic-ratelimit-output-tokens-limit: 80000
            anthropic-ratelimit-output-tokens-remaining: 79000
            anthropic-ratelimit-output-tokens-reset: 2099-01-01T00:00:00Z
            Server: cloudflare
            """;

    /**
     * The events of a few words in the response, each of which arrives in a read of its own; none for a response that is one
     * document. A hundredth of the difference between the last two is the cost of an event.
     */
    @Param({"0", "10", "110"})
    public int events;

    private Path folder;
    private FakedContainer container;
    private FakedContainer.Client client;

    /** Deploys the application. */
    @Setup
    public void deploy() throws Exception {
        var log = Logger.getLogger("dev.warder.access");
        log.setUseParentHandlers(false);
        log.addHandler(new Nowhere());
        folder = Files.createTempDirectory("warder-benchmark");
        var token = AccessToken.generate(new SecureRandom());
        container = new FakedContainer(
                Map.of(
                        "upstream.url",
                        "http://127.0.0.1:9",
                        "clients.file",
                        file("clients", token.line("ci")),
                        "prompt.text",
                        "You work for Example Corp."),
                head(),
                response());
        byte[] body = body(events > 0);
        var fields = fields(REQUEST_FIELDS + "Content-Length: " + body.length + "\nx-api-key: " + token.reveal());
        client = container.new Client(fields, body, container.upstream());
    }

    private String file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content).toString();
    }

    private static byte[] body(boolean streams) {
        String start = "{\"model\":\"claude-sonnet-5\",\"max_tokens\":1024," + (streams ? "\"stream\":true," : "")
                + "\"system\":\"You are helpful.\",\"messages\":[{\"role\":\"user\",\"content\":\"";
        String end = "\"}]}";
        return (start + "w".repeat(2048 - start.length() - end.length()) + end).getBytes(StandardCharsets.US_ASCII);
    }

    private Map<String, String> head() {
        return fields(
                FIELDS + "Content-Type: " + (events > 0 ? "text/event-stream; charset=utf-8" : "application/json"));
    }

    private static Map<String, String> fields(String lines) {
        return lines.lines()
                .map(line -> line.split(": "))
                .collect(Collectors.toMap(field -> field[0], field -> field[1]));
    }

    private List<byte[]> response() {
        if (events == 0) {
            return List.of(MESSAGE.getBytes(StandardCharsets.US_ASCII));
        }
        var pieces = new ArrayList<byte[]>();
        pieces.add(START.getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; i < events; i++) {
            pieces.add(EVENT.getBytes(StandardCharsets.US_ASCII));
        }
        pieces.add(STOP.getBytes(StandardCharsets.US_ASCII));
        return pieces;
    }

    /** Undeploys it. */
    @TearDown
    public void undeploy() throws IOException {
        container.close();
        for (var name : List.of("clients", "primary", "second", "")) {
            Files.delete(folder.resolve(name));
        }
    }

    @Benchmark
    public int exchange() throws Exception {
        return client.exchange();
    }

    /** Formats lines as {@code java -jar} does, and drops them. */
    private static final class Nowhere extends Handler {
        private final Formatter formatter;

        Nowhere() throws ReflectiveOperationException {
            var constructor =
                    Class.forName("dev.warder.standalone.LineFormatter").getDeclaredConstructor();
            constructor.setAccessible(true);
            formatter = (Formatter) constructor.newInstance();
        }

        @Override
        public void publish(LogRecord line) {
            formatter.format(line);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
