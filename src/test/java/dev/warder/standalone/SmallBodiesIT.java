package dev.warder.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.auth.AccessToken;
import dev.warder.testkit.Limit;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RawResponse;
import dev.warder.testkit.Turns;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Bodies for paths outside the proxy that together, or as trees, are larger than the heap of the built WAR. */
@Tag("turn-1")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SmallBodiesIT {
    private static final int CONNECTIONS = Turns.of(1_800, 9_500);
    private static final String HEAP = Turns.inTurn() ? "-Xmx512m" : "-Xmx64m";

    /** Each is three values; a document may have as many as 256 times fit into the heap, or two million. */
    private static final int OBJECTS = Turns.of(100_000, 1_320_000);

    private static final String PAGE = "/me";
    private static final String ADMIN_TOKEN = "admin-" + "director".repeat(4);

    /** The form was read, and has signed in. */
    private static final int SERVED = 303;

    private static final int BODY = 64 * 1024;
    private static final int SIGN_IN = 16 * 1024;
    private static final Duration DEADLINE = Limit.seconds(60);

    private final AccessToken attacker = AccessToken.generate(new SecureRandom());
    private final AccessToken other = AccessToken.generate(new SecureRandom());
    private WarderProcess warder;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("admin"), ADMIN_TOKEN);
        Files.writeString(
                folder.resolve("clients"),
                attacker.line("ada") + " rights=passthrough\n" + other.line("bob") + " rights=passthrough\n");
        Files.writeString(
                folder.resolve("policy"),
                "{\"version\": 1, \"clients\": [{\"name\": \"ada\", \"kind\": \"person\"},"
                        + " {\"name\": \"bob\", \"kind\": \"person\"}]}");
        warder = new WarderProcess(
                folder,
                List.of(HEAP, "-XX:TieredStopAtLevel=1"),
                "--admin.token=file:" + folder.resolve("admin"),
                "--port=0",
                "--data.dir=" + folder.resolve("data"),
                "--clients.file=" + folder.resolve("clients"),
                "--policy.file=" + folder.resolve("policy"),
                "--passthrough=true");
        var never = new CountDownLatch(1);
        long start = System.nanoTime();
        while (signIn(other).status() != SERVED) {
            assertThat(System.nanoTime() - start).isLessThan(DEADLINE.toNanos());
            assertThat(never.await(50, TimeUnit.MILLISECONDS)).isFalse();
        }
    }

    @AfterAll
    void stop() {
        warder.close();
    }

    /** All bodies of the client together are larger than the heap. */
    @Test
    void servesOthersWhileAClientSendsBodiesForItself() throws Exception {
        String cookie = signIn(attacker).fields().first("set-cookie").orElseThrow();
        String fields = "Cookie: " + cookie.substring(0, cookie.indexOf(';')) + "\r\n";
        servesOthersDuring(head(fields, BODY) + "a".repeat(BODY - 1));
    }

    /** Nobody is known who signs in. */
    @Test
    void servesOthersWhileStrangersSendForms() throws Exception {
        servesOthersDuring(head("", SIGN_IN) + "a".repeat(SIGN_IN - 1));
    }

    /** Each may still become as long as a form may be. */
    @Test
    void servesOthersWhileStrangersSendFormsWithoutALength() throws Exception {
        servesOthersDuring(
                head("", 1).replace("Content-Length: 1\r\n", "Transfer-Encoding: chunked\r\n") + "1\r\na\r\n");
    }

    private static String head(String fields, int length) {
        return "POST " + PAGE + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + length + "\r\n" + fields
                + "Content-Type: application/x-www-form-urlencoded\r\n\r\n";
    }

    private void servesOthersDuring(String sent) throws Exception {
        try (var flood = new HeadFloodIT.UnfinishedRequests(warder.base().getPort(), sent)) {
            for (int open = 0; open < CONNECTIONS; open += CONNECTIONS / 5) {
                flood.open(CONNECTIONS / 5);
                var reply = signIn(other);
                assertThat(reply.status()).as(reply.text()).isEqualTo(SERVED);
            }
            assertThat(warder.err()).doesNotContain("out of memory");
        }
    }

    /** The tree of such a body would take several times its size. */
    @Test
    void refusesAnImportOfTooManyValues() throws Exception {
        String values = "{\"a\":0},".repeat(OBJECTS);
        var reply = send(RawRequest.of("POST", "/admin/api/import")
                .field("authorization", "Bearer " + ADMIN_TOKEN)
                .json("{\"policy_file\":{\"x\":[" + values + "0]}}"));
        assertThat(reply.status()).as(reply.text()).isEqualTo(413);
        assertThat(signIn(other).status()).isEqualTo(SERVED);
        assertThat(warder.err()).doesNotContain("out of memory");
    }

    private RawResponse signIn(AccessToken token) throws Exception {
        return send(RawRequest.of("POST", PAGE)
                .field("content-type", "application/x-www-form-urlencoded")
                .body(("action=sign-in&token=" + token.reveal()).getBytes(StandardCharsets.US_ASCII)));
    }

    private RawResponse send(RawRequest request) throws Exception {
        try (var client = RawClient.connect(warder.base()).readTimeout((int) DEADLINE.toMillis())) {
            return client.exchange(request);
        }
    }
}
