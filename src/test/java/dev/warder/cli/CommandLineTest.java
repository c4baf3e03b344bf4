package dev.warder.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.warder.config.RetiredSetting;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {
    @Test
    void servesOnLoopbackWithoutArguments() throws UsageException {
        assertThat(CommandLine.parse())
                .isEqualTo(new Command.Serve("127.0.0.1", 8080, "/", false, Map.of(), List.of()));
    }

    @Test
    void takesEveryOptionAndSetting() throws UsageException {
        assertThat(CommandLine.parse(
                        "--host=::1", "--port=0", "--context=/gw/v2", "--upstream.url=https://x.example?a=b"))
                .isEqualTo(new Command.Serve(
                        "::1", 0, "/gw/v2", false, Map.of("upstream.url", "https://x.example?a=b"), List.of()));
    }

    @Test
    void countsABlankLineOfTheFileAsUnset(@TempDir Path folder) throws IOException, UsageException {
        String file = file(folder, "limits.body=\n");
        var serve = (Command.Serve) CommandLine.parse("--limits.body=2m", "--config=" + file);
        assertThat(serve.notes()).isEmpty();
    }

    @Test
    void asksForACredentialToBeLookedAfter(@TempDir Path folder) throws IOException, UsageException {
        String file = file(folder, "limits.body=1m\n");
        var auth = (Command.Auth) CommandLine.parse("auth", "login", "main", "--config=" + file, "--passthrough=false");
        assertThat(auth.action()).isEqualTo(Command.Auth.Action.LOGIN);
        assertThat(auth.name()).contains("main");
        assertThat(auth.settings()).containsOnly(Map.entry("limits.body", "1m"), Map.entry("passthrough", "false"));
        assertThat(((Command.Auth) CommandLine.parse("auth", "status")).name()).isEmpty();
    }

    @Test
    void refusesAnUnknownActionAndOptionsOfAServer() {
        assertThat(problems("auth")).singleElement().asString().startsWith("auth: needs one of login, status");
        assertThat(problems("auth", "renew")).singleElement().asString().startsWith("auth: needs one of login");
        assertThat(problems("auth", "login", "a", "b"))
                .singleElement()
                .asString()
                .startsWith("auth: needs one of");
        assertThat(problems("auth", "status", "--port=80", "--demo"))
                .containsExactly(
                        "--demo: has no meaning for the command auth", "--port: has no meaning for the command auth");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "-h"})
    void showsTheHelpWhateverElseIsWrong(String help) throws UsageException {
        assertThat(CommandLine.parse("--port=nowhere", help)).isEqualTo(new Command.Help());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
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
            })
    void refusesInOneLine(String argument, String problem) {
        assertThat(problems(argument)).containsExactly(problem);
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
    void reportsAllProblemsAtOnce() {
        assertThat(problems("--port=x", "--demmo", "--context=x", "--port=y"))
                .extracting(problem -> problem.substring(0, problem.indexOf(':')))
                .containsExactlyInAnyOrder("--demmo", "--port", "--context", "--port");
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
        var serve = (Command.Serve)
                CommandLine.parse("--budget.grace=5", "--config=" + file(folder, "budget.wholeReplies=learned\n"));
        assertThat(serve.notes())
                .containsExactlyInAnyOrder(
                        RetiredSetting.BUDGET_GRACE.note(), RetiredSetting.BUDGET_WHOLE_REPLIES.note());
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
        assertThat(CommandLine.parse("--port", "0", "--demo", "--limits.body", "2m", "--host", "::1"))
                .isEqualTo(new Command.Serve("::1", 0, "/", true, Map.of("limits.body", "2m"), List.of()));
        assertThat(CommandLine.parse("token", "build", "--clients.pepper", "env:PEPPER"))
                .isEqualTo(new Command.NewToken("build", "env:PEPPER"));
        assertThat(problems("--port", "--demo")).containsExactly("--port: needs a value, --port=...");
        assertThat(problems("--demo", "--port")).containsExactly("--port: needs a value, --port=...");
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
        var auth = (Command.Auth) CommandLine.parse(file, "auth", "--passthrough=false", "status");
        assertThat(auth.settings()).containsOnly(Map.entry("limits.body", "1m"), Map.entry("passthrough", "false"));
        assertThat(problems(file, "auth", "status", file)).containsExactly("--config: given twice");
        assertThat(problems("--demo", "token", "build"))
                .containsExactly("--demo: has no meaning for the command token");
    }

    @Test
    void refusesWhatIsGivenTwiceWithoutItsValues() {
        assertThat(problems("--prompt.text=planted", "--prompt.text", "planted", "--demo", "--demo"))
                .containsExactly("--prompt.text: given twice", "--demo: given twice");
    }

    @Test
    void takesNoOptionForAValueAndReportsBoth() {
        assertThat(problems("--prompt.text", "--demmo"))
                .containsExactly(
                        "--prompt.text: needs a value, --prompt.text=...",
                        "--demmo: unknown option; did you mean --demo?");
    }

    /** No file that it names, no variable, no quotes, no option and no command: only blanks around it go. */
    @ParameterizedTest
    @ValueSource(strings = {"@/etc/hostname", "${sys:user.home}", "%n", "\"quoted\"", "--demo", "-h", "auth", "a=b,c"})
    void takesAValueAsItIsWritten(String value) throws UsageException {
        var serve = (Command.Serve) CommandLine.parse("--prompt.text=" + value, "--upstream.url", " auth ");
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
        assertThat(CommandLine.parse("token", "auth")).isEqualTo(new Command.NewToken("auth", ""));
        assertThat(((Command.Auth) CommandLine.parse("auth", "login", "token")).name())
                .contains("token");
        assertThat(problems("build", "token")).containsExactly("token: needs one name, that of the client: token NAME");
    }

    @Test
    void hasNoMarkThatEndsTheOptions() {
        assertThat(problems("--", "token", "build")).containsExactly("--: unknown option; --help lists all");
    }
}
