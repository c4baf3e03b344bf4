package dev.warder.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.warder.cli.CommandLine.UsageException;
import dev.warder.config.Secret;
import dev.warder.json.JsonTree;
import dev.warder.testkit.ConnectProxy;
import dev.warder.testkit.FreePort;
import dev.warder.testkit.ScriptedUpstream;
import dev.warder.testkit.TestCertificate;
import dev.warder.upstream.Outbound;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands for administrators against a gateway that follows a script. */
class AdminCommandTest {
    private static final String TOKEN = "admin-" + "director".repeat(4);
    private static final String CLIENT =
            "{'type':'client','name':'ada','source':'database','revision':7,'definition':{'name':'ada','kind':'person'}}";

    private static final long SECONDS = 10;

    private final CountDownLatch printed = new CountDownLatch(1);
    private final ByteArrayOutputStream out = new ByteArrayOutputStream() {
        @Override
        public void write(byte[] bytes, int from, int count) {
            super.write(bytes, from, count);
            printed.countDown();
        }
    };
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final ScriptedUpstream gateway;
    private InputStream in = InputStream.nullInputStream();

    AdminCommandTest() throws IOException {
        gateway = ScriptedUpstream.plain();
        gateway.script((request, reply) -> reply.json(404, error("Nothing is served.")));
    }

    @AfterEach
    void close() throws Exception {
        assertThat(out() + err()).doesNotContain(TOKEN);
        gateway.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST", "PUT", "PATCH", "DELETE"})
    void sendsOneRequestAndPrintsItsResponseInAscii(String method) throws Exception {
        String body = "{ 'name' : 'ada',\n 'kind':'pers\u00f6n' }\n";
        next(200, body);
        assertThat(run("admin", method, "clients/a%2Fb?limit=5")).isZero();
        var sent = gateway.take();
        assertThat(sent.method() + " " + sent.target()).isEqualTo(method + " /admin/api/clients/a%2Fb?limit=5");
        assertThat(sent.fields().values("authorization")).containsExactly("Bearer " + TOKEN);
        assertThat(sent.fields().values("x-warder-administrator"))
                .containsExactly(System.getProperty("user.name").replaceAll("[^0-9A-Za-z._@-]", "?"));
        assertThat(sent.fields().values("idempotency-key")).hasSize(method.equals("POST") ? 1 : 0);
        assertThat(sent.fields().values("if-match")).isEmpty();
        assertThat(sent.text()).isEmpty();
        assertThat(out()).isEqualTo(json(body).replace("\u00f6", "\\u00f6"));
        assertThat(err()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "PATCH"})
    void sendsAFileOrTheStandardInput(String method, @TempDir Path folder) throws Exception {
        String body = "{\"external_id\": \"K\u00f6ln\"}";
        var file = Files.writeString(folder.resolve("body"), body);
        in = new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8));
        for (var from : List.of(file.toString(), "-")) {
            next(201, CLIENT);
            assertThat(run("admin", method, "clients", from)).isZero();
            var sent = gateway.take();
            assertThat(sent.text()).isEqualTo(body);
            assertThat(sent.fields().values("content-type")).containsExactly("application/json");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {"7|\"7\"", "\"7\"|\"7\"", "*|*"})
    void changesTheVersionThatWasRead(String written, String sent) throws Exception {
        for (var method : List.of("PUT", "PATCH", "DELETE")) {
            next(412, error("The object was changed."));
            assertThat(failure("admin", method, "clients/ada", "--if-match=" + written))
                    .isEqualTo("warder: admin " + method + ": The object was changed.\n");
            assertThat(gateway.take().fields().values("if-match")).containsExactly(sent);
        }
    }

    @Test
    void aPathWithASlashIsNotBelowTheApi() throws Exception {
        next(200, "{}");
        assertThat(run("admin", "GET", "/v1/organizations/spend_limits")).isZero();
        assertThat(gateway.take().target()).isEqualTo("/v1/organizations/spend_limits");
    }

