package dev.warder.admin.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.admin.ManagedCredentials.CredentialView;
import dev.warder.admin.page.AuditPage.Difference;
import dev.warder.admin.page.ObjectForms.TokenPage;
import dev.warder.admin.page.Snapshot.NodeNumbers.Use;
import dev.warder.adminapi.OwnUsage;
import dev.warder.adminapi.OwnUsage.SessionSums;
import dev.warder.adminapi.PrincipalView;
import dev.warder.auth.Client;
import dev.warder.config.InvalidValueException;
import dev.warder.credential.CredentialSource;
import dev.warder.credential.CredentialState;
import dev.warder.credential.CredentialState.Quota;
import dev.warder.http.Form;
import dev.warder.json.JsonTree;
import dev.warder.ledger.store.LedgerReport;
import dev.warder.oauth.CredentialControl;
import dev.warder.policy.AuditEntry;
import dev.warder.policy.PolicyName;
import dev.warder.policy.StoredPolicy;
import dev.warder.policy.StoredPolicy.StoredObject;
import dev.warder.policy.StoredPolicy.StoredToken;
import dev.warder.quota.SampleReport;
import dev.warder.reconcile.Comparison;
import dev.warder.reconcile.Reconciliation.ReconciliationStatus;
import dev.warder.reconcile.ReconciliationReport;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Names and contents that could break a page, on each of them. */
class HostilePageTest {
    private static final String HOSTILE = "<script>alert('x')</script>\"&\u202e" + "x".repeat(3000);
    private static final Instant NOW = Instant.parse("2026-11-26T00:00:00Z");
    private static final Pattern CALL = Pattern.compile("@template\\.(\\w+)\\(");
    private static final Pattern ID = Pattern.compile(" id=\"([^\"]*)\"");

    private static String document() {
        var list = JsonTree.newArray(List.of(HOSTILE, "b", "c", "d", "e", "f"));
        return JsonTree.newObject()
                .add("name", HOSTILE)
                .add("kind", 7)
                .add("external_id", HOSTILE)
                .add("teams", list)
                .add("payer", HOSTILE)
                .add("models", HOSTILE)
                .add(
                        "budgets",
                        JsonTree.newArray(List.of(
                                JsonTree.newObject().add("amount", HOSTILE).build(), HOSTILE)))
                .add(
                        "limits",
                        JsonTree.newObject().add("requests_per_minute", HOSTILE).add("concurrent_requests", -1))
                .build()
                .toString();
    }

    private static PrincipalView view() {
        var objects = new TreeMap<PolicyName, StoredObject>();
        var unusable = new TreeMap<PolicyName, String>();
        for (var kind : PolicyName.Kind.values()) {
            var name = new PolicyName(kind, kind.single() ? "" : HOSTILE);
            objects.put(name, new StoredObject(name, document(), 5, NOW, NOW));
            unusable.put(name, HOSTILE);
        }
        var odd = new PolicyName(PolicyName.Kind.CLIENT, "odd");
        objects.put(odd, new StoredObject(odd, "no json", 6, NOW, NOW));
        var terms = "{\"expires\":\"never\",\"rights\":[[1]],\"tags\":" + JsonTree.string(HOSTILE) + "}";
        var identity = new StoredToken.Identity("a<b", HOSTILE, HOSTILE, "");
        var token = new StoredToken(identity, terms, 7, NOW, NOW, Optional.empty());
        return new PrincipalView(
                new StoredPolicy(new StoredPolicy.Head(9, 0, ""), objects, Map.of("a<b", token)), unusable);
    }

    private static PageRequest request(PageTarget target) {
        var query = new Form(Map.of("find", HOSTILE.substring(0, 20)));
        return new PageRequest(
                target,
                "./",
                query,
                Optional.empty(),
                new AuditEntry.Actor("a", "b", "c"),
                HOSTILE,
                HOSTILE.substring(0, 200));
    }

    private static String html(PageReply reply) {
        assertThat(reply).isInstanceOf(PageReply.Shown.class);
        return ((PageReply.Shown) reply).html();
    }

