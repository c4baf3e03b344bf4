package dev.warder.servers;

import static dev.warder.servers.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.warder.testkit.Flood;
import dev.warder.testkit.Messages;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the WAR does on every server, deployed with the files of {@code conf/}; those with the tag {@code gate} in the gate too. */
@Tag("servers")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@ExtendWith(Results.class)
abstract class ServerContract {
    private static final Duration SILENCE = Results.silence();
    private static final int LAST = Integer.MAX_VALUE;

    private final Run run;
    private final Turn turn = new Turn();
    private ServerGround ground;
    private SilentStream silent;

    ServerContract(Run run) {
        this.run = run;
    }

    final Run run() {
        return run;
    }

    @BeforeAll
    final void start() throws Exception {
        assumeTrue(run.wanted(), "asked for by -Dservers and -Dservers.jdks");
        Results.note(run, "running");
        assumeTrue(Run.strict() || run.possible(), Results.NO_JDK);
        assertThat(run.possible())
                .as("a JDK %d: set JAVA_HOME_%d", run.jdk(), run.jdk())
                .isTrue();
        turn.take();
        ground = ServerGround.start(run);
        silent = SilentStream.begin(ground, SILENCE);
    }

    @AfterEach
    final void forget() {
        ground.upstream().clear();
    }

    @AfterAll
    final void stop() throws Exception {
        try {
            if (silent != null) {
                silent.close();
            }
            if (ground != null) {
                ground.close();
            }
        } finally {
            turn.pass();
        }
    }

    /** The database is asked every few seconds, so that the first answers may come before it has said that it is there. */
    @Test
    void isReadyThroughItsDataSource() throws Exception {
        eventually(() -> "it is ready", Duration.ofSeconds(20), () -> ground.server()
                .well("/health/ready"));
        var ready = ground.exchange(ground.plain("GET", "/health/ready"));
        assertThat(ready.text()).contains("\"database\"").doesNotContain("DOWN");
    }

    @Test
    void takesTheAccessTokenAndTheManagedKeyFromJndi() throws Exception {
        assertThat(ground.exchange(ground.plain("GET", "/v1/models").field("x-api-key", "wrong-" + "x".repeat(20)))
                        .status())
                .isEqualTo(401);
        assertThat(ground.exchange(ground.authenticated("GET", "/v1/models")).status())
                .isEqualTo(200);
        var sent = ground.upstream().take();
        assertThat(sent.fields().values("x-api-key")).containsExactly(ServerGround.MANAGED_KEY);
        assertThat(sent.rawHead()).doesNotContain(ServerGround.ACCESS_TOKEN);
    }

    @Test
    void passesAClientsOwnCredential() throws Exception {
        var request = ground.plain("GET", "/v1/models")
                .field("X-Warder-Token", ServerGround.ACCESS_TOKEN)
                .field("x-api-key", ServerGround.OWN_KEY);
        assertThat(ground.exchange(request).status()).isEqualTo(200);
        assertThat(ground.upstream().take().fields().values("x-api-key")).containsExactly(ServerGround.OWN_KEY);
    }

    @Test
    void putsTheOperatorsPromptInFront() throws Exception {
        assertThat(ground.exchange(ground.streaming()).status()).isEqualTo(200);
        assertThat(ground.upstream().take().text())
                .contains("\"system\":[{\"type\":\"text\",\"text\":" + Messages.quoted(ServerGround.PROMPT))
                .contains("\"max_tokens\":9");
    }

    /** The JSON libraries are the servers' own. */
    @Test
    void tellsChatCompletionsWholeAndAsStreams() throws Exception {
        new ChatCompletions(ground).areTold();
    }

    /** JSON-B and its JSON-P are the servers' own, where a server has them. */
    @Test
    void sendsItsDocumentsByteForByte() throws Exception {
        assertThat(ground.exchange(ground.plain("GET", "/health/live")).text())
                .isEqualTo("{\"status\":\"UP\",\"checks\":[{\"name\":\"application\",\"status\":\"UP\"}]}");
        String model = "{\"type\":\"model\",\"id\":\"x\",\"display_name\":\"X \\u00fc\\\"\"}";
        ground.upstream().next((request, reply) -> reply.json(200, model));
        assertThat(ground.exchange(ground.authenticated("GET", "/openai/v1/models/" + ChatCompletions.ALIAS))
                        .text())
                .isEqualTo("{\"id\":\"" + ChatCompletions.ALIAS + "\",\"object\":\"model\",\"created\":0,"
                        + "\"owned_by\":\"anthropic\",\"type\":\"model\",\"display_name\":\"X \u00fc\\\"\"}");
    }

