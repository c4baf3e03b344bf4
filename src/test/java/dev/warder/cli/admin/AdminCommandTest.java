package dev.warder.cli.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.warder.cli.Command;
import dev.warder.cli.CommandLine;
import dev.warder.cli.Console;
import dev.warder.cli.UsageException;
import dev.warder.cli.run.OneShots;
import dev.warder.config.Secret;
import dev.warder.json.JsonTree;
import dev.warder.testkit.FreePort;
import dev.warder.testkit.RecordedRequest;
import dev.warder.testkit.ScriptedUpstream;
import dev.warder.testkit.TestCertificate;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Commands for administrators against a gateway that follows a script. */
class AdminCommandTest {
    private static final String TOKEN = "admin-" + "director".repeat(4);
    private static final String CLIENT =
            "{'type':'client','name':'ada','source':'database','revision':7,'definition':{'name':'ada','kind':'person'}}";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final ScriptedUpstream gateway;

    AdminCommandTest() throws IOException {
        gateway = ScriptedUpstream.plain();
        gateway.script((request, reply) -> reply.json(404, error("Nothing is served.")));
    }

    @AfterEach
    void close() throws Exception {
        assertThat(out() + err()).doesNotContain(TOKEN);
        gateway.close();
    }

    @Test
    void sendsTheTokenTheNameOfThePersonAndAKey() throws Exception {
        next(201, CLIENT);
        assertThat(run("client", "create", "ada", "--kind=person", "--teams=a, b,"))
                .isZero();
        var sent = gateway.take();
        assertThat(sent.method() + " " + sent.target()).isEqualTo("POST /admin/api/clients");
        assertThat(sent.fields().values("authorization")).containsExactly("Bearer " + TOKEN);
        assertThat(sent.fields().values("x-warder-administrator"))
                .containsExactly(System.getProperty("user.name").replaceAll("[^0-9A-Za-z._@-]", "?"));
        assertThat(sent.fields().values("idempotency-key"))
                .singleElement()
                .asString()
                .hasSize(36);
        assertThat(sent.text()).isEqualTo(json("{'name':'ada','kind':'person','teams':['a','b']}"));
        assertThat(out()).isEqualTo("client/ada: created\n");
    }

    @Test
    void readsAllPages() throws Exception {
        next(200, "{'data':[{'name':'a'},{'name':'b'}],'next_page':'page_YQ'}");
        next(200, "{'data':[{'name':'c'}],'next_page':null}");
        assertThat(run("client", "list", "--search=ä b", "--json")).isZero();
        assertThat(gateway.take().target()).isEqualTo("/admin/api/clients?limit=500&search=%C3%A4+b");
        assertThat(gateway.take().target()).isEqualTo("/admin/api/clients?limit=500&search=%C3%A4+b&page=page_YQ");
        assertThat(JsonTree.parse(out()).orElseThrow().asJsonArray()).hasSize(3);
    }

    @Test
    void aPageThatIsFollowedByItselfEnds() throws Exception {
        next(200, "{'data':[],'next_page':'page_YQ'}");
        next(200, "{'data':[],'next_page':'page_YQ'}");
        assertThat(run("team", "list")).isEqualTo(1);
        assertThat(err()).contains("is followed by itself");
    }

    @Test
    void showsATableWithoutWhatATerminalObeys() throws Exception {
        next(
                200,
                "{'data':[{'name':'ada','source':'database','definition':{'kind':'person','teams':['x','y'],'external_id':'\\u001b[31m',"
                        + "'budgets':[{'amount':'5','period':'day','mode':'warn'}]}},"
                        + "{'name':'long-name','source':'policy.file','definition':{'kind':'service','budgets':'unlimited'}}],"
                        + "'next_page':null}");
        assertThat(run("client", "list")).isZero();
        assertThat(out().lines().toList())
                .containsExactly(
                        "NAME       KIND     TEAMS  BUDGETS            LIMITS  EXTERNAL ID  SOURCE       PROBLEM",
                        "ada        person   x, y   5/day (mode=warn)  -       ?[31m        database     -",
                        "long-name  service  -      unlimited          -       -            policy.file  -");
    }

    @Test
    void printsJsonInAscii() throws Exception {
        next(200, CLIENT.replace("person", "pers\u00f6n\u0085"));
        assertThat(run("client", "show", "ada", "--json")).isZero();
        assertThat(out()).contains("pers\\u00f6n\\u0085");
        assertThat(JsonTree.parseObject(out())).isPresent();
    }

    @Test
    void beginsAgainIfAnotherAdministratorWasFaster() throws Exception {
        script(200, CLIENT, "\"7\"");
        next(412, error("It was changed."));
        script(200, CLIENT.replace("'person'", "'person','budgets':[{'amount':'1','period':'day'}]"), "\"8\"");
        next(200, CLIENT);
        assertThat(run("budget", "create", "client/ada", "9/month")).isZero();
        gateway.take();
        assertThat(gateway.take().fields().values("if-match")).containsExactly("\"7\"");
        gateway.take();
        var last = gateway.take();
        assertThat(last.fields().values("if-match")).containsExactly("\"8\"");
        assertThat(last.text())
                .isEqualTo(json("{'name':'ada','kind':'person','budgets':[{'amount':'1','period':'day'},"
                        + "{'amount':'9','period':'month'}]}"));
    }

