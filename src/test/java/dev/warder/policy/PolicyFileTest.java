package dev.warder.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.config.ModelPattern;
import dev.warder.policy.Principal.PrincipalKind;
import java.io.IOException;
import java.time.ZoneId;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyFileTest {
    @Test
    void readsTheSampleWithAllItsMembers() throws Exception {
        var policy = PolicyFile.parse(sample(), Optional.empty());
        assertThat(policy.version()).isEqualTo(7);
        assertThat(policy.teams()).extracting(Policy.Team::name).containsExactly("payments", "research");
        assertThat(policy.principals()).extracting(Principal::name).containsExactly("ada", "grace", "payments-ci");
        assertThat(policy.budgetsByKey())
                .containsOnlyKeys(
                        "organization/month",
                        "team/payments/month",
                        "team/research/week",
                        "client/grace/day",
                        "client/payments-ci/month",
                        "tag/project:search/lifetime",
                        "model/claude-opus-*/day");
        assertThat(policy.sessions()).extracting(Budget.Terms::period).containsExactly(Period.LIFETIME);
        assertThat(policy.enforces()).isTrue();
    }

    @Test
    void readsAClientWithAllItsMembers() throws Exception {
        var policy = PolicyFile.parse(sample(), Optional.empty());
        var grace = policy.principals().get(1);
        assertThat(grace.identity().kind()).isEqualTo(PrincipalKind.PERSON);
        assertThat(grace.externalId()).contains("CN=Grace,OU=Research");
        assertThat(grace.tokenNames()).containsExactly("grace-laptop", "grace-notebook");
        assertThat(grace.membership().teams()).extracting(Policy.Team::name).containsExactly("payments", "research");
        assertThat(grace.membership().payer().map(Policy.Team::name)).contains("research");
        assertThat(grace.access().models())
                .containsExactly(new ModelPattern.Prefix("claude-"), new ModelPattern.Exact("m"));
        assertThat(grace.access().paths())
                .extracting(Access.PathPattern::text)
                .containsExactly("/v1/messages*", "/v1/models*");
        assertThat(grace.tags()).containsExactly("cost:4711", "project:search");
        assertThat(grace.budgets().budgets()).hasSize(1);
        assertThat(grace).hasToString("Principal[grace]");
    }

    @Test
    void readsABudgetWithAllItsMembers() throws Exception {
        var policy =
                Policies.parse("'version': 1, 'organization': {'budgets': [{'amount': '12.345678901', 'period': 'week',"
                        + " 'zone': 'Asia/Kathmandu', 'mode': 'enforce', 'on_exhausted': 'finish'}]}");
        assertThat(policy.organization())
                .containsExactly(new Budget(
                        Budget.Scope.ORGANIZATION,
                        "",
                        new Budget.Terms(
                                12_345_678_901L,
                                Period.WEEK,
                                ZoneId.of("Asia/Kathmandu"),
                                Budget.Mode.ENFORCE,
                                Budget.OnExhausted.FINISH)));
    }

    @Test
    void enforcesAndCutsInUtcWithoutOtherWords() throws Exception {
        var budget = Policies.parse(Policies.COVERED).organization().get(0);
        assertThat(budget.terms())
                .isEqualTo(new Budget.Terms(
                        1_000_000_000_000L,
                        Period.MONTH,
                        ZoneId.of("UTC"),
                        Budget.Mode.ENFORCE,
                        Budget.OnExhausted.CUT));
    }

    @Test
    void hasOneTimeZoneForAllBudgetsThatNameNone() throws Exception {
        var policy = Policies.parse("'version': 1, 'zone': 'Europe/Berlin', 'organization': {'budgets': ["
                + "{'amount': '1', 'period': 'day'}, {'amount': '1', 'period': 'hour', 'zone': 'UTC'}]}");
        assertThat(policy.organization())
                .extracting(budget -> budget.terms().zone().getId())
                .containsExactly("UTC", "Europe/Berlin");
    }

    @Test
    void readsAFileWithAVersionOnly() throws Exception {
        var policy = Policies.parse("'version': 999999999999999");
        assertThat(policy.version()).isEqualTo(999_999_999_999_999L);
        assertThat(policy.principals()).isEmpty();
        assertThat(policy.enforces()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "0,                    0",
        "0.000000001,          1",
        "5,                    5000000000",
        "0.10,                 100000000",
        "007.50,               7500000000",
        "999999999.999999999,  999999999999999999",
    })
    void readsAmountsExactly(String text, long nanos) throws Exception {
        assertThat(PolicySyntax.amount(text)).isEqualTo(nanos);
    }

    @Test
    void givesAClientTheTokenOfItsOwnNameWhereItNamesNone() throws Exception {
        var policy = Policies.parse(Policies.COVERED + ", 'clients': [" + Policies.client("ada", "") + ","
                + Policies.client("bob", "'token_names': []") + ","
                + Policies.client("eve", "'token_names': ['shared']") + "]");
        assertThat(policy.principal("ada").map(Principal::name)).contains("ada");
        assertThat(policy.principal("bob")).isEmpty();
        assertThat(policy.principal("shared").map(Principal::name)).contains("eve");
        assertThat(policy.principal("eve")).isEmpty();
    }

    @Test
    void makesTheOnlyTeamPay() throws Exception {
        var policy = Policies.parse(Policies.COVERED + ", 'teams': [{'name': 'blue'}], 'clients': ["
                + Policies.client("ada", "'teams': ['blue']") + "," + Policies.client("bob", "") + "]");
        assertThat(policy.principals().get(0).membership().payer().map(Policy.Team::name))
                .contains("blue");
        assertThat(policy.principals().get(1).membership().payer()).isEmpty();
    }

    @Test
    void sortsTheBudgetsOfOneOwnerByPeriod() throws Exception {
        var policy = Policies.parse("'version': 1, 'organization': {'budgets': [{'amount': '3', 'period': 'lifetime'},"
                + "{'amount': '2', 'period': 'month'}, {'amount': '1', 'period': 'hour'}]}");
        assertThat(policy.organization())
                .extracting(Budget::key)
                .containsExactly("organization/hour", "organization/month", "organization/lifetime");
    }

    static byte[] sample() throws IOException {
        try (var file = PolicyFileTest.class.getResourceAsStream("policy.json")) {
            assertThat(file).isNotNull();
            return file.readAllBytes();
        }
    }
}
