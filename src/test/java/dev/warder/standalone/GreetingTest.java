package dev.warder.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.GatewaySettings;
import dev.warder.cli.CommandLine.UsageException;
import dev.warder.cli.Entries;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GreetingTest {
    private static final String BASE = "http://127.0.0.1:8080/gw";
    private static final String KEY = "upstream.credentials";

    @TempDir
    private Path folder = Path.of("");

    private final Map<String, String> environment = Map.of("SECRET", "s".repeat(20));

    @Test
    void showsTheTokenOfTheRunInEveryExample() throws UsageException {
        String text = text(Map.of(KEY, "main=env:SECRET"), Optional.of("TOKEN-OF-THIS-RUN"));
        assertThat(text)
                .contains(
                        "with the managed credential main.",
                        "curl -N " + BASE + "/v1/messages -H \"x-api-key: TOKEN-OF-THIS-RUN\"",
                        "\n  export ANTHROPIC_BASE_URL=" + BASE
                                + "\n  export ANTHROPIC_AUTH_TOKEN=TOKEN-OF-THIS-RUN\n  claude\n",
                        "anthropic.Anthropic(base_url=\"" + BASE + "\", api_key=\"TOKEN-OF-THIS-RUN\")",
                        "new Anthropic({ baseURL: \"" + BASE + "\", apiKey: \"TOKEN-OF-THIS-RUN\" })");
        assertThat(text.lines().filter(line -> line.contains("curl")))
                .singleElement()
                .asString()
                .endsWith("}'");
    }

    @Test
    void neverShowsAConfiguredToken() throws UsageException {
        String text = text(Map.of(KEY, "main=env:SECRET", "clients.token", "env:SECRET"), Optional.empty());
        assertThat(text)
                .contains("x-api-key: $WARDER_TOKEN", "os.environ[\"WARDER_TOKEN\"]", "process.env.WARDER_TOKEN")
                .doesNotContain(environment.get("SECRET"), "made for this run");
    }

    @Test
    void leavesTheirPlaceToTheCredentialsOfCallersWhoBringThem() throws UsageException {
        String text = text(Map.of("clients.header", "X-Gate"), Optional.of("TOKEN"));
        assertThat(text)
                .contains(
                        "Callers bring their own Anthropic API key or login (passthrough),"
                                + " with the access token in X-Gate.",
                        "-H \"x-api-key: TOKEN\" -H \"authorization: Bearer $ANTHROPIC_API_KEY\"",
                        "export ANTHROPIC_CUSTOM_HEADERS=\"X-Gate: TOKEN\"",
                        "default_headers={\"X-Gate\": \"TOKEN\"}",
                        "defaultHeaders: { \"X-Gate\": \"TOKEN\" }")
                .doesNotContain("ANTHROPIC_AUTH_TOKEN");
    }

    @Test
    void saysThatEverybodyMayCall() throws UsageException {
        String text = text(Map.of("clients.open", "true", KEY, "main=env:SECRET"), Optional.empty());
        assertThat(text)
                .contains("everybody who reaches this port may call")
                .doesNotContain("WARDER_TOKEN", "x-api-key");
    }

    @Test
    void showsNoTokenWhereOnlyCertificatesCount() throws Exception {
        var rules = Files.writeString(folder.resolve("rules"), "[{\"name\":\"ci\",\"subject\":\"CN=ci\"}]");
        var settings = Map.of("auth.certificate", "allow", "clients.certificates", "file:" + rules);
        var required = new HashMap<>(settings);
        required.putAll(Map.of("auth.certificate", "require", "clients.token", "env:SECRET"));
        for (var each : List.of(settings, required)) {
            assertThat(text(each, Optional.empty()))
                    .contains("Callers bring their own", "Callers need a client certificate of clients.certificates")
                    .doesNotContain("x-api-key", "WARDER_TOKEN", "access token");
        }
    }

    @Test
    void saysThatNothingCanGoUpstream() throws UsageException {
        assertThat(text(Map.of("passthrough", "false"), Optional.of("TOKEN")))
                .contains("but no credential is configured");
    }

    @Test
    void explainsTheDemo() throws UsageException {
        GatewaySettings config = config(Map.of(KEY, "demo=env:SECRET"));
        assertThat(Greeting.text(BASE, config, true, Optional.of("TOKEN")))
                .contains("[[thinking]]", "[[tool]]", "[[error 429]]", "[[error mid]]")
                .doesNotContain("Requests go to");
    }

    private String text(Map<String, String> settings, Optional<String> token) throws UsageException {
        return Greeting.text(BASE, config(settings), false, token);
    }

    private GatewaySettings config(Map<String, String> settings) throws UsageException {
        return new Entries(settings).check(name -> Optional.ofNullable(environment.get(name)));
    }
}
