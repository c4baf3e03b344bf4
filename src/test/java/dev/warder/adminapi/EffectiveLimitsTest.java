package dev.warder.adminapi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.http.PageDocument;
import dev.warder.json.JsonDocuments;
import dev.warder.json.JsonTree;
import dev.warder.ledger.store.Amounts;
import dev.warder.ledger.store.PeriodKey;
import dev.warder.policy.Budget;
import dev.warder.policy.LivePolicy;
import dev.warder.policy.Period;
import dev.warder.policy.Policy;
import dev.warder.policy.PolicyName;
import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EffectiveLimitsTest {
    /** In Berlin it is the next day, a Monday. */
    private static final Instant NOW = Instant.parse("2026-11-22T23:30:00Z");

    private static final Instant DAY = Instant.parse("2026-11-22T00:00:00Z");
    private static final Instant WEEK = Instant.parse("2026-11-16T00:00:00Z");
    private static final Instant MONTH = Instant.parse("2026-11-01T00:00:00Z");

    private static final String TEAMS =
            """
            'organization': {'budgets': [{'amount': '20000', 'period': 'month'}]},
            'teams': [{'name': 'blue', 'budgets': [{'amount': '400', 'period': 'day'}, {'amount': '90', 'period': 'month'}]}],
            'clients': [
              {'name': 'zoe', 'kind': 'person'},
              {'name': 'ada', 'kind': 'person', 'external_id': 'ada@example.com', 'teams': ['blue'],
               'budgets': [{'amount': '50', 'period': 'day'}]}
            ]
            """;

    private final Map<PeriodKey, Amounts> states = new HashMap<>();

    @Test
    void writesTheShapeOfTheAdminApi() throws Exception {
        spent("client/ada/day", DAY, 1_234_567_890L, 0);
        var text = JsonDocuments.text(document(TEAMS, "user_ids[]=ada&period[]=daily"));
        assertThat(text)
                .isEqualTo(("{'data':[{'actor':{'type':'user_actor','user_id':'ada','name':'ada',"
                                + "'email_address':'ada@example.com','deleted':false},'amount':'5000','currency':'USD',"
                                + "'period':'daily','period_to_date_spend':'123.457','scope':{'type':'user','user_id':'ada'},"
                                + "'source':{'type':'user','user_id':'ada'},'spend_limit_id':'"
                                + ConfiguredLimit.id("client/ada/day") + "'}],'next_page':null}")
                        .replace('\'', '"'));
    }

    /** Its own limit is the smallest, but less is left of that of the team. */
    @Test
    void countsTheBudgetWithTheSmallestRest() throws Exception {
        spent("client/ada/day", DAY, 10_000_000_000L, 0);
        spent("team/blue/day", DAY, 370_000_000_000L, 0);
        spent("organization/month", MONTH, 19_990_000_000_000L, 0);
        assertThat(rows(document(TEAMS, "user_ids[]=ada")))
                .containsExactly("ada daily 40000 37000 rbac_group", "ada monthly 2000000 1999000 organization");
    }

    @Test
    void countsWhatWasSpentAboveTheCap() throws Exception {
        spent("organization/month", MONTH, 20_000_000_000_000L, 1);
        assertThat(rows(document(TEAMS, "user_ids[]=zoe")))
                .containsExactly("zoe monthly 2000000 2000000.001 organization");
    }

    /** Only what was spent: it is free again if the request costs less. */
    @Test
    void doesNotCountWhatIsReserved() throws Exception {
        states.put(new PeriodKey("organization/month", MONTH), new Amounts(1, 10_000_000, 0, 66_000_000, 55_000_000));
        assertThat(rows(document(TEAMS, "user_ids[]=zoe"))).containsExactly("zoe monthly 2000000 1 organization");
    }

    @Test
    void leavesOutWhatHasNoPlaceInThisShape() throws Exception {
        String other =
                """
                'tags': [{'name': 'nightly', 'budgets': [{'amount': '1', 'period': 'day'}]}],
                'models': [{'name': 'claude-*', 'budgets': [{'amount': '1', 'period': 'day'}]}],
                'sessions': {'budgets': [{'amount': '1', 'period': 'day'}]},
                'clients': [
                  {'name': 'ada', 'kind': 'person', 'tags': ['nightly'], 'budgets': [
                    {'amount': '50', 'period': 'hour'}, {'amount': '60', 'period': 'lifetime'},
                    {'amount': '70', 'period': 'day', 'mode': 'warn'}, {'amount': '80', 'period': 'week', 'mode': 'shadow'},
                    {'amount': '90', 'period': 'month'}]},
                  {'name': 'free', 'kind': 'service', 'budgets': 'unlimited'}
                ]
                """;
        assertThat(rows(document(other, ""))).containsExactly("ada monthly 9000 0 user");
    }

    @Test
    void takesTheWindowOfTheBudgetsOwnZone() throws Exception {
        String zones =
                """
                'clients': [{'name': 'ada', 'kind': 'person', 'budgets': [
                  {'amount': '5', 'period': 'day', 'zone': 'Europe/Berlin'}, {'amount': '6', 'period': 'week'}]}]
                """;
        spent("client/ada/day", DAY, 1_000_000_000L, 0);
        spent("client/ada/day", Instant.parse("2026-11-22T23:00:00Z"), 2_000_000_000L, 0);
        spent("client/ada/week", WEEK, 3_000_000_000L, 0);
        assertThat(rows(document(zones, ""))).containsExactly("ada daily 500 200 user", "ada weekly 600 300 user");
    }

    /** A client's periods are never on two pages, and clients without a limit need no place. */
    @Test
    void pagesByClient() throws Exception {
        var clients = new ArrayList<String>();
        for (String name : List.of("d", "b", "E", "a", "c")) {
            clients.add("{'name': '" + name + "', 'kind': 'person', 'budgets': "
                    + (name.equals("b")
                            ? "'unlimited'}"
                            : "[{'amount': '1', 'period': 'day'}, {'amount': '2', 'period': 'month'}]}"));
        }
        String members = "'clients': [" + String.join(", ", clients) + "]";
        var seen = new ArrayList<String>();
        var page = document(members, "limit=3");
        assertThat(page.data()).hasSize(6);
        seen.addAll(rows(page));
        page = document(members, "limit=3&page=" + page.nextPage().orElseThrow());
        assertThat(page.nextPage()).isEmpty();
        seen.addAll(rows(page));
        assertThat(seen.stream().map(row -> row.substring(0, 1)).distinct()).containsExactly("E", "a", "c", "d");
        assertThat(seen).hasSize(8);
        assertThat(document(members, "limit=4").nextPage()).isEmpty();
        assertThat(rows(document(
                        members,
                        "page=" + EffectiveLimits.Asked.parse("").query().page(List.of("bb")))))
                .as("a client that is gone")
                .hasSize(4);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, 0",
        "1, 0, 0.001",
        "9999, 0, 0.001",
        "10000, 0, 0.001",
        "10001, 0, 0.002",
        "9999999, 0, 1",
        "10000000, 1, 1",
        "10500000, 1, 1.05",
        "1205000000, 120, 120.5",
        "1000000000000, 100000, 100000",
        "999999999999999999, 99999999999, 100000000000"
    })
    void roundsLimitsDownAndSpendingUp(long nanos, String limit, String spend) throws Exception {
        var client = policy("'clients': [{'name': 'ada', 'kind': 'person'}]")
                .principals()
                .get(0);
        var terms = new Budget.Terms(nanos, Period.DAY, ZoneOffset.UTC, Budget.Mode.ENFORCE, Budget.OnExhausted.CUT);
        var row = new EffectiveLimits.Row(client, new Budget(Budget.Scope.CLIENT, "ada", terms), nanos);
        assertThat(row.limit()).isEqualTo(limit);
        assertThat(row.spent()).isEqualTo(spend);
    }

    @ParameterizedTest
    @CsvSource({"ada@example.com, x@y, ada@example.com", "ada, x@y, x@y", "ada, u-17, ", "ada@, u-17, ", "a@b@c, u-17, "
    })
    void knowsAnAddressByItsForm(String name, String externalId, String address) throws Exception {
        String members = "'clients': [{'name': '" + name + "', 'kind': 'person', 'external_id': '" + externalId
                + "', 'budgets': [{'amount': '1', 'period': 'day'}]}]";
        var actor = JsonTree.object(document(members, "").data().get(0), "actor");
        assertThat(JsonTree.findText(actor, "email_address")).isEqualTo(Optional.ofNullable(address));
    }

    private void spent(String budget, Instant start, long nanos, long overage) {
        states.put(new PeriodKey(budget, start), new Amounts(1, nanos, overage, 0, 0));
    }

    private PageDocument<JsonObject> document(String members, String query) throws Exception {
        return EffectiveLimits.of(policy(members), EffectiveLimits.Asked.parse(query), NOW)
                .page(states);
    }

    private static Policy policy(String members) throws Exception {
        String json = "{'version': 1, " + members + "}";
        return new LivePolicy(Optional.empty()).accept(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> rows(PageDocument<JsonObject> document) {
        return document.data().stream().map(EffectiveLimitsTest::row).toList();
    }

    private static String row(JsonObject row) {
        String user = JsonTree.object(row, "actor").getString("user_id");
        assertThat(JsonTree.object(row, "scope").getString("user_id")).isEqualTo(user);
        return user + " " + row.getString("period") + " " + row.getString("amount") + " "
                + row.getString("period_to_date_spend") + " "
                + JsonTree.object(row, "source").getString("type");
    }

    @Nested
    class ConfiguredLimitTest {
        private static String document(PolicyName owner, String budgets) {
            String text = "{'budgets':" + budgets + "}";
            var definition = JsonTree.parseObject(text.replace('\'', '"')).orElseThrow();
            var limits = ConfiguredLimit.of(
                    owner, definition, Instant.parse("2026-11-20T08:00:00Z"), Instant.parse("2026-11-21T08:00:00.5Z"));
            assertThat(limits).hasSize(1);
            return limits.get(0).json().toString().replace('"', '\'');
        }

        private static String expected(String owner, String amount, boolean isEnabled, String period, String scope) {
            return "{'type':'spend_limit','id':'" + ConfiguredLimit.id(owner) + "','amount':" + amount
                    + ",'created_at':'2026-11-20T08:00:00Z','currency':'USD','is_enabled':" + isEnabled + ",'period':'"
                    + period + "','scope':" + scope + ",'updated_at':'2026-11-21T08:00:00.500Z'}";
        }

        @Test
        void limitsHaveTheMembersOfTheAdminApi() {
            assertThat(document(PolicyName.client("ada"), "[{'amount':'75.999','period':'day'}]"))
                    .isEqualTo(expected("client/ada/day", "'7599'", true, "daily", "{'type':'user','user_id':'ada'}"));
            assertThat(document(
                            new PolicyName(PolicyName.Kind.TEAM, "blue"),
                            "[{'amount':'5','period':'week','mode':'warn'}]"))
                    .isEqualTo(expected(
                            "team/blue/week", "'500'", false, "weekly", "{'type':'workspace','workspace_id':'blue'}"));
            assertThat(document(new PolicyName(PolicyName.Kind.ORGANIZATION, ""), "'unlimited'"))
                    .isEqualTo(expected("organization/month", "null", true, "monthly", "{'type':'organization'}"));
        }
    }
}
