package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.anthropic.errors.BadRequestException;
import com.anthropic.errors.NotFoundException;
import com.anthropic.errors.PermissionDeniedException;
import com.anthropic.models.beta.organization.spendlimits.BetaSpendLimit;
import com.anthropic.models.beta.organization.spendlimits.BetaSpendLimitOrganizationScope;
import com.anthropic.models.beta.organization.spendlimits.BetaSpendLimitPeriod;
import com.anthropic.models.beta.organization.spendlimits.BetaSpendLimitUserScope;
import com.anthropic.models.beta.organization.spendlimits.BetaSpendLimitWorkspaceScope;
import com.anthropic.models.beta.organization.spendlimits.SpendLimitListParams;
import com.anthropic.models.beta.organization.spendlimits.SpendLimitSetParams;
import com.anthropic.services.blocking.beta.organization.SpendLimitService;
import dev.warder.testkit.Container;
import dev.warder.testkit.Postgres;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RawResponse;
import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Budgets as spend limits of Anthropic's Admin API, read and set by its official client with the base URL alone. */
class SpendLimitWriteContract extends PrincipalGround {
    @RegisterExtension
    private final Postgres postgres = new Postgres();

    @Test
    void theOfficialClientSetsListsAndRemovesLimits() throws Exception {
        try (var node = node("limits", postgres.anotherAddress())) {
            created(admin(node, "POST", "teams", "{'name': 'blue'}"));
            createClient(node, "ada", ", 'teams': ['blue'], 'budgets': 'unlimited'");
            createBoss(node);
            createToken(node, "laptop", "ada", "");
            try (var client = AdminSdk.of(node, issued("boss"))) {
                var limits = limits(client);
                assertThat(all(limits, SpendLimitListParams.none()))
                        .containsExactly("user ada monthly none USD true", "user boss monthly none USD true");
                var ofAda = limits.set(user("ada", "12345", BetaSpendLimitPeriod.DAILY));
                assertThat(text(ofAda.validate())).isEqualTo("user ada daily 12345 USD true");
                assertThat(text(limits.set(user("ada", "0", BetaSpendLimitPeriod.DAILY))))
                        .as("set again, it is replaced in its place")
                        .isEqualTo("user ada daily 0 USD true");
                assertThat(limits.retrieve(ofAda.id()).amount()).contains("0");
                assertThat(use(node, "laptop").text())
                        .as("it is in use at once")
                        .contains("billing_error");
                limits.set(SpendLimitSetParams.builder()
                        .amount("500000")
                        .scope(BetaSpendLimitWorkspaceScope.builder()
                                .workspaceId("blue")
                                .build())
                        .build());
                var whole = limits.set(SpendLimitSetParams.builder()
                        .amount("900000")
                        .scope(BetaSpendLimitOrganizationScope.builder().build())
                        .period(BetaSpendLimitPeriod.WEEKLY)
                        .build());
                assertThat(all(limits, SpendLimitListParams.builder().limit(1).build()))
                        .containsExactly(
                                "organization weekly 900000 USD true",
                                "workspace blue monthly 500000 USD true",
                                "user ada daily 0 USD true",
                                "user boss monthly none USD true");
                assertThat(all(
                                limits,
                                SpendLimitListParams.builder()
                                        .addScopeType(SpendLimitListParams.ScopeType.USER)
                                        .addScopeType(SpendLimitListParams.ScopeType.SEAT_TIER)
                                        .build()))
                        .containsExactly("user ada daily 0 USD true", "user boss monthly none USD true");
                assertThat(limits.delete(ofAda.id()).id()).isEqualTo(ofAda.id());
                assertThatThrownBy(() -> limits.retrieve(ofAda.id())).isInstanceOf(NotFoundException.class);
                assertThatThrownBy(() -> limits.delete(ofAda.id())).isInstanceOf(NotFoundException.class);
                assertThatThrownBy(() -> limits.set(user("none", "1", BetaSpendLimitPeriod.DAILY)))
                        .isInstanceOf(NotFoundException.class);
                assertThatThrownBy(() -> limits.set(user("ada", "-1", BetaSpendLimitPeriod.DAILY)))
                        .isInstanceOf(BadRequestException.class);
                assertThat(limits.retrieve(whole.id()).amount()).contains("900000");
            }
            assertThat(status(node, "laptop")).isEqualTo(200);
            var audit = audit(node, "limit=1");
            assertThat(done(audit).getJsonArray("data").getJsonObject(0).getString("subject"))
                    .isEqualTo("client/ada");
            assertThat(done(audit).getJsonArray("data").getJsonObject(0).getString("actor"))
                    .startsWith("boss (token ");
            assertThat(audited(node, 2))
                    .isEqualTo(audited(node, 1000))
                    .isNotEmpty()
                    .allMatch(subject -> subject.matches("client/.+|team/.+|organization"));
            Answers.refused(audit(node, "page=page_x"), 400);
            Answers.refused(audit(node, "after_id=1"), 400);
        }
    }

