package dev.warder.servers;

import static dev.warder.servers.Patience.eventually;
import static dev.warder.servers.Patience.pause;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.warder.testkit.Flood;
import dev.warder.testkit.Limit;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawEvent;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.Reply;
import dev.warder.testkit.Script;
import dev.warder.testkit.SecretScan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
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
import org.junit.jupiter.api.io.TempDir;

/** What the WAR does on every server, deployed with the files of {@code conf/}; those with the tag {@code gate} in the gate too. */
@Tag("servers")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@ExtendWith(Results.class)
abstract class ServerContract {
    private static final Duration SILENCE = Results.silence();
    private static final int LAST = Integer.MAX_VALUE;
    private static final Duration LIMIT = Limit.seconds(10);
    private static final Duration DEPLOYMENT = Duration.ofSeconds(60);
    private static final String OTHER_PROMPT = "The second version says: be briefer.";
    private static final String DESCRIPTORS = "conf/Catalina/localhost/";
    private static final int EVENTS = 100;
    private static final int APART_MILLIS = 20;
    private static final String HALF = "half of it";
    /** What Tomcat and WildFly shall wait; Jetty's is in the files of {@code conf/}, and Open Liberty waits for 30 s. */
    private static final Map<String, String> STOP_PATIENCE =
            Map.of("WARDER_UNLOAD_DELAY", "60000", "PREPEND_JAVA_OPTS", "-Dorg.wildfly.sigterm.suspend.timeout=60");
    /** One run works at a time; one that only waits for the end of its silence lets another have its turn. */
    private static final Semaphore MACHINE = new Semaphore(1);

    private final Run run = Run.of(getClass().getSimpleName());
    private boolean works;
    private ServerGround ground;
    private SilentStream silent;

    final Run run() {
        return run;
    }

    private void work() throws InterruptedException {
        MACHINE.acquire();
        works = true;
    }

    private void letOthersWork() {
        if (works) {
            works = false;
            MACHINE.release();
        }
    }

