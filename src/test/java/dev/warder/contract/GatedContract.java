package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.Deployment;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RawResponse;
import dev.warder.testkit.RunningContainers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.logging.Level;

/** Ground of contracts whose WAR has the gates of {@link GateListener}. */
abstract class GatedContract extends Contract {
    /** The shared WAR with the gates of {@link GateListener}, whose names are those of one test. */
    final Container gated() throws Exception {
        return shared(translating().ofWar(war()));
    }

    /** The same with other settings, for one test. */
    final Container gated(Deployment with) throws Exception {
        return deploy(with.ofWar(war()));
    }

    /** With two managed credentials, for one test. */
    final Container gatedWithTwoCredentials() throws Exception {
        return gated(Deployment.builtWar()
                .with("upstream.url", upstream.uri().toString())
                .withSecret("clients.token", ACCESS_TOKEN)
                .with("upstream.credentials", "one=jndi:warder/secret.one; two=jndi:warder/secret.two")
                .withJndi("warder/secret.one", MANAGED_KEY)
                .withJndi("warder/secret.two", OWN_KEY));
    }

    /** Also of OpenAI's dialects. */
    final Deployment translating() {
        return deployment().with("openai.models", Completions.ALIASES);
    }

    private static Path war() throws IOException {
        return ChangedWar.withListener(GateListener.class);
    }

    /** Sends a request that waits for a gate. */
    final RawClient waits(Container container, RawRequest request) throws Exception {
        log.clear();
        var client = closing(connect(container)).send(request);
        log.await(GateListener.LOG, line -> line.startsWith("waiting "), SOON);
        return client;
    }

    static void decide(Container container, String how, String name) throws Exception {
        limited(exchange(container, authenticated("GET", "/v1/models").field(how, name)));
    }

    final void released(Container container, String name) throws Exception {
        gateEvent("released " + name);
        nothingIsLeft(container);
        assertThat(gateEvents()).containsOnlyOnce("released " + name).doesNotContain("withdrawn " + name);
    }

    final void gateEvent(String event) throws InterruptedException {
        log.await(GateListener.LOG, event::equals, SOON);
    }

    final List<String> gateEvents() {
        return texts(GateListener.LOG, Level.INFO);
    }

    static void limited(RawResponse answer) {
        Answers.refused(answer, 429);
        assertThat(answer.fields().first("retry-after")).contains("7");
    }

    static void overloaded(RawResponse answer) {
        Answers.refused(answer, 503);
        assertThat(answer.fields().first("retry-after")).isPresent();
    }

    static void nothingIsLeft(Container container) throws InterruptedException {
        RunningContainers.assertNothingIsLeft(container);
    }
}