    @Test
    void readsAllPagesOfTheAudit() throws Exception {
        String first =
                "{'number':1,'made_at':'2026-01-01T00:00:00Z','actor':'a\\u001b[31m','address':'','action':'create',"
                        + "'subject':'client/ada','before':'','after':'{}'}";
        for (int i = 0; i < 2; i++) {
            next(200, "{'data':[" + first + "],'next_page':'page_YQ'}");
            next(
                    200,
                    "{'data':[" + first.replace("1,", "12,").replace("a\\u001b[31m", "k\u00f6")
                            + "],'next_page':null}");
        }
        assertThat(run("audit", "list")).isZero();
        assertThat(gateway.take().target()).isEqualTo("/admin/api/audit?limit=500");
        assertThat(gateway.take().target()).isEqualTo("/admin/api/audit?limit=500&page=page_YQ");
        assertThat(out().lines().toList())
                .containsExactly(
                        "NUMBER  MADE AT               ACTOR   ADDRESS  ACTION  SUBJECT",
                        "1       2026-01-01T00:00:00Z  a?[31m  -        create  client/ada",
                        "12      2026-01-01T00:00:00Z  k\u00f6      -        create  client/ada");
        out.reset();
        assertThat(run("audit", "list", "--json")).isZero();
        assertThat(JsonTree.parse(out()).orElseThrow().asJsonArray()).hasSize(2);
        assertThat(out()).contains("k\\u00f6").doesNotContain("before");
    }

    @Test
    void aPageThatIsFollowedByItselfEnds() throws Exception {
        next(200, "{'data':[],'next_page':'page_YQ'}");
        next(200, "{'data':[],'next_page':'page_YQ'}");
        assertThat(failure("audit", "list")).contains("is followed by itself");
    }

    /** The key makes it safe: the gateway does a second time what it has not done, and nothing otherwise. */
    @Test
    void repeatsARequestWithItsKeyIfTheConnectionBreaks() throws Exception {
        gateway.next((request, reply) -> reply.reset());
        next(201, CLIENT);
        assertThat(run("admin", "POST", "clients")).isZero();
        var first = gateway.take();
        var second = gateway.take();
        assertThat(second.fields().values("idempotency-key"))
                .isEqualTo(first.fields().values("idempotency-key"));
        assertThat(second.text()).isEqualTo(first.text());
    }

    @ParameterizedTest
    @ValueSource(strings = {"tokens", "/admin/api/tokens"})
    void reportsThatTheTextOfANewTokenWasLost(String path) throws Exception {
        gateway.next((request, reply) -> reply.reset());
        next(201, "{'id':'t1','token':null}");
        assertThat(run("admin", "POST", path)).isEqualTo(1);
        assertThat(out()).isEqualTo(json("{'id':'t1','token':null}"));
        assertThat(err()).contains("the token's text was lost", "revoke this token and make a new one");
        next(201, "{'id':'t1','token':'text'}");
        assertThat(run("admin", "POST", path)).isZero();
    }

