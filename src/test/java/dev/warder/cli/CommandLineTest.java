package dev.warder.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.warder.cli.CommandLine.UsageException;
import dev.warder.config.Setting;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {
    @Test
    void servesOnLoopbackWithoutArguments() throws UsageException {
        assertThat(CommandLine.parse().command()).isEqualTo(new Command.Serve("127.0.0.1", 8080, "/", false, false));
    }

    @Test
    void takesEveryOptionAndSetting() throws UsageException {
        var asked =
                CommandLine.parse("--host=::1", "--port=0", "--context=/gw/v2", "--upstream.url=https://x.example?a=b");
        assertThat(asked.command()).isEqualTo(new Command.Serve("::1", 0, "/gw/v2", false, false));
        assertThat(asked.settings()).containsOnly(Map.entry("upstream.url", "https://x.example?a=b"));
    }

    /** A line of options with their values is read without picocli, all others by it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "--port=9000|--context=/a",
                "--demo|--warm|--host=0.0.0.0",
                "--limits.body=",
                "--clients.header= a=b  ",
                "--clients.header=--demo",
                "--clients.header=\"a\"|--upstream.url=https://x.example/é?a=b",
                "--demo|--upstream.url=x",
                "--port=a|--host=|--context=b/",
                "--port=1|--port=2",
                "--demo=yes",
                "--no.such=1",
                "--port",
                "--=1",
                "-h=1",
                "=1",
                "--demo|--demo",
                "--config=no-such-file"
            })
    void readsALineOfOptionsAsPicocliDoes(String line) {
        String[] plain = line.isEmpty() ? new String[0] : line.split("[|]");
        var byPicocli = Stream.concat(Stream.of(plain), Stream.of("--clients.open", "true"))
                .toArray(String[]::new);
        var read = Stream.concat(Stream.of(plain), Stream.of("--clients.open=true"))
                .toArray(String[]::new);
        assertThat(outcome(read)).isEqualTo(outcome(byPicocli));
    }

    private static List<?> outcome(String... arguments) {
        try {
            var asked = CommandLine.parse(arguments);
            return List.of(asked.command(), asked.settings(), asked.notes());
        } catch (UsageException refused) {
            return refused.problems();
        }
    }

    @Test
    void countsABlankLineOfTheFileAsUnset(@TempDir Path folder) throws IOException, UsageException {
        String file = file(folder, "limits.body=\n");
        assertThat(CommandLine.parse("--limits.body=2m", "--config=" + file).notes())
                .isEmpty();
    }

    @Test
    void asksForACredentialToBeLookedAfter(@TempDir Path folder) throws IOException, UsageException {
        String file = file(folder, "limits.body=1m\n");
        var asked = CommandLine.parse("auth", "login", "main", "--config=" + file, "--passthrough=false");
        assertThat(asked.command()).isEqualTo(new Command.Auth(Command.Auth.Action.LOGIN, Optional.of("main")));
        assertThat(asked.settings()).containsOnly(Map.entry("limits.body", "1m"), Map.entry("passthrough", "false"));
        assertThat(CommandLine.parse("auth", "status").command())
                .isEqualTo(new Command.Auth(Command.Auth.Action.STATUS, Optional.empty()));
    }

    @Test
    void refusesAnUnknownAction() {
        assertThat(problems("auth")).singleElement().asString().startsWith("auth: needs one of login, status");
        assertThat(problems("auth", "renew")).singleElement().asString().startsWith("auth: needs one of login");
        assertThat(problems("auth", "login", "a", "b"))
                .singleElement()
                .asString()
                .startsWith("auth: needs one of");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "-h"})
    void showsTheHelpWhateverElseIsWrong(String help) throws UsageException {
        assertThat(CommandLine.parse("--port=nowhere", help).command()).isEqualTo(new Command.Help());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "--prot=80|--prot: unknown option; did you mean --port?",
                "--Limits.Body=80|--Limits.Body: unknown option; did you mean --limits.body?",
                "--something=80|--something: unknown option; --help lists all",
                "--=80|--: unknown option; --help lists all",
                "--port|--port: needs a value, --port=...",
                "--limits.body|--limits.body: needs a value, --limits.body=...",
                "--demo=true|--demo: takes no value",
                "--port=65536|--port: must be a number from 0 (a free port) to 65535",
                "--port=-1|--port: must be a number from 0 (a free port) to 65535",
                "--port=99999999999|--port: must be a number from 0 (a free port) to 65535",
                "--host=|--host: is empty; give a name or an address, such as 127.0.0.1 or 0.0.0.0",
                "serve|the only commands are: token NAME, price MODEL, database copy, auth with login, status, validate, refresh or logout, and, for a running gateway, admin, import, audit (options begin with --)",
                "token|token: needs one name, that of the client: token NAME",
                "database|database: needs the word copy: database copy --data.dir=PATH --database.url=URL",
                "--config=/no/such/file|--config: the file does not exist or cannot be read",
                "auth status --port=80 --demo|--demo: has no meaning for the command auth && --port: has no meaning for the command auth",
                "--port --demo|--port: needs a value, --port=...",
                "--demo --port|--port: needs a value, --port=...",
                "--demo token build|--demo: has no meaning for the command token",
                "--prompt.text=planted --prompt.text planted --demo --demo|--prompt.text: given twice && --demo: given twice",
                "--prompt.text --demmo|--prompt.text: needs a value, --prompt.text=... && --demmo: unknown option; did you mean --demo?",
                "-- token build|--: unknown option; --help lists all",
                "build token|token: needs one name, that of the client: token NAME",
                "admin|admin: needs one of GET, POST, PUT, PATCH, DELETE",
                "admin PIT clients|admin: needs one of GET, POST, PUT, PATCH, DELETE; did you mean PUT?",
                "audit show|audit: needs one of list, verify, export",
                "admin GET|admin GET: is written admin GET PATH, and then options",
                "admin GET clients file|admin GET: is written admin GET PATH, and then options",
                "admin PUT clients a b|admin PUT: is written admin PUT PATH [FILE], and then options",
                "admin GET clients/a#b|admin GET: PATH has letters, digits and /?:@!$&'()*+,;=._~- only; write another character as %XX, each byte of its UTF-8",
                "import all|import: is written import, and then options",
                "admin POST clients --if-match=1|--if-match: has no meaning for the command admin POST",
                "admin PUT clients/a --if-match=x|--if-match: must be the revision of the object, such as 17, or * for any",
                "admin GET clients --json|--json: unknown option; --help lists all",
                "audit list --port=80|--port: has no meaning for the command audit list",
                "audit list --policy.file=x|--policy.file: has no meaning for the command audit list",
                "audit verify --head=5|--head: must be NUMBER:HASH, as audit verify has printed it",
                "audit list --json=yes|--json: takes no value",
                "token list|token list: is admin GET tokens here",
                "admin GET clients --url=http://gw.example|--url: anyone on the way could read the token without TLS; use https, or add --plain-http where the network is trusted",
                "price|price: needs one name, that of the model: price MODEL",
                "price m n|price: needs one name, that of the model: price MODEL",
                "price m --input=-1|--input: must be a whole number from 0 to 999999999999999",
                "price m --output=1e3|--output: must be a whole number from 0 to 999999999999999",
                "price m --tier=best|--tier: must be standard, priority or batch",
                "price m --speed=slow|--speed: must be standard or fast",
                "price m --geo=US|--geo: must be the name of a place in lower case, such as us",
                "price m --at=today|--at: must be a date such as 2026-10-07, for midnight UTC, or a time such as 2026-10-07T12:00:00Z",
                "price m --inputs=1|--inputs: unknown option; did you mean --input?",
                "price m --port=80|--port: has no meaning for the command price",
                "price m --input=1 --input=2|--input: given twice",
                "token build --input=1|--input: unknown option; --help lists all",
            })
    void refusesInOneLine(String line, String problems) {
        assertThat(problems(line.split(" "))).containsExactly(problems.split(" && "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gw", "/gw/", "//", "", "/a//b", "/a b", "/../b", "/a/..", "/.", "/a;b", "/%41"})
    void refusesAContextThatIsNoPath(String context) {
        assertThat(problems("--context=" + context))
                .singleElement()
                .asString()
                .startsWith("--context: must be / or begin with /");
    }

    @Test
    void refusesTheDemoTogetherWithAnUpstream(@TempDir Path folder) throws IOException {
        String file = file(folder, "upstream.url=https://x.example\n");
        assertThat(problems("--demo", "--config=" + file, "--upstream.version=2023-06-01"))
                .containsExactly(
                        "upstream.url: cannot be set together with --demo",
                        "upstream.version: cannot be set together with --demo");
    }

    @Test
    void refusesUnknownNamesInTheFileWithoutTheirValues(@TempDir Path folder) throws IOException {
        assertThat(problems("--config=" + file(folder, "limits.boddy=hidden\nport=80\n")))
                .containsExactly(
                        "limits.boddy: unknown name in the --config file; did you mean limits.body?",
                        "port: unknown name in the --config file; --help lists all");
    }

    @Test
    void goesOnWithSettingsThatAreGone(@TempDir Path folder) throws Exception {
        var serve = CommandLine.parse("--budget.grace=5", "--config=" + file(folder, "budget.wholeReplies=learned\n"));
        assertThat(serve.notes())
                .containsExactlyInAnyOrder(
                        Setting.Retired.BUDGET_GRACE.note(), Setting.Retired.BUDGET_WHOLE_REPLIES.note());
        assertThat(serve.settings()).isEmpty();
    }

    @Test
    void refusesAFileThatIsNotUtf8(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("latin.properties");
        Files.write(file, "prompt.text=h\u00f6flich".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(problems("--config=" + file)).containsExactly("--config: the file is not UTF-8");
    }

    @Test
    void refusesAFileThatBeginsWithAByteOrderMark(@TempDir Path folder) throws IOException {
        assertThat(problems("--config=" + file(folder, "\ufeffupstream.url=https://x.example\n")))
                .containsExactly("--config: the file begins with a byte order mark");
    }

    @Test
    void refusesAFileWithAMalformedEscape(@TempDir Path folder) throws IOException {
        assertThat(problems("--config=" + file(folder, "prompt.text=\\u12\n")))
                .containsExactly("--config: the file holds a malformed \\u escape");
    }

    private static String file(Path folder, String text) throws IOException {
        return Files.writeString(folder.resolve("warder.properties"), text).toString();
    }

    private static List<String> problems(String... arguments) {
        return catchThrowableOfType(UsageException.class, () -> CommandLine.parse(arguments))
                .problems();
    }

    @Test
    void takesAValueAsAnArgumentOfItsOwn() throws UsageException {
        var serve = CommandLine.parse("--port", "0", "--demo", "--limits.body", "2m", "--host", "::1");
        assertThat(serve.command()).isEqualTo(new Command.Serve("::1", 0, "/", true, false));
        assertThat(serve.settings()).containsOnly(Map.entry("limits.body", "2m"));
        var token = CommandLine.parse("token", "build", "--clients.pepper", "env:PEPPER");
        assertThat(token.command()).isEqualTo(new Command.NewToken("build"));
        assertThat(token.settings()).containsOnly(Map.entry("clients.pepper", "env:PEPPER"));
    }

    @ParameterizedTest
    @CsvSource({
        "--verbose,dev.warder.level=FINE",
        "--disable-bearer-passthrough,--passthrough=false",
        "--allow-bearer-passthrough,--passthrough=true",
        "auth info,auth status",
    })
    void namesTheSuccessorOfAFormerFlag(String former, String successor) {
        assertThat(problems(former.split(" ")))
                .singleElement()
                .asString()
                .startsWith(former)
                .contains(successor);
    }

    @Test
    void takesOptionsBeforeTheCommandToo(@TempDir Path folder) throws IOException, UsageException {
        var file = "--config=" + file(folder, "limits.body=1m\n");
        var auth = CommandLine.parse(file, "auth", "--passthrough=false", "status");
        assertThat(auth.settings()).containsOnly(Map.entry("limits.body", "1m"), Map.entry("passthrough", "false"));
        assertThat(problems(file, "auth", "status", file)).containsExactly("--config: given twice");
    }

    /** No file that it names, no variable, no quotes, no option and no command: only blanks around it go. */
    @ParameterizedTest
    @ValueSource(strings = {"@/etc/hostname", "${sys:user.home}", "%n", "\"quoted\"", "--demo", "-h", "auth", "a=b,c"})
    void takesAValueAsItIsWritten(String value) throws UsageException {
        var serve = CommandLine.parse("--prompt.text=" + value, "--upstream.url", " auth ");
        assertThat(serve.settings()).containsOnly(Map.entry("prompt.text", value), Map.entry("upstream.url", "auth"));
    }

    @Test
    void readsNoArgumentsFromAFile(@TempDir Path folder) throws IOException {
        var file = Files.writeString(folder.resolve("arguments"), "--demo");
        assertThat(problems("@" + file)).singleElement().asString().startsWith("the only commands are");
    }

    /** The first word that is a command is the command; after it the same words are names. */
    @Test
    void takesANameThatIsACommandToo() throws UsageException {
        assertThat(CommandLine.parse("token", "auth").command()).isEqualTo(new Command.NewToken("auth"));
        assertThat(CommandLine.parse("auth", "login", "token").command())
                .isEqualTo(new Command.Auth(Command.Auth.Action.LOGIN, Optional.of("token")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--port=x --demmo --context=x --port=y|--context --demmo --port --port",
                "price --input=x --tier=y --at=z --demo|--at --demo --input --tier price",
            })
    void reportsAllProblemsAtOnce(String line, String names) {
        assertThat(problems(line.split(" ")).stream()
                        .map(problem -> problem.substring(0, problem.indexOf(':')))
                        .sorted())
                .containsExactly(names.split(" "));
    }

    @Test
    void parsesACommandForAdministratorsWithWordsOptionsAndSettings() throws UsageException {
        var asked = CommandLine.parse(
                "admin",
                "PUT",
                "clients/a%20b?x=1",
                "-",
                "--if-match",
                "17",
                "--url=https://gw.example/warder/",
                "--admin.token=env:ADMIN");
        assertThat(asked.command())
                .isEqualTo(new Command.Administer(
                        "admin",
                        "PUT",
                        List.of("clients/a%20b?x=1", "-"),
                        Map.of("if-match", "\"17\""),
                        URI.create("https://gw.example/warder"),
                        false));
        assertThat(asked.settings()).containsOnly(Map.entry("admin.token", "env:ADMIN"));
        assertThat(asked.toString()).doesNotContain("ADMIN");
    }

    @Test
    void asksTheUsualAddressWithoutOptions() throws UsageException {
        var asked = parse("audit", "list");
        assertThat(asked.url()).isEqualTo(URI.create("http://127.0.0.1:8080"));
        assertThat(asked.json()).isFalse();
        assertThat(asked.words()).isEmpty();
        assertThat(parse("audit", "list", "--json").json()).isTrue();
    }

    @Test
    void takesTheFilesToImportFromTheConfigurationToo(@TempDir Path folder) throws IOException, UsageException {
        var file = Files.writeString(
                folder.resolve("warder.properties"), "policy.file=/etc/policy\nadmin.token=env:A\nlimits.body=1m\n");
        var asked = CommandLine.parse("import", "--clients.file=/etc/clients", "--config=" + file);
        assertThat(((Command.Administer) asked.command()).name()).isEqualTo("import");
        assertThat(asked.settings())
                .contains(Map.entry("policy.file", "/etc/policy"), Map.entry("clients.file", "/etc/clients"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"gw", "ftp://gw", "http://", "http://u:planted@gw", "http://gw?x=1", "http://gw/#a", "http://g w"
            })
    void refusesAnAddressThatIsNone(String url) {
        assertThat(problems("audit", "list", "--url=" + url))
                .singleElement()
                .asString()
                .startsWith("--url: must be the address of a gateway")
                .doesNotContain("planted");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://localhost:1",
                "HTTP://LOCALHOST",
                "http://127.9.9.9:80/ctx",
                "http://[::1]:8080",
                "https://gw.example"
            })
    void permitsAddressesWhereTheTokenIsSafe(String url) throws UsageException {
        assertThat(parse("audit", "list", "--url=" + url).verb()).isEqualTo("list");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://127.0.0.1.example", "http://localhost.example", "http://10.0.0.1", "http://[::2]"})
    void wantsAWordForAllOtherAddresses(String url) throws UsageException {
        assertThat(problems("audit", "list", "--url=" + url)).hasSize(1);
        assertThat(parse("audit", "list", "--plain-http", "--url=" + url).url()).isEqualTo(URI.create(url));
    }

    private static Command.Administer parse(String... arguments) throws UsageException {
        return (Command.Administer) CommandLine.parse(arguments).command();
    }
}
