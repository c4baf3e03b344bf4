package dev.warder.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdminOptionsTest {
    @Test
    void isParsedWithWordsOptionsAndSettings() throws UsageException {
        var asked = parse(
                "client",
                "set",
                "ada",
                "--teams=",
                "--external-id",
                "id 7",
                "--json",
                "--url=https://gw.example/warder/",
                "--admin.token=env:ADMIN");
        assertThat(asked.form().name()).isEqualTo("client set");
        assertThat(asked.words()).containsExactly("ada");
        assertThat(asked.options()).containsOnly(Map.entry("teams", ""), Map.entry("external-id", "id 7"));
        assertThat(asked.url()).isEqualTo(URI.create("https://gw.example/warder"));
        assertThat(asked.json()).isTrue();
        assertThat(asked.settings()).containsOnly(Map.entry("admin.token", "env:ADMIN"));
        assertThat(asked).hasToString("Administer[client set]");
    }

    @Test
    void isForTheUsualAddressWithoutOptions() throws UsageException {
        var asked = parse("audit", "list");
        assertThat(asked.url()).isEqualTo(URI.create("http://127.0.0.1:8080"));
        assertThat(asked.json()).isFalse();
        assertThat(asked.words()).isEmpty();
    }

    @Test
    void takesTheFilesToImportFromTheConfigurationToo(@TempDir Path folder) throws IOException, UsageException {
        var file = Files.writeString(
                folder.resolve("warder.properties"), "policy.file=/etc/policy\nadmin.token=env:A\nlimits.body=1m\n");
        var asked = parse("import", "--clients.file=/etc/clients", "--config=" + file);
        assertThat(asked.form().name()).isEqualTo("import");
        assertThat(asked.settings())
                .contains(Map.entry("policy.file", "/etc/policy"), Map.entry("clients.file", "/etc/clients"));
    }

    /** The five verbs are verbs; any other word is still the name of a client that needs a line for the file. */
    @Test
    void aTokenForTheFileIsStillMade() throws UsageException {
        assertThat(CommandLine.parse("token", "build")).isEqualTo(new Command.NewToken("build", ""));
        assertThat(CommandLine.parse("token", "listing")).isEqualTo(new Command.NewToken("listing", ""));
        for (var verb : List.of("list", "show x", "create x --client=c", "set x --tags=t", "revoke x")) {
            assertThat(parse(("token " + verb).split(" ")).form().noun()).isEqualTo("token");
        }
        assertThat(problems("token build again"))
                .containsExactly("token: needs one name, that of the client: token NAME");
        assertThat(problems("token build --client=c"))
                .containsExactly("--client: has no meaning for the command token");
        assertThat(problems("token create x --client=c --clients.pepper=env:PEPPER"))
                .containsExactly("--clients.pepper: has no meaning for the command token create");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "client|client: needs one of list, show, create, set, revoke",
                "client lst|client: needs one of list, show, create, set, revoke; did you mean list?",
                "audit show|audit: needs one of list, verify, export",
                "client show|client show: is written client show NAME, and then options",
                "client show a b|client show: is written client show NAME, and then options",
                "client list a b c d|client list: is written client list, and then options",
                "budget set client/a|'budget set: is written budget set OWNER AMOUNT/PERIOD|unlimited, and then options'",
                "import all|import: is written import, and then options",
                "client create a|client create: needs --kind=...",
                "client create a --kind=|client create: needs --kind=...",
                "token create a|token create: needs --client=...",
                "team set a|team set: needs at least one of --models, --external-id",
                "client list --kind=person|--kind: has no meaning for the command client list",
                "client set a --budgets=1/day --tags=t|--budgets: has no meaning for the command client set",
                "client list --port=80|--port: has no meaning for the command client list",
                "client list --policy.file=x|--policy.file: has no meaning for the command client list",
                "team create a --model=x|--model: unknown option; did you mean --models?",
                "limit set client/a --concurrent-requests=0|--concurrent-requests: must be a whole number from 1, or nothing to remove this limit",
                "client create a --kind=person --budgets=5|--budgets: must be AMOUNT/PERIOD, several of them separated by commas, or unlimited",
                "audit verify --head=5|--head: must be NUMBER:HASH, as audit verify has printed it",
                "client list --json=yes|--json: takes no value",
                "client list --url=http://gw.example|--url: anyone on the way could read the token without TLS; use https, or add --plain-http where the network is trusted",
            })
    void refusesInOneLine(String line, String problem) {
        assertThat(problems(line)).containsExactly(problem);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"gw", "ftp://gw", "http://", "http://u:planted@gw", "http://gw?x=1", "http://gw/#a", "http://g w"
            })
    void refusesAnAddressThatIsNone(String url) {
        assertThat(catchThrowableOfType(UsageException.class, () -> CommandLine.parse("client", "list", "--url=" + url))
                        .problems())
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
        assertThat(parse("client", "list", "--url=" + url).form().verb()).isEqualTo("list");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://127.0.0.1.example", "http://localhost.example", "http://10.0.0.1", "http://[::2]"})
    void wantsAWordForAllOthers(String url) throws UsageException {
        assertThat(problems("client list --url=" + url)).hasSize(1);
        assertThat(parse("client", "list", "--plain-http", "--url=" + url).url())
                .isEqualTo(URI.create(url));
    }

    private static Command.Administer parse(String... arguments) throws UsageException {
        return (Command.Administer) CommandLine.parse(arguments);
    }

    private static List<String> problems(String line) {
        return catchThrowableOfType(UsageException.class, () -> CommandLine.parse(line.split(" ")))
                .problems();
    }
}
