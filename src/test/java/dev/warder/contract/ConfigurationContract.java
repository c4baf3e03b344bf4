package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.Deployment;
import dev.warder.testkit.LogLine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.logging.Level;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How an operator's settings are found, and that none of them is taken when one is wrong. */
@OnEachContainer
class ConfigurationContract extends GroundContract {
    /** The Tomcat of the tests is not always one for production, and is warned of at each start. */
    private static final String TOMCAT = "Apache Tomcat/";

    private int deployments;

    @BeforeEach
    final void clearLog() {
        log.clear();
    }

    @Test
    void stopsTheDeploymentAndNamesEveryProblem() throws Exception {
        var container = deploy(ground.bare()
                .with("limits.body", "lots")
                .with("timeouts.idle", "-1s")
                .with("passthrough", "yes")
                .with("prompt.mode", "sometimes")
                .with("upstream.url", "http://api.example.com")
                .with("upstream.credentials", "primary=env:WARDER_NO_SUCH; Second=env:X; third*0=env:X; login=oauth")
                .with("clients.token", "jndi:warder/secret.token")
                .with("clients.file", "/nonexistent/clients")
                .with("clients.opne", "true")
                .with("openai.models", "gpt-*=claude-opus-5; planted")
                .with("openai.capabilities", "file:/nonexistent/rows.json")
                .with("limits.event", "1")
                .with("metrics.buckets", "1"));
        assertThat(container.deployed()).isFalse();
        only(
                problems(),
                "limits.body: ",
                "timeouts.idle: ",
                "passthrough: ",
                "prompt.mode: ",
                "upstream.url: ... https://",
                "upstream.credentials: entry 1 ... WARDER_NO_SUCH",
                "upstream.credentials: entry 2",
                "upstream.credentials: entry 3 ... weight",
                "oauth.tokenUrl: ... upstream.credentials",
                "oauth.clientId: ... upstream.credentials",
                "oauth.store: ... upstream.credentials",
                "clients.token: ... warder/secret.token",
                "clients.file: file",
                "clients.opne: unknown name ... clients.open?",
                "openai.models: entry 2",
                "openai.capabilities: file",
                "limits.event: ",
                "metrics.buckets: unknown name");
        assertThat(problems()).noneMatch(text -> text.contains("nonexistent"));
        assertThat(send(container, request(container, "GET", "/health/live")).status())
                .isIn(404, 503);
    }

    @Test
    void repeatsNoSecretThatStandsInTheWrongPlace() throws Exception {
        var container = deploy(ground.bare()
                .with("clients.token", ACCESS_TOKEN)
                .with("clients.pepper", "env:" + ACCESS_TOKEN)
                .with("clients.header", MANAGED_KEY)
                .with(
                        "upstream.credentials",
                        MANAGED_KEY + "; primary=" + MANAGED_KEY + ";" + MANAGED_KEY + "=env:HOME")
                .with("upstream.version", "file:" + MANAGED_KEY)
                .with("clients.file", ACCESS_TOKEN));
        assertThat(container.deployed()).isFalse();
        assertThat(problems()).hasSizeGreaterThanOrEqualTo(5);
        assertThat(log.leaks()).isEmpty();
    }

    @Test
    void refusesAnAccessTokenThatNoClientCouldShow() throws Exception {
        for (var token : List.of("short", OWN_KEY, "two words and more letters")) {
            log.clear();
            assertThat(deploy(ground.guarded().withSecret("clients.token", token))
                            .deployed())
                    .isFalse();
            only(problems(), "clients.token: ");
            assertThat(problems().get(0)).doesNotContain(token);
        }
    }

    @Test
    void refusesOpenAccessBesideAToken() throws Exception {
        assertThat(deploy(ground.guarded().with("clients.open", "true")).deployed())
                .isFalse();
        only(problems(), "clients.open: ... clients.token");
    }