    private static void check(String page) {
        assertThat(page).doesNotContain("<script", "\u202e", "alert('x')", "style=", "onclick", "=\"//");
        assertThat(page).endsWith("</main>\n</body>\n</html>\n");
        assertThat(ID.matcher(page).results().map(found -> found.group(1))).doesNotHaveDuplicates();
    }

    /** A page of each template that no other one calls, with the hostile name in the place of each text. */
    private static Map<String, String> pages() throws InvalidValueException {
        var request = request(PageTarget.TOKENS);
        var view = view();
        var team = new PolicyName(PolicyName.Kind.TEAM, HOSTILE);
        var client = PolicyName.client(HOSTILE);
        var token = view.token("a<b").orElseThrow();
        var held = new CredentialState.HeldModel(HOSTILE, HOSTILE, Duration.ofSeconds(3));
        var quota = new Quota(NOW, List.of(new Quota.Part(HOSTILE, HOSTILE, Optional.empty())));
        var state = new CredentialState(
                HOSTILE,
                CredentialSource.Kind.OAUTH,
                false,
                Optional.of(HOSTILE),
                Optional.of(Duration.ofSeconds(9)),
                List.of(held),
                false,
                Optional.of(quota));
        var text = Optional.of(HOSTILE);
        var time = Optional.of(NOW);
        var status = new CredentialControl.Status(
                HOSTILE, "oauth", HOSTILE, text, text, List.of(HOSTILE), time, time, text, text);
        var credential = new CredentialView(state, Optional.of(status), text);
        var used = new OwnUsage.Numbers(
                List.of(new OwnUsage.Spend(HOSTILE, "100", "50", HOSTILE)),
                Optional.of(List.of(new SessionSums(HOSTILE, 1, BigDecimal.ONE, NOW))));
        var node = new Snapshot.Node(
                new Snapshot.NodeFacts(HOSTILE, HOSTILE, HOSTILE, NOW, List.of(HOSTILE)),
                new Snapshot.NodeNumbers(new Use(1, 2), 1, 1, new Use(1, 2), 1, OptionalLong.of(1), List.of(HOSTILE)),
                List.of(state),
                List.of(),
                0);
        var hour = new View(View.Range.HOUR, false);
        var snapshot = new Snapshot(hour, View.Range.HOUR.until(NOW, false), NOW, LedgerReport.UNREADABLE, true, node);
        var day = LocalDate.parse("2026-11-20");
        var side = new Comparison.Side(1_500_000_000L, 1, 2, 3, 4, 5, 6);
        var line = new ReconciliationReport.Line(
                new ReconciliationReport.LineId(day, HOSTILE, HOSTILE), new Comparison(2, side, side, 12), 0, 0);
        var report = new ReconciliationReport(
                day,
                day,
                List.of(new ReconciliationReport.Day(day, true, NOW, 5, 10)),
                List.of(line),
                true,
                new ReconciliationStatus(time, text, 1, 1, 1, 1));
        var entry = new AuditEntry(
                1,
                NOW,
                new AuditEntry.Actor(HOSTILE, HOSTILE, ""),
                new AuditEntry.Item(HOSTILE, HOSTILE, document(), "{}"),
                "",
                "");
        var outcome = new AuditVerification(1, HOSTILE, text, false);
        var paging = Paging.of(request, "revoked");
        var pages = new TreeMap<String, String>();
        pages.put(
                "signIn",
                Templates.of(
                        "signIn",
                        Map.of("problem", HOSTILE, "up", "./", "next", HOSTILE, "pattern", "x", "person", HOSTILE)));
        pages.put("message", Templates.of("message", Map.of("text", HOSTILE, "up", "./", "refresh", "")));
        pages.put(
                "credentials",
                Templates.of(
                        "credentials",
                        Map.of(
                                "credentials",
                                List.of(credential),
                                "note",
                                HOSTILE,
                                "now",
                                NOW,
                                "up",
                                "./",
                                "formToken",
                                "t")));
        pages.put("own", OwnPage.of(new Client(HOSTILE, Set.of(), List.of()), Optional.of(used), HOSTILE));
        pages.put("ownSignIn", OwnPage.signIn(HOSTILE));
        pages.put(
                "objects",
                html(ObjectForms.ObjectList.of(
                        request(PageTarget.of(PolicyName.Kind.TEAM, "")), view, PolicyName.Kind.TEAM, true)));
        pages.put("tokens", html(TokenList.of(request, view, NOW, false)));
        pages.put("limits", html(LimitList.of(request, view, true)));
        pages.put(
                "object",
                html(ObjectForms.ObjectPage.of(request(PageTarget.of(team)), view, team, Draft.NONE, NOW, true)));
        pages.put(
                "newObject",
                html(ObjectForms.newObject(
                        request(PageTarget.newObject(PolicyName.Kind.TEAM)),
                        PolicyName.Kind.TEAM,
                        new Draft(
                                Draft.Part.DEFINITION, new Form(Map.of("definition", HOSTILE)), HOSTILE, 400, false))));
        pages.put("token", html(new TokenPage(request, "a<b", token, Draft.NONE, NOW, true).reply()));
        pages.put(
                "secret",
                Templates.of(
                        "secret",
                        Map.of(
                                "request", request, "client", client, "name", HOSTILE, "id", HOSTILE, "secret",
                                HOSTILE)));
        pages.put("again", Templates.of("again", Map.of("request", request, "error", HOSTILE)));
        pages.put("noDatabase", html(PageReply.withoutDatabase(request)));
        pages.put(
                "audit",
                html(PageReply.shown(
                        200,
                        "audit",
                        new AuditPage(request, paging, Optional.of(outcome), HOSTILE, List.of(entry), text))));
        pages.put("budgets", BudgetsPage.page(Optional.of(SampleReport.with(HOSTILE, true)), HOSTILE));
        pages.put("reconciliation", ReconciliationPage.page(Optional.of(report), HOSTILE));
        pages.put("overview", Templates.of("overview", Map.of("snapshot", snapshot, "formToken", HOSTILE)));
        return pages;
    }

