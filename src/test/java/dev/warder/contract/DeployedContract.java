package dev.warder.contract;

import dev.warder.testkit.Container;
import dev.warder.testkit.Deployment;
import dev.warder.testkit.FieldList;
import dev.warder.testkit.Limit;
import dev.warder.testkit.LogCapture;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RawResponse;
import dev.warder.testkit.RunningContainers;
import dev.warder.testkit.ScriptedUpstream;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/**
 * Ground for contracts whose tests share one deployment. After each of them nothing may be left: no open exchange, no
 * upstream connection in use, no memory held for a body, no secret in the log.
 */
@OnChosenContainer
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class DeployedContract {
    /** For what should happen at once, on a machine that is busy. */
    static final Duration SOON = Limit.seconds(5);

    /** A streaming request's body. */
    static final String STREAMING = "{\"model\":\"claude-x\",\"max_tokens\":9,\"stream\":true}";

    ScriptedUpstream upstream;
    Container container;
    LogCapture log;

    /** Starts the containers of this contract. */
    Container.Starter starter() {
        return ChosenContainer.starter();
    }

    /** The settings of this contract. */
    Deployment configured(Deployment plain) {
        return plain;
    }

    @BeforeAll
    final void deployOnce() throws Exception {
        log = LogCapture.start()
                .level("org.apache.hc", Level.INFO)
                .plant(Contract.MANAGED_KEY, Contract.ACCESS_TOKEN, Contract.OWN_KEY);
        upstream = ScriptedUpstream.shared();
        var deployment = configured(
                Deployment.builtWar().withConf(upstream.uri().toString(), Contract.MANAGED_KEY, Contract.ACCESS_TOKEN));
        container = RunningContainers.of(starter(), deployment, Contract.ACCESS_TOKEN);
        Assertions.assertThat(container.deployed()).isTrue();
    }

    @AfterEach
    final void nothingIsLeft() throws Exception {
        RunningContainers.assertNothingIsLeft(container);
        Assertions.assertThat(log.leaks()).isEmpty();
        upstream.clear();
        log.clear();
    }

    @AfterAll
    final void undeploy() throws IOException {
        upstream.close();
        log.close();
    }

    /** A new client of the shared deployment; the test closes it. */
    final RawClient client() throws IOException {
        return RawClient.connect(container.baseUri());
    }

    /** Sends a request on a connection of its own and reads the whole answer. */
    final RawResponse exchange(RawRequest request) throws IOException {
        return RawClient.exchange(container.baseUri(), request);
    }

    /** A number of the application's MBean. */
    final long number(String attribute) {
        return ((Number) container.gateway(attribute)).longValue();
    }

    /** The access line of the exchange that answered so. */
    final String accessLine(String id) throws InterruptedException {
        return log.await("dev.warder.access", line -> line.contains("id=" + id + " "), SOON)
                .text();
    }

    /** The access line of the exchange whose response has these fields. */
    final String accessLine(FieldList response) throws InterruptedException {
        return accessLine(response.first("X-Warder-Request-Id").orElseThrow());
    }

    /** The client gets so many comments next. */
    static void comments(RawClient client, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            Assertions.assertThat(client.readEvent().orElseThrow().raw()).isEqualTo(": keep-alive\n\n");
        }
    }

    static RawRequest message(String json) {
        return Contract.message(json);
    }

    /** A request with the access token in {@code x-api-key}. */
    static RawRequest authenticated(String method, String path) {
        return RawRequest.of(method, path).field("x-api-key", Contract.ACCESS_TOKEN);
    }

    /** Waits until the condition holds, 10 s at most. */
    static void eventually(String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + SOON.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("waited " + SOON + " in vain until " + what);
            }
            pause(10);
        }
    }

    /** Lets this many milliseconds pass, for scripts that keep a pace. */
    static void pause(long millis) throws InterruptedException {
        boolean never = new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
        Assertions.assertThat(never).isFalse();
    }
}
