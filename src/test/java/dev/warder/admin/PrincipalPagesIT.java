package dev.warder.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.warder.adminapi.Administration;
import dev.warder.auth.ClientCertificates;
import dev.warder.auth.ClientDirectory;
import dev.warder.auth.ClientSettings;
import dev.warder.auth.IssuedTokens;
import dev.warder.config.FileWatch;
import dev.warder.json.JsonTree;
import dev.warder.policy.AuditEntry;
import dev.warder.policy.LivePolicy;
import dev.warder.policy.PolicyFollower;
import dev.warder.policy.PolicyName;
import dev.warder.testkit.Chromium;
import dev.warder.testkit.H2Memory;
import dev.warder.testkit.PageLook;
import jakarta.json.JsonObject;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The pages of clients, teams, tokens, limits, credentials and the audit of an organization with 10,000 clients, in Chromium:
 * both colour schemes, two widths, and what axe-core finds. How long each takes to its first paint is printed, and not
 * asserted.
 */
@Tag("turn-8")
@Tag("turn-only")
class PrincipalPagesIT {
    private static final int CLIENTS = 10_000;
    private static final int TEAMS = 200;
    private static final Administration.Request REQUEST = new Administration.Request(
            new AuditEntry.Actor("admin.token (ada)", "192.0.2.1", "req_1"), Optional.empty(), Optional.empty());
    /** Each page, and its heading. */
    private static final Map<String, String> PAGES = new TreeMap<>(Map.ofEntries(
            Map.entry("clients", "Clients"),
            Map.entry("clients?find=person-0077", "Clients"),
            Map.entry("clients/person-00042", "Client person-00042"),
            Map.entry("new/client", "New client"),
            Map.entry("teams", "Teams"),
            Map.entry("teams/team-007", "Team team-007"),
            Map.entry("tokens", "Tokens"),
            Map.entry("limits", "Limits"),
            Map.entry("organization", "Organization"),
            Map.entry("models", "Models"),
            Map.entry("audit", "Audit"),
            Map.entry("credentials", "Managed credentials")));

    @RegisterExtension
    private final H2Memory h2 = new H2Memory();

    private Optional<AdminSite> site = Optional.empty();
    private Optional<Administration> change = Optional.empty();
    private String tokenId = "";

    @BeforeEach
    void start() throws Exception {
        assumeTrue(Chromium.installed(), "skipped: needs the program " + Chromium.PROGRAM);
        var administration = administration();
        change = Optional.of(administration);
        fill(administration);
        site = Optional.of(
                new AdminSite(URI.create("http://login.example/authorize"), parts -> parts.administration = change));
    }

    @AfterEach
    void stop() throws Exception {
        if (site.isPresent()) {
            site.get().stop();
        }
    }

    private Administration administration() {
        var live = LivePolicy.ofDatabase(Optional.empty());
        var issued = new IssuedTokens();
        var follower = new PolicyFollower(
                h2.database(),
                List.of(content -> issued.replace(content.tokens().values()), live::accept),
                Optional.empty());
        var settings = new ClientSettings(
                Optional.empty(), Optional.empty(), Optional.empty(), "X-Token", false, true, ClientCertificates.OFF);
        return new Administration(
                follower,
                ClientDirectory.of(settings, Optional.of(live), issued, new FileWatch(), InstantSource.system()),
                Optional.of(live),
                Optional.empty());
    }

    private static JsonObject object(String json) {
        return JsonTree.parseObject(json.replace('\'', '"')).orElseThrow();
    }

