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
                "admin",
                "PUT",
                "clients/a%20b?x=1",
                "-",
                "--if-match",
                "17",
                "--url=https://gw.example/warder/",
                "--admin.token=env:ADMIN");
        assertThat(asked.verb()).isEqualTo("PUT");
        assertThat(asked.words()).containsExactly("clients/a%20b?x=1", "-");
        assertThat(asked.options()).containsOnly(Map.entry("if-match", "\"17\""));
        assertThat(asked.url()).isEqualTo(URI.create("https://gw.example/warder"));
        assertThat(asked.settings()).containsOnly(Map.entry("admin.token", "env:ADMIN"));
        assertThat(asked).hasToString("Administer[admin PUT]");
    }

    @Test
    void isForTheUsualAddressWithoutOptions() throws UsageException {
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
        var asked = parse("import", "--clients.file=/etc/clients", "--config=" + file);
        assertThat(asked.name()).isEqualTo("import");
        assertThat(asked.settings())
                .contains(Map.entry("policy.file", "/etc/policy"), Map.entry("clients.file", "/etc/clients"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
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
            })
    void refusesInOneLine(String line, String problem) {
        assertThat(problems(line)).containsExactly(problem);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"gw", "ftp://gw", "http://", "http://u:planted@gw", "http://gw?x=1", "http://gw/#a", "http://g w"
            })
    void refusesAnAddressThatIsNone(String url) {
        assertThat(catchThrowableOfType(UsageException.class, () -> CommandLine.parse("audit", "list", "--url=" + url))
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
        assertThat(parse("audit", "list", "--url=" + url).verb()).isEqualTo("list");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://127.0.0.1.example", "http://localhost.example", "http://10.0.0.1", "http://[::2]"})
    void wantsAWordForAllOthers(String url) throws UsageException {
        assertThat(problems("audit list --url=" + url)).hasSize(1);
        assertThat(parse("audit", "list", "--plain-http", "--url=" + url).url()).isEqualTo(URI.create(url));
    }

    private static Command.Administer parse(String... arguments) throws UsageException {
        return (Command.Administer) CommandLine.parse(arguments);
    }

    private static List<String> problems(String line) {
        return catchThrowableOfType(UsageException.class, () -> CommandLine.parse(line.split(" ")))
                .problems();
    }
}
