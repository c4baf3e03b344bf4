package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.TokenServer;
import java.nio.file.Files;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;

/** Workload identity: the platform's token, which changes, is exchanged for one of the upstream's. */
class FederationContract extends OAuthGroundContract {
    private static final String FIRST = "identity-token-" + "one0".repeat(6);
    private static final String SECOND = "identity-token-" + "two0".repeat(6);

    @Test
    void readsTheIdentityTokenForEachExchange() throws Exception {
        ground.log().plant(FIRST, SECOND);
        server.expiresIn("2");
        var identity = Files.writeString(folder.resolve("identity"), FIRST + "\n");
        var container = deploy(
                "federation",
                ground.guarded()
                        .with("upstream.credentials", "ci=federation")
                        .with("federation.tokenUrl", server.url().toString())
                        .with("federation.ruleId", "the-rule")
                        .with("federation.organizationId", "the-organization")
                        .with("federation.identityToken", "file:" + identity));
        var answer = ask(container);
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        var sent = ground.upstream().take();
        assertThat(server.knows(token(sent))).isTrue();
        assertThat(sent.fields().values("anthropic-beta")).containsExactly(OAUTH_BETA);
        line(Level.FINE, "[Federation] Using federated token for request " + id(answer));
        assertThat(line(Level.INFO, "id=" + id(answer))).contains(" credential=ci/federation ");
        int before = server.requests().size();
        assertThat(assertion(0)).isEqualTo(FIRST);
        Files.writeString(identity, SECOND + "\n");
        Eventually.holds(DeployedContract.SOON, () -> {
            assertThat(ask(container).status()).isEqualTo(200);
            return server.requests().size() > before;
        });
        assertThat(assertion(before)).isEqualTo(SECOND);
    }

    private String assertion(int exchange) {
        return TokenServer.members(server.requests().get(exchange)).getOrDefault("assertion", "");
    }
}
