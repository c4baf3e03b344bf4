package dev.warder.admin.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.admin.page.AuditPage.Difference;
import dev.warder.admin.page.ObjectForms.TokenPage;
import dev.warder.admin.page.PrincipalPages.LimitList;
import dev.warder.http.Form;
import dev.warder.json.JsonTree;
import dev.warder.policy.Actor;
import dev.warder.policy.AuditEntry;
import dev.warder.policy.AuditItem;
import dev.warder.policy.PolicyChanges.PolicyHead;
import dev.warder.policy.PolicyKind;
import dev.warder.policy.PolicyName;
import dev.warder.policy.StoredObject;
import dev.warder.policy.StoredPolicy;
import dev.warder.policy.StoredToken;
import dev.warder.principal.PrincipalView;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Names and contents that could break a page, on each of them. */
class HostilePageTest {
    private static final String HOSTILE = "<script>alert('x')</script>\"&\u202e" + "x".repeat(3000);
    private static final Instant NOW = Instant.parse("2026-11-26T00:00:00Z");
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
        for (var kind : PolicyKind.values()) {
            var name = new PolicyName(kind, kind.single() ? "" : HOSTILE);
            objects.put(name, new StoredObject(name, document(), 5, NOW, NOW));
            unusable.put(name, HOSTILE);
        }
        var odd = new PolicyName(PolicyKind.CLIENT, "odd");
        objects.put(odd, new StoredObject(odd, "no json", 6, NOW, NOW));
        var terms = "{\"expires\":\"never\",\"rights\":[[1]],\"tags\":" + JsonTree.string(HOSTILE) + "}";
        var identity = new StoredToken.Identity("a<b", HOSTILE, HOSTILE, "");
        var token = new StoredToken(identity, terms, 7, NOW, NOW, Optional.empty());
        return new PrincipalView(new StoredPolicy(new PolicyHead(9, 0, ""), objects, Map.of("a<b", token)), unusable);
    }

    private static PageRequest request(PageTarget target) {
        var query = new Form(Map.of("find", HOSTILE.substring(0, 20)));
        return new PageRequest(
                target, "./", query, Optional.empty(), new Actor("a", "b", "c"), HOSTILE, HOSTILE.substring(0, 200));
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

    @Test
    void listsEscapeEverythingAndStayShort() {
        for (var kind : List.of(PolicyKind.CLIENT, PolicyKind.TEAM, PolicyKind.TAG, PolicyKind.MODEL)) {
            String page = html(ObjectList.of(request(new PageTarget.Objects(kind)), view(), kind, true));
            check(page);
            assertThat(page).contains("&lt;script&gt;alert", "1 found");
        }
        String tokens = html(TokenList.of(request(new PageTarget.Tokens()), view(), NOW, false));
        check(tokens);
        assertThat(tokens).contains("have no effect yet", "&lt;script&gt;alert");
        check(html(LimitList.of(request(new PageTarget.Limits()), view(), true)));
    }

    @Test
    void pagesOfOneObjectEscapeEverything() {
        for (var name : view().stored().objects().keySet()) {
            var typed = new Form(Map.of("definition", HOSTILE, "name", HOSTILE, "expires", HOSTILE, "terms", HOSTILE));
            for (var part : Draft.Part.values()) {
                var draft = new Draft(part, typed, HOSTILE, 409);
                String page =
                        html(ObjectPage.of(request(new PageTarget.OneObject(name)), view(), name, draft, NOW, true));
                check(page);
                assertThat(page).contains("name=\"revision\" value=\"");
            }
        }
        check(html(ObjectForms.newObject(
                request(new PageTarget.NewObject(PolicyKind.TEAM)), PolicyKind.TEAM, Draft.NONE)));
        var token = view().token("a<b").orElseThrow();
        check(html(new TokenPage(request(new PageTarget.OneToken("a<b")), "a<b", token, Draft.NONE, NOW, true).reply()));
    }

    @Test
    void entriesOfTheAuditEscapeEverythingAndAreCut() {
        String large = JsonTree.newObject().add("a", "y".repeat(50_000)).build().toString();
        for (var item : List.of(
                new AuditItem("create", HOSTILE, "", document()),
                new AuditItem("remove", HOSTILE, large, ""),
                new AuditItem("change", HOSTILE, document(), "{\"name\":\"</del>\"}"),
                new AuditItem("change", HOSTILE, "no json", "{}"))) {
            var entry = new AuditEntry(1, NOW, new Actor(HOSTILE, "", ""), item, "", "");
            assertThat(Templates.of("difference", Difference.of(entry)))
                    .doesNotContain("<script", "</del></del>", "\u202e")
                    .hasSizeLessThan(40_000);
        }
    }

    @Test
    void aSearchThatIsTooLongAndAForgedPageAreRefused() {
        for (var query : List.of(Map.of("find", "x".repeat(65)), Map.of("page", "page_!"), Map.of("page", "5"))) {
            var request = new PageRequest(
                    new PageTarget.Tokens(), "./", new Form(query), Optional.empty(), new Actor("a", "b", "c"), "", "");
            assertThat(TokenList.of(request, view(), NOW, true)).isInstanceOf(PageReply.Refused.class);
            assertThat(LimitList.of(request, view(), true)).isInstanceOf(PageReply.Refused.class);
        }
    }

    /** As many pages as are needed, each object once. */
    @Test
    void pagesOfAListHaveEachObjectOnce() {
        var objects = new TreeMap<PolicyName, StoredObject>();
        for (int i = 0; i < 250; i++) {
            var name = PolicyName.client("c" + i);
            objects.put(name, new StoredObject(name, "{\"name\":\"c" + i + "\",\"limits\":{}}", 1, NOW, NOW));
        }
        var view = new PrincipalView(new StoredPolicy(new PolicyHead(1, 0, ""), objects, Map.of()), new TreeMap<>());
        var rows = new java.util.TreeSet<String>();
        var sizes = new java.util.ArrayList<Integer>();
        var query = new Form(Map.of());
        for (var more = true; more; ) {
            var request = new PageRequest(
                    new PageTarget.Objects(PolicyKind.CLIENT),
                    "./",
                    query,
                    Optional.empty(),
                    new Actor("a", "b", "c"),
                    "",
                    "");
            String page = html(ObjectList.of(request, view, PolicyKind.CLIENT, true));
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
