package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.auth.AccessToken;
import dev.warder.testkit.Container;
import dev.warder.testkit.Deployment;
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
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class GroundContract extends CommonGround {
    /** An administrator's, where it is bound. */
    static final String ADMIN_TOKEN = "admin-" + "operator".repeat(4);

    /** What all tests stand on. */
    Ground ground;

    /** For files of the deployments, until the end of the class. */
    Path folder;

    @BeforeAll
    final void begin(@TempDir Path temporary) throws IOException {
        folder = temporary;
        ground = new Ground(starter());
        upstream = ground.upstream();
        log = ground.log();
        log.plant(ADMIN_TOKEN);
    }

    @BeforeEach
    final void forget() {
        upstream.clear();
    }

    /** See {@link Ground#send}. */
    static RawResponse send(Container container, RawRequest request) throws IOException {
        return Ground.send(container, request);
    }

    /** A request below the context path of the container. */
    static RawRequest request(Container container, String method, String target) {
        return Ground.request(container, method, target);
    }

    /** The same with the access token in {@code x-api-key}. */
    static RawRequest authenticated(Container container, String method, String target) {
        return request(container, method, target).field("x-api-key", ACCESS_TOKEN);
    }

    /** See {@link Ground#container}; the application must have started. */
    final Container deployed(String name, Deployment deployment) throws Exception {
        var container = ground.container(name, deployment);
        assertThat(container.deployed()).isTrue();
        return container;
    }

    /** The response, which must be 200. */
    static RawResponse ok(Container container, RawRequest request) throws IOException {
        return assertStatus(200, send(container, request));
    }

    /** The request as it came upstream; its response must be 200. */
    final RecordedRequest sent(Container container, RawRequest request) throws Exception {
        ok(container, request);
        return upstream.take();
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
        return request(container, method, target).bearer(ADMIN_TOKEN);
    }

    /** The request with a form as its content. */
    static RawRequest form(RawRequest request, String fields) {
        return request.field("Content-Type", "application/x-www-form-urlencoded")
                .body(utf8(fields));
    }

    /** The cookie that a response sets. */
    static String cookie(RawResponse answer) {
        return answer.fields().first("set-cookie").orElseThrow().replaceFirst(";.*", "");
    }

    /** Signs an administrator in, and returns the cookie. */
    static String signIn(Container container) throws IOException {
        return signIn(container, "", "");
    }

    /** The same by the page of this name, which leads to this location. */
    static String signIn(Container container, String page, String location) throws IOException {
        var next = page.isEmpty() ? "" : "next=" + page + "&";
        var form = form(request(container, "POST", "/admin/login"), next + "token=" + ADMIN_TOKEN);
        var answer = assertStatus(303, send(container, form));
        assertThat(answer.fields().first("location").orElseThrow()).endsWith(location);
        return cookie(answer);
    }

    /** A request for a message of this model. */
    static String body(String model) {
        return "{\"model\":\"" + model + "\",\"max_tokens\":9}";
    }

    /** The line of the access log. */
    final String line(RawResponse answer) throws Exception {
        var id = id(answer);
        return log.await("dev.warder.access", line -> line.contains("id=" + id + " "), SOON)
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
        assertThat(log.leaks()).isEmpty();
    }
}
