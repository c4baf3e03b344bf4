package dev.warder.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.auth.Client;
import dev.warder.config.Secret;
import dev.warder.config.Sources;
import dev.warder.credential.CredentialSource;
import dev.warder.credential.ManagedCredential;
import dev.warder.credential.UpstreamCredential;
import dev.warder.testkit.TokenServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FederationSettingsTest {
    private static final FileTime SAME_TIME = FileTime.from(Instant.parse("2026-01-01T00:00:00Z"));
    private static final String FIRST = "planted-first." + "a".repeat(20);
    private static final String OTHER = "planted-other." + "b".repeat(20);

    @TempDir
    private Path folder = Path.of("");

    private Path token = folder;

    @BeforeEach
    void writeTheFirstToken() throws IOException {
        token = folder.resolve("token");
        write(FIRST);
    }

    private void write(String text) throws IOException {
        Files.writeString(token, text);
        Files.setLastModifiedTime(token, SAME_TIME);
    }

    /** The least that a workload identity needs. */
    private Sources identity() {
        return Sources.with("upstream.credentials", "ci=federation")
                .set("clients.token", "env:TOKEN")
                .env("TOKEN", "t".repeat(32))
                .set("federation.ruleId", "rule-1")
                .set("federation.organizationId", "organization-1")
                .set("federation.identityToken", "file:" + token);
    }

    private static FederationSettings federation(Sources sources) {
        return sources.read().federation().orElseThrow();
    }

    @Test
    void readsEverySetting() {
        FederationSettings federation = federation(identity()
                .set("federation.tokenUrl", "https://login.example/exchange")
                .set("federation.serviceAccountId", "account-1")
                .set("federation.workspaceId", "workspace-1"));
        assertThat(federation.tokenUrl()).isEqualTo(URI.create("https://login.example/exchange"));
        assertThat(federation.serviceAccountId()).contains("account-1");
        assertThat(federation.workspaceId()).contains("workspace-1");
    }

    @ParameterizedTest
    @CsvSource({
        "https://api.anthropic.com, https://api.anthropic.com/v1/oauth/token",
        "https://gateway.example:8443/base/, https://gateway.example:8443/base/v1/oauth/token",
        "http://127.0.0.1:9000, http://127.0.0.1:9000/v1/oauth/token"
    })
    void exchangesAtTheUpstreamUnlessToldOtherwise(String upstream, URI expected) {
        assertThat(federation(identity().set("upstream.url", upstream)).tokenUrl())
                .isEqualTo(expected);
    }

    @Test
    void asksByNameForWhatAWorkloadIdentityNeeds() {
        assertThat(Sources.with("upstream.credentials", "ci=federation").problems())
                .satisfiesExactly(
                        problem -> assertThat(problem).startsWith("federation.ruleId: is not set"),
                        problem -> assertThat(problem).startsWith("federation.organizationId: is not set"),
                        problem -> assertThat(problem).startsWith("federation.identityToken: is not set"));
    }

    @Test
    void warnsByNameOfEverySettingThatNoCredentialUses() {
        var sources = identity()
                .set("upstream.credentials", "main=env:TOKEN")
                .set("federation.tokenUrl", "https://login.example/exchange")
                .set("federation.serviceAccountId", "account-1")
                .set("federation.workspaceId", "workspace-1");
        assertThat(sources.read().federation()).isEmpty();
        assertThat(sources.warnings())
                .hasSize(6)
                .allMatch(warning -> warning.startsWith("federation."))
                .allMatch(warning ->
                        warning.endsWith(": has no effect: upstream.credentials has no entry NAME=federation"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ruleId", "organizationId", "serviceAccountId", "workspaceId"})
    void refusesIdsThatNobodyGivesOut(String name) {
        assertThat(identity().set("federation." + name, "planted id").problem())
                .startsWith("federation." + name + ": ")
                .doesNotContain("planted");
    }

    /** Kubernetes renews all files of a volume at once, by a link that points elsewhere. */
    @Test
    void followsALinkToTheTokenThatIsRenewed() throws IOException {
        Path version = Files.createDirectory(folder.resolve("..one"));
        Files.writeString(version.resolve("token"), FIRST);
        Path next = Files.createDirectory(folder.resolve("..two"));
        Files.writeString(next.resolve("token"), OTHER);
        Path data = Files.createSymbolicLink(folder.resolve("..data"), version);
        Path link = Files.createSymbolicLink(folder.resolve("identity"), data.resolve("token"));
        Secret secret = federation(identity().set("federation.identityToken", "file:" + link))
                .identityToken();
        assertThat(secret.reveal()).isEqualTo(FIRST);
        Path renewed = Files.createSymbolicLink(folder.resolve("..data_tmp"), next);
        Files.move(renewed, data, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        assertThat(secret.reveal()).isEqualTo(OTHER);
    }

    @Test
    void warnsOfAnIdentityTokenThatNobodyRenews() {
        assertThat(identity()
                        .set("federation.identityToken", "env:IDENTITY")
                        .env("IDENTITY", FIRST)
                        .warnings())
                .singleElement()
                .asString()
                .startsWith("federation.identityToken: is read once");
    }

    @Test
    void sendsNoIdentityTokenInTheClearToAnotherMachine() {
        assertThat(identity().set("federation.tokenUrl", "http://login.example").problem())
                .startsWith("federation.tokenUrl: must begin with https://");
    }

    @Nested
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
            var credential = new ManagedCredential.WorkloadIdentity("ci", 1);
            sources = TokenSources.of(
                    List.of(credential),
                    Optional.empty(),
                    Optional.of(federation),
                    Optional.empty(),
                    LoginBench.resources(time));
            source = sources.source(credential);
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
            return ((UpstreamCredential.BearerToken) LoginBench.done(source.current(Client.OPEN))).value();
        }
    }
}