    @Test
    void stopsToBeginAgain() throws Exception {
        for (int i = 0; i < 5; i++) {
            script(200, CLIENT, "\"7\"");
            next(412, error("It was changed."));
        }
        assertThat(run("limit", "create", "client/ada", "--requests-per-minute=5"))
                .isEqualTo(1);
        assertThat(err())
                .isEqualTo("warder: limit create: other administrators have changed client/ada each time; try again\n");
        assertThat(gateway.requests()).hasSize(10);
    }

    @Test
    void changesNothingThatAFileHas() throws Exception {
        next(200, CLIENT.replace("database", "policy.file"));
        assertThat(run("client", "set", "ada", "--tags=x")).isEqualTo(1);
        assertThat(err()).contains("client/ada is in policy.file, and can only be changed there");
        assertThat(gateway.requests()).hasSize(1);
    }

    @Test
    void removesATagWithItsLastBudget() throws Exception {
        script(
                200,
                "{'source':'database','definition':{'name':'x:y','budgets':[{'amount':'1','period':'day'}]}}",
                "\"3\"");
        next(200, "{'source':'database','definition':{'name':'x:y','budgets':[{'amount':'1','period':'day'}]}}");
        assertThat(run("budget", "revoke", "tag/x:y/day", "--json")).isZero();
        assertThat(gateway.take().target()).isEqualTo("/admin/api/tags/x:y");
        var removal = gateway.take();
        assertThat(removal.method()).isEqualTo("DELETE");
        assertThat(removal.fields().values("if-match")).containsExactly("\"3\"");
        assertThat(out()).isEqualTo(json("{'owner':'tag/x:y','source':'database','budgets':null}") + "\n");
    }

    /** The key makes it safe: the gateway does a second time what it has not done, and nothing otherwise. */
    @Test
    void repeatsARequestWithItsKeyIfTheConnectionBreaks() throws Exception {
        gateway.next((request, reply) -> reply.reset());
        next(201, CLIENT);
        assertThat(run("client", "create", "ada", "--kind=person")).isZero();
        var first = gateway.take();
        var second = gateway.take();
        assertThat(second.fields().values("idempotency-key"))
                .isEqualTo(first.fields().values("idempotency-key"));
        assertThat(second.text()).isEqualTo(first.text());
    }

    @Test
    void repeatsNoChangeWithoutAKey() throws Exception {
        gateway.next((request, reply) -> reply.reset());
        assertThat(run("client", "revoke", "ada")).isEqualTo(1);
        assertThat(err()).contains("broke before the response", "look before you repeat it");
        assertThat(gateway.requests()).hasSize(1);
    }

    @Test
    void printsTheTokenAloneForAScript() throws Exception {
        String text = "wrd" + "_abcdefgh_" + "a".repeat(59);
        String created = "{'id':'abcdefgh','name':'ci','client':'build','terms':{},'token':'" + text + "'}";
        next(201, created);
        next(201, created);
        assertThat(run("token", "create", "ci", "--client=build", "--tags=x")).isZero();
        assertThat(out()).isEqualTo(text + "\n");
        assertThat(err()).isEqualTo("token abcdefgh (ci) of client/build, shown only this once; it does not expire\n");
        assertThat(gateway.take().text()).isEqualTo(json("{'name':'ci','client':'build','terms':{'tags':['x']}}"));
        out.reset();
        assertThat(run("token", "create", "ci", "--client=build", "--json")).isZero();
        assertThat(JsonTree.text(JsonTree.parseObject(out()).orElseThrow(), "token"))
                .isEqualTo(text);
    }