    @Test
    void everyTemplateShowsNamesAsText() throws Exception {
        assertThat(pages()).allSatisfy((template, page) -> assertThat(page)
                .as(template)
                .contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&quot;&amp;\ufffd")
                .doesNotContain("<script>", "</script>alert", "alert('x')", "\u202e", "onclick", "style=", "=\"//"));
    }

    /** Those that are not in the table above have no parameters with text. */
    @Test
    void everyTemplateIsShownByOneOfThesePages() throws Exception {
        var all = new TreeSet<String>();
        var called = new TreeSet<>(Set.of("welcome"));
        try (var files = Files.list(Path.of("src/main/jte"))) {
            for (var file : files.toList()) {
                all.add(file.getFileName().toString().replace(".jte", ""));
                CALL.matcher(Files.readString(file)).results().forEach(call -> called.add(call.group(1)));
            }
        }
        all.removeAll(called);
        assertThat(pages().keySet()).isEqualTo(all);
    }

    @Test
    void listsEscapeEverythingAndStayShort() throws Exception {
        for (var kind :
                List.of(PolicyName.Kind.CLIENT, PolicyName.Kind.TEAM, PolicyName.Kind.TAG, PolicyName.Kind.MODEL)) {
            String page = html(ObjectForms.ObjectList.of(request(PageTarget.of(kind, "")), view(), kind, true));
            check(page);
            assertThat(page).contains("&lt;script&gt;alert", "1 found");
        }
        String tokens = html(TokenList.of(request(PageTarget.TOKENS), view(), NOW, false));
        check(tokens);
        assertThat(tokens).contains("have no effect yet", "&lt;script&gt;alert");
        check(html(LimitList.of(request(PageTarget.LIMITS), view(), true)));
    }