    @Test
    void printsNoControlsOfAText() throws Exception {
        next(200, "{'name':'a\u009b31m\u202e'}");
        assertThat(run("admin", "GET", "clients/ada")).isZero();
        assertThat(out()).isEqualTo(json("{'name':'a\\u009b31m\\u202e'}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/csv;charset=utf-8", "application/jsonl;charset=utf-8"})
    void printsAnExportAsItArrives(String type) throws Exception {
        gateway.next((request, reply) -> {
            reply.status(200).field("content-type", type).length(6);
            reply.send("k\u00f6,1\n");
        });
        assertThat(run("admin", "GET", "audit?format=csv")).isZero();
        assertThat(out()).isEqualTo("k\u00f6,1\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/csv;charset=utf-8", "application/jsonl;charset=utf-8"})
    void reportsThatAnExportBrokeOff(String type) throws Exception {
        gateway.next((request, reply) -> {
            reply.status(200).field("content-type", type).length(70);
            reply.send("k\u00f6,1\n");
            printed.await(SECONDS, TimeUnit.SECONDS);
            reply.reset();
        });
        assertThat(run("admin", "GET", "audit?format=csv")).isEqualTo(1);
        assertThat(out()).isEqualTo("k\u00f6,1\n");
        assertThat(err()).contains("what was printed is not complete");
        assertThat(gateway.requests()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"GET, false", "PATCH, true"})
    void aLateResponseLeavesOpenOnlyAChange(String method, boolean mayHaveChanged) {
        var asserted = new CountDownLatch(1);
        gateway.next((request, reply) -> asserted.await(SECONDS, TimeUnit.SECONDS));
        var connection = new AdminConnection(
                gateway.uri(), Secret.of(TOKEN), "ada", console().out(), Outbound.DIRECT, Duration.ofMillis(100));
        var late = catchThrowableOfType(
                AdminConnection.AdminException.class,
                () -> connection.send(method, "clients", Optional.empty(), Optional.empty()));
        assertThat(late.reason()).contains("no whole response from");
        assertThat(late.reason().contains("may have been made")).isEqualTo(mayHaveChanged);
        asserted.countDown();
    }

    @Test
    void repeatsNoChangeWithoutAKey() throws Exception {
        gateway.next((request, reply) -> reply.reset());
        assertThat(failure("admin", "DELETE", "clients/ada"))
                .contains("broke before the response", "look before you repeat it");
        assertThat(gateway.requests()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "401|That is not the administrator's token.|the gateway does not accept the token (That is not the administrator's token.); if it is the right one, --url may lack the context path",
                "403|It lacks admin:write.|the token may not do this: It lacks admin:write.",
                "409|client/ada exists already.|client/ada exists already.",
                "500|Internal.|Internal.",
            })
    void reportsWhatTheGatewayReports(int status, String message, String words) throws Exception {
        next(status, error(message));
        assertThat(failure("admin", "POST", "teams")).isEqualTo("warder: admin POST: " + words + "\n");
        assertThat(out()).isEmpty();
    }

    @Test
    void distinguishesAnObjectThatDoesNotExistFromAnApiThatIsNotServed() throws Exception {
        next(404, error("There is no client/ada."));
        next(200, "{'data':[],'next_page':null}");
        assertThat(failure("admin", "GET", "clients/ada")).isEqualTo("warder: admin GET: There is no client/ada.\n");
        assertThat(failure("admin", "GET", "clients/ada"))
                .contains("has no interface for administrators (Nothing is served.)")
                .contains("the gateway needs a database and admin.token");
    }

    @Test
    void reportsOtherServers() throws Exception {
        gateway.next((request, reply) -> {
            reply.status(301).field("location", "https://elsewhere.example/").length(0);
        });
        assertThat(failure("admin", "GET", "clients"))
                .contains("redirects to another address (301), which is not followed");
        for (int status : List.of(200, 502)) {
            gateway.next((request, reply) -> {
                reply.status(status)
                        .field("content-type", "text/html;charset=utf-8")
                        .length(6);
                reply.send("<html>");
            });
            assertThat(failure("admin", "GET", "clients")).contains("(" + status + ") is not one of Warder");
            assertThat(out() + err()).doesNotContain("<html>");
        }
        assertThat(gateway.requests()).hasSize(3);
    }

    @Test
    void reportsAGatewayThatIsNotReachedOrNotTrusted() throws Exception {
        assertThat(runAt("http://127.0.0.1:" + FreePort.next(), "admin", "GET", "clients"))
                .isEqualTo(1);
        assertThat(err()).contains("was not reached").doesNotContain("Exception");
        try (var stranger = ScriptedUpstream.tls(TestCertificate.shared())) {
            assertThat(runAt(stranger.uri().toString(), "admin", "GET", "clients"))
                    .isEqualTo(1);
            assertThat(err()).contains("no TLS connection to").contains("-Djavax.net.ssl.trustStore=FILE");
            assertThat(stranger.requests()).isEmpty();
        }
    }

    @Test
    void reachesAGatewayThroughAProxy(@TempDir Path folder) throws Exception {
        var certificate = TestCertificate.create(folder, "dns:gateway.test");
        try (var far = ScriptedUpstream.tls(certificate);
                var proxy = ConnectProxy.plain()) {
            far.next((request, reply) -> reply.json(200, "{}"));
            String url = ConnectProxy.renamed(far.uri(), "gateway.test").toString();
            var way = List.of("--upstream.proxy=" + proxy.url(), "--upstream.truststore=" + certificate.caPem());
            assertThat(runAt(url, "admin", "GET", "clients", way.get(0), way.get(1)))
                    .as(this::err)
                    .isZero();
            assertThat(far.take().target()).isEqualTo("/admin/api/clients");
            proxy.next("HTTP/1.1 403 Forbidden\r\n\r\n");
            assertThat(runAt(url, "admin", "GET", "clients", way.get(0), way.get(1)))
                    .isEqualTo(1);
            assertThat(err()).endsWith(url + " was not reached: the proxy of upstream.proxy returned 403 to CONNECT\n");
            assertThat(run("admin", "GET", "clients", "--upstream.proxy=http://proxy.invalid:1"))
                    .as("loopback is not proxied")
                    .isEqualTo(1);
            assertThat(gateway.requests()).isNotEmpty();
        }
    }

    @Test
    void needsAToken() throws Exception {
        var asked = CommandLine.parse("admin", "GET", "clients", "--url=" + gateway.uri());
        assertThat(catchThrowableOfType(UsageException.class, () -> oneShots().run(asked))
                        .problems())
                .containsExactly(
                        "admin.token: is not set; give a reference, such as --admin.token=env:NAME or --admin.token=file:PATH");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "admin POST clients /no/such|FILE: the file does not exist or cannot be read",
                "import|import: needs --policy.file=FILE, --clients.file=FILE or both",
                "import --policy.file=/no/such|policy.file: the file does not exist or cannot be read",
            })
    void refusesBeforeAnythingIsSent(String line, String problem) {
        assertThat(catchThrowableOfType(UsageException.class, () -> run(line.split(" ")))
                        .problems())
                .containsExactly(problem);
        assertThat(gateway.requests()).isEmpty();
    }

