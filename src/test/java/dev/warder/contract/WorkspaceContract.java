package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RawResponse;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Rule "Workspace resources": what a workspace keeps is for tokens with the right {@code workspace} only, since all
 * clients share the managed credential and with it the workspace.
 */
class WorkspaceContract extends GroundContract {
    /** Inference, and reading models: for every client with a managed credential. */
    static final List<String> SHARED = items(
            """
            POST /v1/messages, POST /v1/v1/messages, POST /v1/messages/count_tokens, GET /v1/models, HEAD /v1/models
            GET /v1/models/claude-x, HEAD /v1/models/claude-x, POST /anthropic/v1/messages
            POST /anthropic/v1/messages/count_tokens, POST /anthropic/v1/chat/completions, GET /anthropic/v1/models
            HEAD /anthropic/v1/models/claude-x""");

    /** What a workspace keeps, and every path that is nobody's in particular. */
    static final List<String> KEPT = items(
            """
            POST /v1/messages/batches, GET /v1/messages/batches, GET /v1/messages/batches/msgbatch_1
            GET /v1/messages/batches/msgbatch_1/results, POST /v1/messages/batches/msgbatch_1/cancel
            DELETE /v1/messages/batches/msgbatch_1, GET /v1/files, POST /v1/files, GET /v1/files/file_1
            GET /v1/files/file_1/content, DELETE /v1/files/file_1, OPTIONS /v1/files, GET /v1/skills, POST /v1/skills
            GET /v1/unknown, GET /v1/models/claude-x/anything, GET /anthropic, GET /anthropic/v1/messages
            DELETE /anthropic/v1/messages, POST /anthropic/v1/models, DELETE /anthropic/v1/models/claude-x
            GET /anthropic/v1/models/claude-x/anything, POST /anthropic/v1/messages/batches
            GET /anthropic/v1/messages/batches, DELETE /anthropic/v1/files/file_1, GET /anthropic/v1/skills
            GET /anthropic/api/organizations/x, GET /anthropic/health, GET /anthropic/admin/x
            POST /anthropic/anthropic/v1/messages, GET /anthropic/anthropic/v1/models""");

    /** For the caller's own credential only, however often the prefix stands before it. */
    static final List<String> DENIED = items(
            """
            GET /v1/organizations, GET /v1/organizations/me, POST /v1/oauth/token, GET /api/oauth/usage
            GET /anthropic/v1/organizations, GET /anthropic/anthropic/v1/organizations
            GET /anthropic/anthropic/v1/v1/organizations/me
            GET /anthropic/anthropic/anthropic/anthropic/api/oauth/usage, POST /anthropic/anthropic/v1/oauth/token""");

    private final String build = token();
    private final String editor = token();
    private final String research = token();
    private Container container;

    @BeforeAll
    final void prepare() throws Exception {
        log.plant(build, editor, research);
        var file = Files.write(
                folder.resolve("clients"),
                List.of(
                        line(build, "build") + " rights=passthrough,managed,workspace",
                        line(editor, "editor"),
                        line(research, "research") + " rights=workspace,passthrough",
                        line(token(), "support") + " models=claude-*"));
        container = ground.container("workspace", ground.usual().with("clients.file", file.toString()));
    }

    @BeforeEach
    final void answerHeadWithoutABody() {
        ground.answerHeadWithoutABody();
    }

    @ParameterizedTest
    @FieldSource("SHARED")
    void servesInferenceAndModelsWithAManagedCredential(String endpoint) throws Exception {
        for (var token : List.of(build, editor, ACCESS_TOKEN)) {
            sent(request(endpoint, token), MANAGED_KEY);
        }
    }

    @ParameterizedTest
    @FieldSource("KEPT")
    void keepsTheWorkspaceForTokensWithTheRight(String endpoint) throws Exception {
        for (var token : List.of(build, ACCESS_TOKEN)) {
            sent(request(endpoint, token), MANAGED_KEY);
        }
        var answer = refused(request(endpoint, editor), 403);
        assertThat(answer.fields().values("x-should-retry")).containsExactly("false");
        assertThat(answer.text()).contains("workspace");
        sent(request(endpoint, editor).field("x-api-key", OWN_KEY), OWN_KEY);
    }

    /** Client A makes a batch; client B neither lists, reads, cancels nor deletes it, and A does. */
    @Test
    void keepsOneClientFromTheBatchesOfAnother() throws Exception {
        for (var step : items(
                """
                POST /v1/messages/batches, GET /v1/messages/batches, GET /v1/messages/batches/b/results
                POST /v1/messages/batches/b/cancel, DELETE /v1/messages/batches/b""")) {
            refused(request(step, editor), 403);
            sent(request(step, build), MANAGED_KEY);
        }
    }

    @ParameterizedTest
    @FieldSource("DENIED")
    void sendsNoManagedCredentialWhereOnlyACallersOwnMayGo(String endpoint) throws Exception {
        for (var token : List.of(build, editor, ACCESS_TOKEN)) {
            refused(request(endpoint, token), 403);
            sent(request(endpoint, token).field("x-api-key", OWN_KEY), OWN_KEY);
        }
    }

    /** The right adds to the right to use a managed credential and replaces nothing. */
    @ParameterizedTest
    @ValueSource(strings = {"GET /v1/files", "POST /v1/messages"})
    void givesNoManagedCredentialByItself(String endpoint) throws Exception {
        Answers.refused(send(container, request(endpoint, research)), 401);
    }

    @Test
    void servesEverybodyWhereItIsOpen() throws Exception {
        var open = Setup.OPEN_KEY.on(ground);
        ok(open, Endpoint.of("GET /v1/files").request(open));
    }

    @Test
    void namesTheLinesThatLostTheWorkspaceAtItsStart() throws Exception {
        var warning = log.await("dev.warder", text -> text.contains("workspace"), Duration.ofSeconds(5));
        assertThat(warning.text()).contains("clients.file", "editor").doesNotContain("build", "research", "support");
    }

    private RawRequest request(String endpoint, String token) {
        return Endpoint.of(endpoint)
                .request(container)
                .field("anthropic-version", "2023-06-01")
                .field("X-Warder-Token", token);
    }

    private void sent(RawRequest request, String key) throws Exception {
        ok(container, request);
        assertThat(upstream.take().fields().values("x-api-key")).containsExactly(key);
    }

    private RawResponse refused(RawRequest request, int status) throws Exception {
        int before = upstream.requests().size();
        var answer = send(container, request);
        assertText(status, answer).doesNotContain(build, editor, research);
        assertThat(upstream.requests()).hasSize(before);
        return answer;
    }
}