    /** The subjects of all entries, read in pages. */
    private List<String> audited(Container node, int limit) throws Exception {
        var subjects = new ArrayList<String>();
        String page = "";
        do {
            var document = done(audit(node, "limit=" + limit + page));
            var data = document.getJsonArray("data").getValuesAs(JsonObject.class);
            assertThat(data).hasSizeLessThanOrEqualTo(limit);
            data.forEach(entry -> subjects.add(entry.getString("subject")));
            page = document.isNull("next_page") ? "" : "&page=" + document.getString("next_page");
        } while (!page.isEmpty());
        return subjects;
    }

    private RawResponse audit(Container node, String query) throws Exception {
        return send(
                node,
                request(node, "GET", "/v1/organizations/spend_limits/audit?" + query)
                        .field("x-api-key", issued("boss")));
    }

    @Test
    void aRepeatedRequestWithTheSameKeyGetsTheFirstResponse() throws Exception {
        try (var node = node("repeated-limits", postgres.anotherAddress())) {
            createClient(node, "ada", ", 'budgets': 'unlimited'");
            createBoss(node);
            String set = "{\"scope\": {\"type\": \"user\", \"user_id\": \"ada\"}, \"amount\": \"100\"}";
            var first = withKey(node, "POST", "", "one").json(set);
            var made = done(send(node, first));
            assertThat(made.getString("amount")).isEqualTo("100");
            done(send(node, withKey(node, "POST", "", "two").json(set.replace("100", "500"))));
            assertThat(done(send(node, first))).isEqualTo(made);
            Answers.refused(send(node, withKey(node, "POST", "", "one").json(set.replace("100", "7"))), 422);

            String id = made.getString("id");
            var removal = withKey(node, "DELETE", "/" + id, "three");
            var removed = done(send(node, removal));
            assertThat(removed.toString()).isEqualTo("{\"type\":\"spend_limit_deleted\",\"id\":\"" + id + "\"}");
            assertThat(done(send(node, removal))).isEqualTo(removed);
            Answers.refused(send(node, withKey(node, "DELETE", "/" + id, "four")), 404);
        }
    }

    private void createBoss(Container node) throws Exception {
        createClient(node, "boss", ", 'budgets': 'unlimited'");
        createToken(node, "boss", "boss", "'rights': ['admin:write']");
    }

    private RawRequest withKey(Container node, String method, String below, String key) {
        return request(node, method, "/v1/organizations/spend_limits" + below)
                .field("x-api-key", issued("boss"))
                .field("idempotency-key", key);
    }