    @Test
    void refusesAFileWithAByteOrderMark(@TempDir Path folder) throws IOException {
        for (var option : List.of("policy.file", "clients.file")) {
            var file = Files.writeString(folder.resolve(option), "\ufeff{}");
            assertThat(catchThrowableOfType(UsageException.class, () -> run("import", "--" + option + "=" + file))
                            .problems())
                    .containsExactly(option + ": the file begins with a byte order mark");
        }
        in = new ByteArrayInputStream("\ufeff{}".getBytes(StandardCharsets.UTF_8));
        assertThat(catchThrowableOfType(UsageException.class, () -> run("admin", "POST", "clients", "-"))
                        .problems())
                .containsExactly("FILE: the file begins with a byte order mark");
        assertThat(gateway.requests()).isEmpty();
    }

    private int run(String... arguments) throws UsageException {
        return runAt(gateway.uri().toString(), arguments);
    }

    /** The messages of a command that fails. */
    private String failure(String... arguments) throws UsageException {
        err.reset();
        assertThat(run(arguments)).isEqualTo(1);
        return err();
    }

    private int runAt(String url, String... arguments) throws UsageException {
        var all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--url=" + url, "--admin.token=env:ADMIN"));
        return oneShots().run(CommandLine.parse(all.toArray(String[]::new)));
    }

    private OneShots oneShots() {
        return new OneShots(console(), Path.of("no-such-folder"), new SecureRandom());
    }

    private Console console() {
        return new Console(
                in,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                name -> Optional.of(TOKEN).filter(token -> name.equals("ADMIN")));
    }

    private void next(int status, String text) {
        gateway.next((request, reply) -> reply.json(status, json(text)));
    }

    private static String error(String message) {
        return "{\"type\":\"error\",\"error\":{\"type\":\"api_error\",\"message\":\"" + message + "\"}}";
    }

    private static String json(String text) {
        return text.contains("\"") ? text : text.replace('\'', '"');
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