    @Test
    void pagesOfOneObjectEscapeEverything() {
        for (var name : view().stored().objects().keySet()) {
            var typed = new Form(Map.of("definition", HOSTILE, "name", HOSTILE, "expires", HOSTILE, "terms", HOSTILE));
            for (var part : Draft.Part.values()) {
                var draft = new Draft(part, typed, HOSTILE, 409, true);
                String page =
                        html(ObjectForms.ObjectPage.of(request(PageTarget.of(name)), view(), name, draft, NOW, true));
                check(page);
                assertThat(page).contains("name=\"revision\" value=\"");
            }
        }
        check(html(ObjectForms.newObject(
                request(PageTarget.newObject(PolicyName.Kind.TEAM)), PolicyName.Kind.TEAM, Draft.NONE)));
        var token = view().token("a<b").orElseThrow();
        check(html(new TokenPage(request(PageTarget.token("a<b")), "a<b", token, Draft.NONE, NOW, true).reply()));
    }

    @Test
    void entriesOfTheAuditEscapeEverythingAndAreCut() {
        String large = JsonTree.newObject().add("a", "y".repeat(50_000)).build().toString();
        for (var item : List.of(
                new AuditEntry.Item("create", HOSTILE, "", document()),
                new AuditEntry.Item("remove", HOSTILE, large, ""),
                new AuditEntry.Item("change", HOSTILE, document(), "{\"name\":\"</del>\"}"),
                new AuditEntry.Item("change", HOSTILE, "no json", "{}"))) {
            var entry = new AuditEntry(1, NOW, new AuditEntry.Actor(HOSTILE, "", ""), item, "", "");
            assertThat(Templates.of("difference", Difference.of(entry)))
                    .doesNotContain("<script", "</del></del>", "\u202e")
                    .hasSizeLessThan(40_000);
        }
    }

    @Test
    void aSearchThatIsTooLongAndAForgedPageAreRefused() {
        for (var query : List.of(Map.of("find", "x".repeat(65)), Map.of("page", "page_!"), Map.of("page", "5"))) {
            var request = new PageRequest(
                    PageTarget.TOKENS,
                    "./",
                    new Form(query),
                    Optional.empty(),
                    new AuditEntry.Actor("a", "b", "c"),
                    "",
                    "");
            assertThatThrownBy(() -> TokenList.of(request, view(), NOW, true))
                    .isInstanceOf(InvalidValueException.class);
            assertThatThrownBy(() -> LimitList.of(request, view(), true)).isInstanceOf(InvalidValueException.class);
        }
    }

    /** As many pages as are needed, each object once. */
    @Test
    void pagesOfAListHaveEachObjectOnce() throws Exception {
        var objects = new TreeMap<PolicyName, StoredObject>();
        for (int i = 0; i < 250; i++) {
            var name = PolicyName.client("c" + i);
            objects.put(name, new StoredObject(name, "{\"name\":\"c" + i + "\",\"limits\":{}}", 1, NOW, NOW));
        }
        var view = new PrincipalView(
                new StoredPolicy(new StoredPolicy.Head(1, 0, ""), objects, Map.of()), new TreeMap<>());
        var rows = new java.util.TreeSet<String>();
        var sizes = new java.util.ArrayList<Integer>();
        var query = new Form(Map.of());
        for (var more = true; more; ) {
            var request = new PageRequest(
                    PageTarget.of(PolicyName.Kind.CLIENT, ""),
                    "./",
                    query,
                    Optional.empty(),
                    new AuditEntry.Actor("a", "b", "c"),
                    "",
                    "");
            String page = html(ObjectForms.ObjectList.of(request, view, PolicyName.Kind.CLIENT, true));
            var found = Pattern.compile("scope=\"row\"><a href=\"\\./clients/([^\"]+)\"")
                    .matcher(page)
                    .results()
                    .map(r -> r.group(1))
                    .toList();
            rows.addAll(found);
            sizes.add(found.size());
            var next = Pattern.compile("page=(page_[^\"]+)\"").matcher(page);
            more = next.find();
            query = more ? new Form(Map.of("page", next.group(1))) : query;
        }
        assertThat(sizes).containsExactly(100, 100, 50);
        assertThat(rows).hasSize(250);
    }
}
