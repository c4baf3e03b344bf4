package dev.warder.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.config.Secret;
import dev.warder.credential.CredentialSource;
import dev.warder.credential.ManagedCredential;
import dev.warder.credential.UpstreamCredential;
import dev.warder.testkit.TokenServer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FederatedIdentityTest {
    private final SettableTime time = new SettableTime();
    private final TokenServer server;
    private final TokenSources sources;
    private final CredentialSource source;

    FederatedIdentityTest() throws IOException {
        server = TokenServer.start();
        var federation = new FederationSettings(
                server.url(),
                "the rule",
                "the organization",
                Optional.of("the account"),
                Optional.of("the workspace"),
                Secret.of("an.identity.token"));
        sources = TokenSources.of(
                List.of(new ManagedCredential.WorkloadIdentity("ci", 1)),
                Optional.empty(),
                Optional.of(federation),
                (oauth, name) -> new MemoryStore(),
                LoginBench.resources(time));
        source = sources.source("ci").orElseThrow();
    }

    @AfterEach
    void end() throws IOException {
        sources.close();
        server.close();
    }

    @Test
    void exchangesAgainOnlyAtTheAgeForIt() throws Exception {
        String first = value();
        assertThat(value()).isEqualTo(first);
        time.pass(Duration.ofHours(8));
        assertThat(value()).isNotEqualTo(first);
        assertThat(server.requests()).hasSize(2);
    }

    @Test
    void takesEveryRefusalForPassing() throws Exception {
        server.next((request, reply) -> reply.json(400, "{\"error\":\"invalid_grant\"}"));
        assertThatThrownBy(this::value).hasMessageContaining("invalid_grant");
        assertThat(source.outOfUse()).isEmpty();
        time.pass(Duration.ofSeconds(1));
        assertThat(server.knows(value())).isTrue();
    }

    @Test
    void knowsNoLogin() throws Exception {
        var control = sources.controls().get(0);
        assertThatThrownBy(control::beginLogin).hasMessageContaining("workload identity");
        assertThatThrownBy(() -> LoginBench.done(control.finishLogin("code", "state")))
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining("workload identity");
        assertThatThrownBy(() -> LoginBench.done(control.logout())).hasMessageContaining("workload identity");
        var status = LoginBench.done(control.refresh());
        assertThat(status.kind()).isEqualTo("federation");
        assertThat(status.maskedToken().orElseThrow()).startsWith("sk-ant-o…");
    }

    private String value() throws Exception {
        return ((UpstreamCredential.BearerToken) LoginBench.done(source.current())).value();
    }
}