    private void fill(Administration administration) throws Exception {
        var teams = JsonTree.newArray();
        for (int i = 0; i < TEAMS; i++) {
            teams.add(object(String.format(
                    Locale.ROOT,
                    "{'name': 'team-%03d', 'external_id': 'cost center %d', 'budgets': [{'amount': '%d', 'period':"
                            + " 'month'}], 'limits': {'requests_per_minute': %d, 'input_tokens_per_minute': 4000000}}",
                    i,
                    4000 + i,
                    1000 + i,
                    600 + i)));
        }
        var clients = JsonTree.newArray();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(object(String.format(
                    Locale.ROOT,
                    "{'name': 'person-%05d', 'external_id': 'E%06d', 'kind': 'person', 'teams': ['team-%03d'],"
                            + " 'models': ['claude-haiku*', 'claude-sonnet*'], 'budgets': [{'amount': '50', 'period':"
                            + " 'day', 'mode': 'enforce'}], 'limits': {'requests_per_minute': 60, 'concurrent_requests':"
                            + " 4}}",
                    i,
                    i,
                    i % TEAMS)));
        }
        var models =
                JsonTree.newArray().add(object("{'name': 'claude-opus*', 'limits': {'requests_per_minute': 900}}"));
        administration.takeOver(
                Optional.of(JsonTree.newObject()
                        .add("version", 1)
                        .add(
                                "organization",
                                object("{'budgets': [{'amount': '90000', 'period': 'month', 'mode': 'warn'}], 'limits':"
                                        + " {'requests_per_minute': 60000}}"))
                        .add("teams", teams)
                        .add("clients", clients)
                        .add("models", models)
                        .build()),
                Optional.empty(),
                REQUEST);
        var ada = PolicyName.client("person-00042");
        var created = administration.createToken(
                "person-00042",
                "person-00042",
                object("{'expires': '2031-01-31T00:00:00Z', 'models': ['claude-haiku*'], 'networks':"
                        + " ['192.0.2.0/24']}"),
                REQUEST);
        tokenId =
                JsonTree.text(JsonTree.parseObject(created.result().document()).orElseThrow(), "id");
        administration.merge(
                ada,
                object("{'budgets': [{'amount': '75', 'period': 'day'}], 'tags': ['project:x']}"),
                new Administration.Condition(true, OptionalLong.empty()),
                REQUEST);
    }

    @Test
    void readWellInBothSchemesAndTwoWidths() throws Exception {
        try (var browser = Chromium.startWithScripts()) {
            signIn(browser);
            for (var page : PAGES.entrySet()) {
                look(browser, page.getKey(), page.getValue());
            }
            look(browser, "tokens/" + tokenId, "Token person-00042");
            conflict(browser);
            browser.open(uri("clients/person-00042"));
            browser.await("heading", "Client person-00042");
            browser.evaluate("document.getElementById('name').value = 'laptop'; 'typed'");
            press(browser, "Create token");
            browser.await("heading", "New access token");
            looks(browser, "secret");
            browser.open(uri("audit"));
            browser.await("button", "Verify");
            browser.evaluate(
                    "document.querySelectorAll('details').forEach(function (d, i) { d.open = i < 3; }); 'done'");
            browser.show(PageLook.WIDE, false);
            browser.wholeScreenshot(Path.of("target", "principals-audit-open.png"));
            press(browser, "Verify");
            browser.await("StaticText", "All entries are intact.");
            looks(browser, "verified");
            assertThat(browser.complaints()).allSatisfy(complaint -> assertThat(complaint)
                    .containsAnyOf(
                            "the server responded with a status of 401", "the server responded with a status of 409"));
            // The browser's own field for a day has pictures of its own.
            assertThat(browser.requests())
                    .isNotEmpty()
                    .filteredOn(address -> !address.getScheme().equals("data"))
                    .allSatisfy(address -> assertThat(address.getHost()).isEqualTo("127.0.0.1"));
        }
    }

    /** What an administrator sees whose form another one has overtaken. */
    private void conflict(Chromium browser) throws Exception {
        browser.open(uri("clients/person-00007"));
        browser.await("heading", "Client person-00007");
        change.orElseThrow()
                .merge(
                        PolicyName.client("person-00007"),
                        object("{'tags': ['project:y']}"),
                        new Administration.Condition(true, OptionalLong.empty()),
                        REQUEST);
        press(browser, "Save");
        browser.await("heading", "Present definition");
        looks(browser, "conflict");
    }

    private void signIn(Chromium browser) throws Exception {
        browser.open(uri("clients"));
        browser.awaitFocus("textbox", "Administrator's token (admin.token)");
        browser.type(AdminSite.TOKEN);
        browser.press(Chromium.Key.TAB);
        browser.awaitFocus("textbox", "Your name, for the audit (optional)");
        browser.type("grace");
        browser.press(Chromium.Key.ENTER);
        browser.await("heading", "Clients");
    }

    private void look(Chromium browser, String page, String heading) throws Exception {
        browser.open(uri(page));
        browser.await("heading", heading);
        PageLook.printTimes(browser, "/admin/" + page);
        looks(browser, page.replaceAll("[^a-z]+", "-"));
    }

    private static void looks(Chromium browser, String name) throws Exception {
        PageLook.everywhere(browser, "principals-" + name);
    }

    /** Presses a button by keyboard. */
    private static void press(Chromium browser, String button) throws Exception {
        for (int i = 0; i < 120 && !focused(browser, button); i++) {
            browser.press(Chromium.Key.TAB);
        }
        browser.awaitFocus("button", button);
        browser.press(Chromium.Key.ENTER);
    }

    private static boolean focused(Chromium browser, String button) {
        return browser.elements().stream()
                .anyMatch(element -> element.focused() && element.name().equals(button));
    }

    private URI uri(String page) {
        return site.orElseThrow().uri("/admin/" + page);
    }
}