    @Test
    void deliversAHundredEventsOneByOne() throws Exception {
        new PacedEvents(ground).comeOneByOne();
    }

    @Test
    void relaysAnUploadWhole() throws Exception {
        int size = 20 << 20;
        ground.upstream().keepBodies(0);
        var answer = ground.exchange(ground.authenticated("POST", "/v1/files").body(Flood.piece(0, size)));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(ground.upstream().take().crc32c()).isEqualTo(Flood.crc32c(size));
        ground.upstream().keepBodies(64 << 20);
    }

    @Test
    void holdsTheUpstreamWhileClientsDoNotRead() throws Exception {
        new SlowSides(ground).clientsThatDoNotRead();
    }

    @Test
    void holdsTheClientWhileTheUpstreamDoesNotRead() throws Exception {
        new SlowSides(ground).anUpstreamThatDoesNotRead();
    }

    @Test
    void refusesAnUploadThatHasStoppedInTheMiddle() throws Exception {
        new EarlyAnswers(ground).reachClientsThatHaveStopped();
    }

    @Test
    void endsAStreamWhoseUpstreamDiesWithOneError() throws Exception {
        new LostSides(ground).anUpstreamThatDies();
    }

    @Test
    void showsThatADownloadIsIncomplete() throws Exception {
        new LostSides(ground).anUpstreamThatDiesInADownload();
    }

    @Test
    void breaksOffADownloadOfUnknownLength() throws Exception {
        assumeTrue(
                run.server() instanceof Tomcat || run.server() instanceof Jetty,
                "only Tomcat and Jetty can break such a response off");
        new LostSides(ground).anUpstreamThatDiesInADownloadOfUnknownLength();
    }

    @Test
    void closesTheUpstreamWithinTwoSecondsOfALostClient() throws Exception {
        new LostSides(ground).clientsThatLeave();
    }

    @Test
    void waitsForStreamsWhenItStops() throws Exception {
        assumeFalse(run.server() instanceof GlassFish, "GlassFish and Payara break streams off when they stop");
        GracefulStop.letsAStreamEnd(run);
    }

    @Test
    @Order(LAST - 5)
    void movesNewRequestsToAnotherVersionBesideIt() throws Exception {
        assumeTrue(run.server() instanceof Tomcat, "only Tomcat runs two versions of an application");
        new ParallelVersions(ground).newRequestsMeetTheSecondWhileAStreamOfTheFirstGoesOn();
    }

    @Test
    @Order(LAST - 4)
    void keepsAStreamThatIsSilentForAHundredSeconds() throws Exception {
        turn.pass();
        try {
            silent.awaitEnd();
        } finally {
            turn.take();
        }
    }

    @Test
    @Order(LAST - 3)
    void keepsALoginInItsDataSource() throws Exception {
        new KeptLogin(ground).servesTheNextDeploymentToo();
    }

    @Test
    @Order(LAST - 2)
    void turnsNewRequestsAwayWhileAStreamEndsWhenItDrains() throws Exception {
        new Draining(ground).letsAStreamEndAndEndsWithARedeployment();
    }

    @Test
    @Order(LAST - 1)
    void leavesNothingBehindFiveRedeployments() throws Exception {
        new Redeployments(ground).leaveNothingBehind();
    }

    /** Last, so that all that was done before has been logged. */
    @Test
    @Order(LAST)
    void writesNoSecretAndNothingToTheConsole() {
        new Quiet(ground.server()).saysNoSecretAndNothingOnTheConsole();
    }

    /** On a server of its own, which starts while the stream of the other is silent. */
    @Test
    void refusesABadConfigurationAndNamesEveryProblem() throws Exception {
        var bad = Map.of("WARDER_UPSTREAM_URL", "http://api.example.com", "WARDER_CLIENTS_TOKEN", "short");
        try (var server = ServerProcess.start(run, bad, Map.of("limits.body", "lots"))) {
            for (var name : List.of("upstream.url", "upstream.credentials", "clients.token", "limits.body")) {
                server.awaitLog("Configuration: " + name + ": ", 1);
            }
            assertThat(server.live()).isFalse();
        }
    }
}