    @Test
    void refusesABrokenFileOfTokensWithItsLine(@TempDir Path folder) throws Exception {
        var file = Files.writeString(folder.resolve("clients"), "# one\n" + ACCESS_TOKEN + "\n");
        assertThat(deploy(ground.bare().with("clients.file", file.toString())).deployed())
                .isFalse();
        only(problems(), "clients.file: ... line 2");
    }

    @Test
    void warnsOfWhatIsAllowedAndUnwise(@TempDir Path folder) throws Exception {
        var open = deploy(ground.bare()
                .with("clients.open", "true")
                .with("clients.pepper", "value:" + "pepper".repeat(4))
                .with("limits.memory", "1m"));
        assertThat(open.deployed()).isTrue();
        only(
                texts(Level.WARNING),
                "clients.open: EVERYBODY",
                "clients.pepper: ... value:",
                "clients.pepper: ... no effect",
                "limits.body: ",
                "upstream.url: ");
        log.clear();
        var drained = Files.createFile(folder.resolve("drain"));
        var unset = deploy(ground.bare().with("passthrough", "false").with("drain.file", drained.toString()));
        assertThat(unset.deployed()).isTrue();
        only(
                texts(Level.WARNING),
                "clients.token: ... 503",
                "upstream.credentials: ",
                "drain.file: ",
                "upstream.url: ");
    }

    @DisplayName("M08 JNDI, then an init-param, then a context-param, then the default")
    @Test
    void findsASettingInTheOrderOfItsSources() throws Exception {
        var war = ChangedWar.withInitParam("ProxyServlet", "upstream.version", "from-init-param");
        var plain = ground.usual();
        assertThat(version(plain)).isEqualTo("2023-06-01");
        assertThat(version(plain.with("upstream.version", "from-context-param")))
                .isEqualTo("from-context-param");
        var changed = Deployment.of(war)
                .withConf(upstream.uri().toString(), MANAGED_KEY, ACCESS_TOKEN)
                .with("upstream.version", "from-context-param");
        assertThat(version(changed)).isEqualTo("from-init-param");
        assertThat(version(changed.withJndi("warder/upstream.version", "from-jndi")))
                .isEqualTo("from-jndi");
        assertThat(version(changed.withJndi("warder/upstream.version", " "))).isEqualTo("from-init-param");
    }

    @Test
    void refusesInitParamsThatDisagreeOrAreUnknown() throws Exception {
        var one = ChangedWar.withInitParam("ProxyServlet", "upstream.version", "one");
        var two = ChangedWar.withInitParam(one, "ClientAuthFilter", "upstream.version", "two");
        var three = ChangedWar.withInitParam(two, "PromptInjectionFilter", "promt.text", "x");
        assertThat(deploy(Deployment.of(three)).deployed()).isFalse();
        only(
                problems(),
                "upstream.version: ... ProxyServlet ... ClientAuthFilter",
                "promt.text: unknown name ... prompt.text?");
    }

    private String version(Deployment deployment) throws Exception {
        var container = deploy(deployment);
        assertThat(container.deployed()).isTrue();
        ok(container, authenticated(container, "GET", "/v1/models"));
        return upstream.take().fields().first("anthropic-version").orElseThrow();
    }

    private Container deploy(Deployment deployment) throws Exception {
        return ground.container("configured-" + ++deployments, deployment);
    }

    /** These texts and no other: each begins as is said and holds the words behind the dots. */
    private static void only(List<String> texts, String... expected) {
        for (var each : expected) {
            var words = each.split(" ?\\.\\.\\. ");
            assertThat(texts)
                    .anySatisfy(text -> assertThat(text).startsWith(words[0]).contains(words));
        }
        assertThat(texts).hasSize(expected.length);
    }

    private List<String> problems() {
        return texts(Level.SEVERE).stream()
                .filter(text -> text.startsWith("Configuration: "))
                .map(text -> text.substring("Configuration: ".length()))
                .toList();
    }

    private List<String> texts(Level level) {
        return log.lines("dev.warder", level).stream()
                .map(LogLine::text)
                .filter(text -> !text.startsWith(TOMCAT))
                .toList();
    }
}
