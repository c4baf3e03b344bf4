package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.warder.json.JsonTree;
import dev.warder.testkit.Container;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What operators receive when a share of a budget is used. A message costs 0.000545 dollars. */
class NotificationContract extends PolicyGround {
    private static final byte[] KEY = "webhook-".repeat(4).getBytes(StandardCharsets.US_ASCII);
    private static final String SECRET = Base64.getEncoder().encodeToString(KEY);
    private static final String BUDGETS =
            "\"budgets\": [{\"amount\": \"0.0007\", \"period\": \"month\", \"mode\": \"shadow\"}]";

    private record Received(String id, String timestamp, String signature, String content) {
        String member(String name) {
            return JsonTree.parseObject(content).orElseThrow().getString(name);
        }
    }

    private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
    private final HttpServer receiver;
    private int deployments;
    private String database = "";

    NotificationContract() throws IOException {
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }

    @BeforeEach
    final void startReceiver() {
        log.plant(SECRET);
        database = database();
        received.clear();
        if (deployments == 0) {
            receiver.createContext("/", exchange -> {
                var fields = exchange.getRequestHeaders();
                received.add(new Received(
                        fields.getFirst("webhook-id"),
                        fields.getFirst("webhook-timestamp"),
                        fields.getFirst("webhook-signature"),
                        new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
                exchange.sendResponseHeaders(204, -1);
                exchange.close();
            });
            receiver.start();
        }
    }

    @AfterAll
    final void stopReceiver() {
        receiver.stop(0);
    }

    @Test
    void aThresholdIsSentToTheWebhook() throws Exception {
        var container = node();
        message(container);

        var message = take();
        assertThat(message.signature()).isEqualTo(signature(message));
        assertThat(message.member("budget")).isEqualTo("client/ada/month");
        assertThat(message.member("mode")).isEqualTo("shadow");
        assertThat(message.member("share")).isEqualTo("0.75");
        assertThat(message.member("amount")).isEqualTo("0.0007");
        assertThat(message.member("spent")).isEqualTo("0.000545");
        assertThat(message.member("text"))
                .startsWith("The budget of client ada for this month has reached 75 %: 0.000545 of 0.0007 US dollars");
        eventually(() -> metrics(container).contains("warder_budget_webhook_total{result=\"sent\"} 1.0"));
    }

    @Test
    void oneOfTheNodesSendsIt() throws Exception {
        var one = node();
        message(one);
        assertThat(take().member("share")).isEqualTo("0.75");
        var other = node();
        message(other);
        assertThat(take().member("share")).isEqualTo("1");

        message(one);
        eventually(() -> lines("100 % are used") == 2);

        message(other);
        assertThat(received).isEmpty();
    }

    private Container node() throws Exception {
        String file = "notified" + ++deployments;
        String tokens = "\"token_names\": [\"laptop\", \"desktop\"]";
        write(file, policy(1, CLIENTS.replace(tokens, tokens + ", " + BUDGETS)));
        var container = deployed(
                "notified" + deployments,
                governed(file)
                        .with("budget.default", "unlimited")
                        .with("metrics.open", "true")
                        .with(
                                "budget.webhook",
                                "http://127.0.0.1:" + receiver.getAddress().getPort() + "/hook")
                        .withSecret("budget.webhookKey", SECRET)
                        .withDatabase(database));
        awaitReady(container);
        return container;
    }

    private void message(Container container) throws IOException {
        upstream.next(json(
                200,
                "{\"id\":\"msg_test\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"" + MODEL
                        + "\",\"content\":[{\"type\":\"text\",\"text\":\"x\"}],\"stop_reason\":\"end_turn\","
                        + "\"stop_sequence\":null,\"usage\":{\"input_tokens\":500,\"output_tokens\":9}}"));
        ok(container, request(container, "laptop", "POST", MESSAGES).json(body(MODEL)));
    }

    private static String metrics(Container container) throws IOException {
        return send(container, request(container, "GET", "/metrics")).text();
    }

    private long lines(String text) {
        return log.lines("dev.warder.quota", Level.WARNING).stream()
                .filter(line -> line.text().contains(text))
                .count();
    }

    private Received take() throws InterruptedException {
        var next = received.poll(20, TimeUnit.SECONDS);
        assertThat(next).isNotNull();
        return next;
    }

    private static String signature(Received message) throws Exception {
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(KEY, "HmacSHA256"));
        mac.update((message.id() + "." + message.timestamp() + ".").getBytes(StandardCharsets.US_ASCII));
        return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(utf8(message.content())));
    }
}
