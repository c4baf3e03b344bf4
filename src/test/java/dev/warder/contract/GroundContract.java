package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.auth.AccessToken;
import dev.warder.testkit.Container;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RawResponse;
import dev.warder.testkit.RecordedRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A contract whose tests share one {@link Ground}, of which each test finds the upstream as new. */
@OnChosenContainer
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class GroundContract {
    /** An administrator's, where it is bound. */
    static final String ADMIN_TOKEN = "admin-" + "operator".repeat(4);

    /** What all tests stand on. */
    Ground ground;

    /** For files of the deployments, until the end of the class. */
    Path folder;

    /** Starts the containers of this contract. */
    Container.Starter starter() {
        return ChosenContainer.starter();
    }

    @BeforeAll
    final void begin(@TempDir Path temporary) throws IOException {
        folder = temporary;
        ground = new Ground(starter());
        ground.log().plant(ADMIN_TOKEN);
    }

    @BeforeEach
    final void forget() {
        ground.upstream().clear();
    }

    /** The response, which must be 200. */
    static RawResponse ok(Container container, RawRequest request) throws IOException {
        var answer = Ground.send(container, request);
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        return answer;
    }

    /** The request as it came upstream; its response must be 200. */
    final RecordedRequest sent(Container container, RawRequest request) throws Exception {
        ok(container, request);
        return ground.upstream().take();
    }

    /** The usual deployment with a database in memory, and an administrator. */
    final Container administered() throws Exception {
        return ground.container(
                "administered",
                ground.usual()
                        .withDatabase("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1")
                        .withSecret("admin.token", ADMIN_TOKEN));
    }

    static RawRequest administrator(Container container, String method, String target) {
        return Ground.request(container, method, target).field("Authorization", "Bearer " + ADMIN_TOKEN);
    }

    /** A request for a message of this model. */
    static String body(String model) {
        return "{\"model\":\"" + model + "\",\"max_tokens\":9}";
    }

    /** The line of the access log. */
    final String line(RawResponse answer) throws Exception {
        var id = Completions.id(answer);
        return ground.log()
                .await("dev.warder.access", line -> line.contains("id=" + id + " "), DeployedContract.SOON)
                .text();
    }

    /** A new access token. */
    static String token() {
        return AccessToken.generate(new SecureRandom()).reveal();
    }

    /** The line of {@code clients.file} for this token. */
    static String line(String token, String name) {
        return AccessToken.parse(token).orElseThrow().line(name);
    }

    @AfterEach
    final void eachRequestHasEnded() throws InterruptedException {
        ground.nothingIsLeft();
    }

    @AfterAll
    final void end() throws IOException {
        ground.close();
        assertThat(ground.log().leaks()).isEmpty();
    }
}