    @Test
    void reportsATokenWhoseTextWasLost() throws Exception {
        gateway.next((request, reply) -> reply.reset());
        next(201, "{'id':'abcdefgh','name':'ci','client':'build','terms':{},'token':null}");
        assertThat(run("token", "create", "ci", "--client=build")).isEqualTo(1);
        assertThat(out()).isEmpty();
        assertThat(err()).contains("the token abcdefgh was created, but").contains("revoke it");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "90d|2026-04-01T00:00:00Z",
                "12h|2026-01-01T12:00:00Z",
                "2027-01-31|2027-01-31T00:00:00Z",
                "2027-01-31T10:00:00+01:00|2027-01-31T10:00:00+01:00",
            })
    void readsWhenATokenExpires(String written, String sent) throws Exception {
        next(201, "{'id':'abcdefgh','terms':{},'token':'x'}");
        var asked = (Command.Administer)
                CommandLine.parse("token", "create", "ci", "--client=build", "--expires=" + written, url());
        var command = new AdminCommand(console(), "me", () -> Instant.parse("2026-01-01T00:00:00Z"));
        assertThat(command.run(asked, Secret.of(TOKEN))).isZero();
        assertThat(gateway.take().text()).contains("\"expires\":\"" + sent + "\"");
    }

    @Test
    void aNameMeansTheTokenThatIsNotRevoked() throws Exception {
        next(
                200,
                "{'data':[{'id':'a1','name':'ci','revoked_at':'2026-01-01T00:00:00Z'},{'id':'a2','name':'ci','revoked_at':null},"
                        + "{'id':'a3','name':'ci-2','revoked_at':null}],'next_page':null}");
        next(200, "{'id':'a2','name':'ci'}");
        next(200, "{'id':'a2','name':'ci'}");
        assertThat(run("token", "revoke", "ci")).isZero();
        assertThat(gateway.requests())
                .extracting(RecordedRequest::method, RecordedRequest::path)
                .last()
                .hasToString("(\"DELETE\", \"/admin/api/tokens/a2\")");
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
        assertThat(run("team", "create", "x")).isEqualTo(1);
        assertThat(err()).isEqualTo("warder: team create: " + words + "\n");
    }

    @Test
    void distinguishesAnObjectThatDoesNotExistFromAnApiThatIsNotServed() throws Exception {
        next(404, error("Nothing is served."));
        next(200, "{'data':[],'next_page':null}");
        assertThat(run("client", "show", "ada")).isEqualTo(1);
        assertThat(err()).isEqualTo("warder: client show: there is no client/ada\n");
        err.reset();
        assertThat(run("client", "show", "ada")).isEqualTo(1);
        assertThat(err())
                .contains("has no interface for administrators (Nothing is served.)")
                .contains("the gateway needs a database and admin.token");
    }

    @Test
    void reportsOtherServers() throws Exception {
        gateway.next((request, reply) -> {
            reply.status(301).field("location", "https://elsewhere.example/").length(0);
        });
        assertThat(run("client", "list")).isEqualTo(1);
        assertThat(err()).contains("redirects to another address (301), which is not followed");
        for (int status : List.of(200, 502)) {
            err.reset();
            next(status, "<html>");
            assertThat(run("client", "list")).isEqualTo(1);
            assertThat(err()).contains("(" + status + ") is not one of Warder").doesNotContain("<html>");
        }
        assertThat(gateway.requests()).hasSize(3);
    }

    @Test
    void reportsAGatewayThatIsNotReachedOrNotTrusted() throws Exception {
        assertThat(runAt("http://127.0.0.1:" + FreePort.next(), "client", "list"))
                .isEqualTo(1);
        assertThat(err()).contains("was not reached").doesNotContain("Exception");
        err.reset();
        try (var stranger = ScriptedUpstream.tls(TestCertificate.shared())) {
            assertThat(runAt(stranger.uri().toString(), "client", "list")).isEqualTo(1);
            assertThat(err()).contains("no TLS connection to").contains("-Djavax.net.ssl.trustStore=FILE");
            assertThat(stranger.requests()).isEmpty();
        }
    }

    @Test
    void needsAToken() throws Exception {
        var command = (Command.OneShot) CommandLine.parse("client", "list", url());
        assertThat(catchThrowableOfType(UsageException.class, () -> oneShots().run(command))
                        .problems())
                .containsExactly(
                        "admin.token: is not set; give a reference, such as --admin.token=env:NAME or --admin.token=file:PATH");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "budget show clients/a|budget show: OWNER is one of organization, team/NAME, client/NAME, tag/NAME, model/NAME, sessions",
                "limit show tag/a|limit show: OWNER is one of organization, team/NAME, client/NAME, model/NAME",
                "budget create sessions 5|budget create: a budget is written AMOUNT/PERIOD, such as 250/month, or unlimited",
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
        assertThat(gateway.requests()).isEmpty();
    }

    private int run(String... arguments) throws UsageException {
        return runAt(gateway.uri().toString(), arguments);
    }

    private int runAt(String url, String... arguments) throws UsageException {
        var all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--url=" + url, "--admin.token=env:ADMIN"));
        return oneShots().run((Command.OneShot) CommandLine.parse(all.toArray(String[]::new)));
    }

    private String url() {
        return "--url=" + gateway.uri();
    }

    private OneShots oneShots() {
        return new OneShots(console(), Path.of("no-such-folder"), new SecureRandom());
    }

    private Console console() {
        return new Console(
                new BufferedReader(Reader.nullReader()),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                name -> Optional.of(TOKEN).filter(token -> name.equals("ADMIN")));
    }

    private void next(int status, String text) {
        gateway.next((request, reply) -> reply.json(status, json(text)));
    }

    private void script(int status, String text, String etag) {
        gateway.next((request, reply) -> reply.field("etag", etag).json(status, json(text)));
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
