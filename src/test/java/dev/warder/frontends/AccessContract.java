package dev.warder.frontends;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.contract.Eventually;
import dev.warder.testkit.Container;
import dev.warder.testkit.Messages;
import dev.warder.testkit.SecretWatch;
import java.net.http.HttpClient.Version;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who may call through a front end, with which credential it goes on, and what is put in front. */
abstract class AccessContract extends RigContract {
    private static final String PROMPT = "The operator says: be brief.";
    private static final String OWN_KEY = "sk-" + "ant-api03-" + "clients0".repeat(5);

    AccessContract(FrontEnd kind, Container.Starter starter) {
        super(kind, starter);
    }

    @Override
    Rig start(FrontEnd front, Container.Starter node) throws Exception {
        SecretWatch.plant(OWN_KEY);
        return Rig.start(front, node, 1, deployment -> deployment
                .withJndi("warder/prompt.text", PROMPT)
                .withDatabase("jdbc:h2:mem:frontends"));
    }

    /** The database is asked every few seconds, so that the first answers may come before it has said that it is there. */
    @ParameterizedTest
    @EnumSource(Version.class)
    void isReadyThroughItsDataSource(Version version) throws Exception {
        var caller = Caller.of(rig.uri(), version);
        Eventually.holds(
                Duration.ofSeconds(20),
                () -> caller.send(caller.plain("/health/ready")).statusCode() == 200);
        try (var body = caller.send(caller.plain("/health/ready")).body()) {
            assertThat(new String(body.readAllBytes(), StandardCharsets.UTF_8))
                    .contains("\"database\"")
                    .doesNotContain("DOWN");
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void takesTheAccessTokenAndTheManagedKeyFromJndi(Version version) throws Exception {
        var caller = Caller.of(rig.uri(), version);
        var wrong = caller.send(caller.plain("/v1/models").header("x-api-key", "wrong-" + "x".repeat(20)));
        assertThat(Caller.status(wrong)).isEqualTo(401);
        assertThat(rig.upstream().requests()).isEmpty();
        var right = caller.send(caller.get("/v1/models"));
        assertThat(right.version()).isEqualTo(version);
        assertThat(Caller.status(right)).isEqualTo(200);
        var sent = rig.upstream().take();
        assertThat(sent.fields().values("x-api-key")).containsExactly(Rig.MANAGED_KEY);
        assertThat(sent.rawHead().toLowerCase(Locale.ROOT)).doesNotContain(Rig.ACCESS_TOKEN, "forwarded");
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void passesAClientsOwnCredential(Version version) throws Exception {
        var caller = Caller.of(rig.uri(), version);
        var answer = caller.send(caller.plain("/v1/models")
                .header("X-Warder-Token", Rig.ACCESS_TOKEN)
                .header("x-api-key", OWN_KEY));
        assertThat(Caller.status(answer)).isEqualTo(200);
        assertThat(rig.upstream().take().fields().values("x-api-key")).containsExactly(OWN_KEY);
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void putsTheOperatorsPromptInFront(Version version) throws Exception {
        assertThat(Caller.status(Caller.of(rig.uri(), version).stream())).isEqualTo(200);
        assertThat(rig.upstream().take().text())
                .contains("\"system\":[{\"type\":\"text\",\"text\":" + Messages.quoted(PROMPT))
                .contains("\"max_tokens\":9");
    }
}