    @Test
    void theOfficialClientSetsAndRemovesThatThereIsNoLimit() throws Exception {
        try (var node = node("unlimited", postgres.anotherAddress())) {
            created(admin(node, "POST", "teams", "{'name': 'blue'}"));
            createClient(node, "ada", ", 'budgets': [{'amount': '0', 'period': 'month'}]");
            createBoss(node);
            createToken(node, "laptop", "ada", "");
            try (var client = AdminSdk.of(node, issued("boss"))) {
                var limits = limits(client);
                assertThat(use(node, "laptop").text()).contains("billing_error");
                var none = limits.set(unlimited("ada").build());
                assertThat(text(none.validate())).isEqualTo("user ada monthly none USD true");
                assertThat(status(node, "laptop")).isEqualTo(200);
                assertThat(text(limits.retrieve(none.id()))).isEqualTo("user ada monthly none USD true");
                assertThat(text(limits.set(unlimited("ada").build())))
                        .as("set again, all stays as it is")
                        .isEqualTo("user ada monthly none USD true");
                assertThatThrownBy(() -> limits.set(unlimited("ada")
                                .period(BetaSpendLimitPeriod.DAILY)
                                .build()))
                        .isInstanceOf(BadRequestException.class)
                        .hasMessageContaining("period: must be monthly where amount is null");
                assertThatThrownBy(() -> limits.set(unlimited("ada")
                                .scope(BetaSpendLimitOrganizationScope.builder().build())
                                .build()))
                        .isInstanceOf(BadRequestException.class)
                        .hasMessageContaining("amount: must not be null for the organization");
                assertThat(limits.delete(none.id()).id()).isEqualTo(none.id());
                assertThatThrownBy(() -> limits.retrieve(none.id())).isInstanceOf(NotFoundException.class);
                limits.set(unlimited("ada").build());
                assertThat(text(limits.set(user("ada", "5", BetaSpendLimitPeriod.WEEKLY))))
                        .isEqualTo("user ada weekly 5 USD true");
                assertThatThrownBy(() -> limits.retrieve(none.id()))
                        .as("a limit takes its place")
                        .isInstanceOf(NotFoundException.class);
                assertThatThrownBy(() -> limits.set(unlimited("ada").build()))
                        .as("that of another period would have no effect")
                        .isInstanceOf(BadRequestException.class)
                        .hasMessageContaining("must not have an enforcing budget together with the word unlimited");
                assertThat(all(limits, SpendLimitListParams.none()))
                        .containsExactly("user ada weekly 5 USD true", "user boss monthly none USD true");
                var team = limits.set(unlimited("ada")
                        .scope(BetaSpendLimitWorkspaceScope.builder()
                                .workspaceId("blue")
                                .build())
                        .build());
                assertThat(text(team)).isEqualTo("workspace blue monthly none USD true");
                assertThat(limits.delete(team.id()).id()).isEqualTo(team.id());
                assertThatThrownBy(() -> limits.retrieve(team.id())).isInstanceOf(NotFoundException.class);
            }
        }
    }

    private static SpendLimitSetParams.Builder unlimited(String name) {
        return SpendLimitSetParams.builder()
                .amount(Optional.empty())
                .scope(BetaSpendLimitUserScope.builder().userId(name).build());
    }

    @Test
    void aReaderReadsAndOthersGoOnUpstream() throws Exception {
        try (var node = node("rights", postgres.anotherAddress())) {
            createClient(node, "ada", ", 'budgets': 'unlimited'");
            createToken(node, "reader", "ada", "'rights': ['admin:read']");
            try (var client = AdminSdk.of(node, issued("reader"))) {
                var limits = limits(client);
                assertThat(limits.list().items()).hasSize(1);
                assertThatThrownBy(() -> limits.set(user("ada", "1", BetaSpendLimitPeriod.DAILY)))
                        .isInstanceOf(PermissionDeniedException.class)
                        .hasMessageContaining("admin:write");
                assertThatThrownBy(() -> limits.delete("spl_x")).isInstanceOf(PermissionDeniedException.class);
            }
        }
    }

    private static SpendLimitService limits(AdminSdk sdk) {
        return sdk.client().beta().organization().spendLimits();
    }

    private static SpendLimitSetParams user(String name, String cents, BetaSpendLimitPeriod period) {
        return SpendLimitSetParams.builder()
                .amount(cents)
                .scope(BetaSpendLimitUserScope.builder().userId(name).build())
                .period(period)
                .build();
    }

    private static List<String> all(SpendLimitService limits, SpendLimitListParams params) {
        var all = new ArrayList<String>();
        limits.list(params).autoPager().forEach(limit -> all.add(text(limit.validate())));
        return all;
    }

    private static String text(BetaSpendLimit limit) {
        var scope = limit.scope();
        String owner = scope.isUser()
                ? "user " + scope.asUser().userId()
                : scope.isWorkspace() ? "workspace " + scope.asWorkspace().workspaceId() : "organization";
        return owner + " " + limit.period().asString() + " " + limit.amount().orElse("none") + " " + limit.currency()
                + " " + limit.isEnabled();
    }
}