    @BeforeAll
    final void start() throws Exception {
        assumeTrue(run.wanted(), "asked for by -Dservers and -Dservers.jdks");
        Results.note(run, "running");
        assumeTrue(Run.strict() || run.possible(), Results.NO_JDK);
        assertThat(run.possible())
                .as("a JDK %d: set JAVA_HOME_%d", run.jdk(), run.jdk())
                .isTrue();
        work();
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
            letOthersWork();
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

    /** Templates, and rows of the ledger in the DataSource. */
    @Test
    void showsPagesAndReportsOfItsDataSource() throws Exception {
        assertThat(ground.exchange(ground.streaming()).status()).isEqualTo(200);
        eventually(() -> "the request is in the ledger", LIMIT, () -> administered("/admin/panels/models.csv")
                .contains("claude-"));
        assertThat(administered("/admin/")).startsWith("<!DOCTYPE html>").contains("<main", "claude-");
        assertThat(administered("/admin/api/ledger?format=jsonl")).contains("\"model_asked\":\"claude-x\"");
    }

    private String administered(String path) {
        try {
            var answer = ground.exchange(
                    ground.plain("GET", path).field("Authorization", "Bearer " + ServerGround.ADMIN_TOKEN));
            assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
            return answer.text();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
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

    /** Events that are held back come in bunches: half of them would be late by more than the pause between two. */
    @Test
    void deliversAHundredEventsOneByOne() throws Exception {
        var written = new AtomicLongArray(EVENTS);
        ground.upstream().next((request, reply) -> {
            reply.eventStream();
            for (int i = 0; i < EVENTS; i++) {
                pause(APART_MILLIS);
                written.set(i, System.nanoTime());
                reply.chunk(Messages.delta("event " + i));
            }
            reply.chunk(Messages.end());
            reply.lastChunk();
        });
        var late = new long[EVENTS];
        try (var client = ground.client()) {
            client.send(ground.streaming()).readHead();
            for (int i = 0; i < EVENTS; i++) {
                assertThat(client.readEvent().orElseThrow().data()).contains("event " + i + "\"");
                late[i] = (System.nanoTime() - written.get(i)) / 1_000_000;
            }
            assertThat(ServerGround.rest(client)).extracting(RawEvent::name).endsWith("message_stop");
        }
        Arrays.sort(late);
        assertThat(late[EVENTS / 2]).isLessThan(APART_MILLIS);
        assertThat(late[EVENTS - 1]).isLessThan(1000);
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
    void servesOthersWhenClientsThatDoNotReadAreCut() throws Exception {
        new SlowSides(ground).clientsThatAreCut();
    }

    /** For want of a token, and for what is too large. */
    @Test
    void refusesAnUploadThatHasStoppedInTheMiddle() throws Exception {
        assertThat(statusOfPart(ground.plain("POST", "/v1/messages"), 1 << 20)).isEqualTo(401);
        assertThat(statusOfPart(ground.plain("POST", "/v1/files"), 1 << 20)).isEqualTo(401);
        assertThat(statusOfPart(ground.authenticated("POST", "/v1/messages"), 1 << 30))
                .isEqualTo(413);
    }

    private int statusOfPart(RawRequest request, int length) throws IOException {
        try (var client = ground.client().readTimeout(5000)) {
            client.send(
                    request.field("Content-Length", Integer.toString(length)).head());
            client.send(new byte[64 * 1024]);
            return client.readResponse().status();
        }
    }

    /** Or says that it closes it: a front end sends its next request through the same connection. */
    @Test
    void keepsTheConnectionOfAClientThatItRefuses() throws Exception {
        try (var client = ground.client().readTimeout(5000)) {
            for (int length : List.of(2, 90_000, 2, 90_000, 90_000, 2)) {
                client.send(ground.plain("POST", "/v1/messages")
                        .field("Content-Length", Integer.toString(length))
                        .head());
                client.send(new byte[length]);
                var response = client.readResponse();
                assertThat(response.status()).isEqualTo(401);
                if (response.fields().values("connection").contains("close")) {
                    return;
                }
            }
        }
    }

    /** The response has a length of the upstream's, which ends the input of the request on Tomcat 11. */
    @Test
    void keepsTheConnectionOfAnUploadThatIsAnsweredEarly() throws Exception {
        assumeTrue(run.server() instanceof Tomcat, "other servers may close it");
        try (var client = ground.client().readTimeout(5000)) {
            for (int i = 0; i < 20; i++) {
                ground.upstream().next(Script.atHead((request, reply) -> reply.json(200, "{}")));
                client.send(ground.authenticated("POST", "/v1/files")
                        .field("Content-Length", "90000")
                        .head());
                client.send(new byte[50_000]);
                assertThat(client.readResponse().status()).isEqualTo(200);
                client.send(new byte[40_000]);
            }
        }
    }

    @Test
    void sendsEachErrorWholeWithItsStatus(@TempDir Path folder) throws Exception {
        ErrorResponses.areWhole(run, folder);
    }

    /** The client gets what came, and one error event. */
    @Test
    void endsAStreamWhoseUpstreamDiesWithOneError() throws Exception {
        var read = new CountDownLatch(1);
        ground.upstream().next((request, reply) -> {
            reply.events(Messages.ping());
            reply.await(read);
            reply.reset();
        });
        try (var client = ground.client()) {
            client.send(ground.streaming()).readHead();
            assertThat(client.readEvent().orElseThrow().name()).isEqualTo("ping");
            read.countDown();
            assertThat(ServerGround.rest(client)).extracting(RawEvent::name).containsExactly("error");
        }
    }

    /** It has a length, and the connection is closed. */
    @Test
    void showsThatADownloadIsIncomplete() throws Exception {
        breaksOffADownload(reply -> {
            reply.field("Content-Type", "application/octet-stream").length(HALF.length() * 2L);
            reply.content(HALF.getBytes(StandardCharsets.UTF_8));
        });
    }

    @Test
    void breaksOffADownloadOfUnknownLength() throws Exception {
        assumeTrue(
                run.server() instanceof Tomcat || run.server() instanceof Jetty,
                "only Tomcat and Jetty can break such a response off");
        breaksOffADownload(reply -> {
            reply.field("Content-Type", "application/octet-stream").chunked();
            reply.chunk(HALF);
        });
    }

    private void breaksOffADownload(Half begin) throws IOException, InterruptedException {
        var read = new CountDownLatch(1);
        ground.upstream().next((request, reply) -> {
            begin.write(reply);
            reply.await(read);
            reply.reset();
        });
        try (var client = ground.client()) {
            var head = client.send(ground.authenticated("GET", "/v1/files/1/content"))
                    .readHead();
            ground.upstream().take();
            read.countDown();
            var response = client.readBody(head);
            assertThat(response.text()).isEqualTo(HALF);
            assertThat(response.truncated()).isTrue();
        }
    }

    /** The first half of a response. */
    private interface Half {
        void write(Reply reply) throws IOException;
    }

    /** Also on a connection that was used before. */
    @Test
    void closesTheUpstreamWithinTwoSecondsOfALostClient() throws Exception {
        for (int i = 0; i < 5; i++) {
            ground.upstream()
                    .next((request, reply) -> reply.messageStream("first"))
                    .next(ServerGround::endless);
            ground.exchange(ground.streaming());
            ground.upstream().take();
            var client = ground.client();
            client.send(ground.streaming()).readHead();
            assertThat(client.readEvent()).isPresent();
            var request = ground.upstream().take();
            client.reset();
            request.awaitPeerClosed(Duration.ofSeconds(2));
        }
    }

    /** Draining turns new requests away, a stop after it waits for the end of the stream, and then the server is gone. */
    @Test
    void waitsForStreamsWhenItStops() throws Exception {
        assumeFalse(run.server() instanceof GlassFish, "GlassFish and Payara break streams off when they stop");
        try (var other = ServerGround.start(run, STOP_PATIENCE);
                var client = other.client()) {
            var server = other.server();
            other.upstream().next((request, reply) -> {
                reply.eventStream();
                // A second apart: Jetty cuts such a stream by default.
                for (int i = 0; i < 8; i++) {
                    reply.chunk(Messages.ping());
                    pause(1000);
                }
                reply.chunk(Messages.end());
                reply.lastChunk();
            });
            client.send(other.streaming()).readHead();
            Files.createFile(server.drainFile());
            eventually(() -> "it drains", LIMIT, () -> !server.well("/health/ready"));
            assertThat(other.exchange(other.authenticated("GET", "/v1/models")).status())
                    .isEqualTo(503);
            server.terminate();
            assertThat(ServerGround.rest(client))
                    .extracting(RawEvent::name)
                    .hasSizeGreaterThan(8)
                    .doesNotContain("error")
                    .endsWith("message_stop");
            eventually(() -> "it has stopped", LIMIT, server::gone);
        }
    }

    /**
     * Tomcat's parallel deployment of {@code warder##2.war}: a stream of the first version goes on to its end while new
     * requests meet the second, until that is gone again.
     */
    @Test
    @Order(LAST - 5)
    void movesNewRequestsToAnotherVersionBesideIt() throws Exception {
        assumeTrue(run.server() instanceof Tomcat, "only Tomcat runs two versions of an application");
        var mayEnd = new CountDownLatch(1);
        ground.upstream().next(Script.events(Messages.ping(), mayEnd, Messages.end()));
        try (var client = ground.client()) {
            client.send(ground.streaming()).readHead();
            assertThat(client.readEvent().orElseThrow().name()).isEqualTo("ping");
            ground.upstream().take();
            deploySecond();
            eventually(() -> "the second version answers", DEPLOYMENT, () -> prompt().contains(OTHER_PROMPT));
            mayEnd.countDown();
            assertThat(ServerGround.rest(client)).extracting(RawEvent::name).endsWith("message_stop");
        }
        Files.delete(ground.server().site().folder().resolve("webapps/warder##2.war"));
        eventually(() -> "the first version answers again", DEPLOYMENT, () -> prompt().contains(ServerGround.PROMPT));
    }

    private void deploySecond() throws IOException {
        var site = ground.server().site();
        var first = Files.readString(site.folder().resolve(DESCRIPTORS + "warder.xml"));
        Files.writeString(
                site.folder().resolve(DESCRIPTORS + "warder##2.xml"), first.replace(ServerGround.PROMPT, OTHER_PROMPT));
        site.place("webapps/warder##2.war");
    }

    /** What a new request brings upstream; nothing while no version takes it. */
    private String prompt() {
        try {
            int status = ground.exchange(ground.streaming()).status();
            return status == 200 ? ground.upstream().take().text() : "";
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        } catch (InterruptedException stop) {
            throw new IllegalStateException(stop);
        }
    }

    @Test
    @Order(LAST - 4)
    void keepsAStreamThatIsSilentForAHundredSeconds() throws Exception {
        letOthersWork();
        try {
            silent.awaitEnd();
        } finally {
            work();
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
        new Redeployments(ground).letAStreamEndWhereTheNodeDrains();
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
        var server = ground.server();
        var scan = new SecretScan(ServerGround.SECRETS);
        var log = server.log();
        assertThat(log).as("Warder writes to the log files").contains("Warder is ready");
        assertThat(scan.find(log)).as("in the log files").isEmpty();
        assertThat(scan.find(server.console())).as("on the console").isEmpty();
        assertThat(server.console().lines().filter(line -> line.contains("dev.warder") && !repeated(line, log)))
                .as("lines of Warder on the console")
                .isEmpty();
    }

    /**
     * True for a line of the log that the server's own handler repeats. The further lines of a message and the frames of a
     * stack trace begin with white space; the first line of a stack trace stands in the log files as well.
     */
    private boolean repeated(String line, String log) {
        var form = ground.server().consoleLine();
        return form.isPresent()
                && (Character.isWhitespace(line.charAt(0))
                        || form.get().matcher(line).lookingAt()
                        || log.contains(line));
    }

    /** On a server of its own, which starts while the stream of the other is silent. */
    @Test
    void refusesABadConfigurationAndNamesEveryProblem() throws Exception {
        var bad = Map.of("WARDER_UPSTREAM_URL", "http://api.example.com", "WARDER_CLIENTS_TOKEN", "short");
        try (var server = ServerProcess.start(run, bad, Map.of("limits.body", "lots"), "")) {
            for (var name : List.of("upstream.url", "upstream.credentials", "clients.token", "limits.body")) {
                server.awaitLog("Configuration: " + name + ": ", 1);
            }
            assertThat(server.live()).isFalse();
        }
    }

    /** A stream in which nothing is said for a long time, held open while other tests run. One thread at a time. */
    private static final class SilentStream implements AutoCloseable {
        private final RawClient client;
        private final Duration silence;
        private final AtomicLong began;

        private final CountDownLatch over;

        private SilentStream(RawClient client, Duration silence, AtomicLong began, CountDownLatch over) {
            this.client = client;
            this.silence = silence;
            this.began = began;
            this.over = over;
        }

        /** Begins the stream and reads its beginning. */
        static SilentStream begin(ServerGround ground, Duration silence) throws IOException, InterruptedException {
            var began = new AtomicLong();
            var over = new CountDownLatch(1);
            ground.upstream().next((request, reply) -> {
                reply.eventStream();
                reply.chunk(Messages.ping());
                began.set(System.nanoTime());
                boolean early = over.await(silence.toMillis(), TimeUnit.MILLISECONDS);
                if (early) {
                    return;
                }
                reply.chunk(Messages.end());
                reply.lastChunk();
            });
            var client = ground.client().readTimeout((int) silence.toMillis() + 20_000);
            client.send(ground.streaming()).readHead();
            assertThat(client.readEvent().orElseThrow().name()).isEqualTo("ping");
            ground.upstream().take();
            return new SilentStream(client, silence, began, over);
        }

        /** Reads the end, which comes behind the silence. */
        void awaitEnd() throws IOException {
            try (client) {
                assertThat(client.readEvent().orElseThrow().name()).isEqualTo("content_block_stop");
                assertThat(System.nanoTime() - began.get()).isGreaterThanOrEqualTo(silence.toNanos());
                assertThat(client.readEvent().orElseThrow().name()).isEqualTo("message_delta");
                assertThat(client.readEvent().orElseThrow().name()).isEqualTo("message_stop");
                assertThat(client.readEvent()).isEmpty();
            }
        }

        /** Leaves, also in the middle of the silence, which ends: a server that stops would wait for the stream. */
        @Override
        public void close() throws IOException {
            over.countDown();
            client.close();
        }
    }
}
