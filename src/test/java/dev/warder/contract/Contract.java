package dev.warder.contract;

import dev.warder.testkit.Container;
import dev.warder.testkit.Deployment;
import dev.warder.testkit.LogCapture;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RunningContainers;
import dev.warder.testkit.ScriptedUpstream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * Ground that every contract stands on: a scripted upstream, the log of the whole virtual machine, and secrets that no log
 * may hold. The secrets are assembled here, so that no source holds a token.
 */
@OnChosenContainer
abstract class Contract {
    /** A managed key as the API makes them. */
    static final String MANAGED_KEY = "sk-" + "ant-api03-" + "managed0".repeat(5);

    /** The shared access token. */
    static final String ACCESS_TOKEN = "shared-" + "access0".repeat(4);

    /** An API key of a client's own. */
    static final String OWN_KEY = "sk-" + "ant-api03-" + "clients0".repeat(5);

    /** An OAuth token of a client's own. */
    static final String OWN_OAUTH = "sk-" + "ant-oat01-" + "clients1".repeat(5);

    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    /** The upstream that {@link #deployment} points to. */
    ScriptedUpstream upstream;

    /** What was logged since the test began. */
    LogCapture log;

    /** Starts the containers of this contract. */
    Container.Starter starter() {
        return ChosenContainer.starter();
    }

    @BeforeEach
    final void begin() throws IOException {
        log = closing(LogCapture.start().plant(MANAGED_KEY, ACCESS_TOKEN, OWN_KEY, OWN_OAUTH));
        upstream = closing(newUpstream());
    }

    @AfterEach
    final void end() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }

    /** The upstream of each test, as new; a contract that counts its connections or closes it has one of its own. */
    ScriptedUpstream newUpstream() throws IOException {
        return ScriptedUpstream.shared();
    }

    /** The built WAR with the files of {@code conf/}: one shared access token, one managed key. */
    final Deployment deployment() {
        return Deployment.builtWar().withConf(upstream.uri().toString(), MANAGED_KEY, ACCESS_TOKEN);
    }

    /** Deploys until the end of the test. */
    final Container deploy(Deployment deployment) throws Exception {
        return closing(starter().start(deployment));
    }

    /** Of {@link RunningContainers}: for tests that leave it as it was. */
    final Container shared(Deployment deployment) throws Exception {
        var container = RunningContainers.of(starter(), deployment, ACCESS_TOKEN);
        closing(() -> RunningContainers.assertNothingIsLeft(container));
        return container;
    }

    /** Closes {@code resource} when the test ends, the latest first. */
    final <T extends AutoCloseable> T closing(T resource) {
        open.push(resource);
        return resource;
    }

    /** A request for a message with a valid access token in {@code x-api-key}. */
    static RawRequest message(String json) {
        return RawRequest.of("POST", "/v1/messages")
                .field("x-api-key", ACCESS_TOKEN)
                .json(json);
    }
}
