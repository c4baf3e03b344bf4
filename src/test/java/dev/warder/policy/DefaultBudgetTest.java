package dev.warder.policy;

import static dev.warder.policy.Policies.client;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.warder.config.InvalidValueException;
import dev.warder.testkit.EachRow;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** No client is unlimited by accident. */
class DefaultBudgetTest {
    private static final String DAY = "'budgets': [{'amount': '5', 'period': 'day'}]";
    private static final String WARNING = "'budgets': [{'amount': '5', 'period': 'day', 'mode': 'warn'}]";
    private static final String SHADOW = "'budgets': [{'amount': '5', 'period': 'day', 'mode': 'shadow'}]";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'clients': [{'name': 'ada', 'kind': 'person', " + DAY + "}, B]",
                "'clients': [B], 'teams': [{'name': 'blue', " + DAY + "}]",
                "'clients': [B], 'tags': [{'name': 'x', " + DAY + "}]",
                "'clients': [B], 'models': [{'name': 'x', " + DAY + "}]",
                "'clients': [B], 'sessions': {" + DAY + "}",
            })
    void namesTheClientThatNothingLimitsWhereAnythingIsLimited(String members) {
        assertThat(Policies.problem("'version': 1, " + members.replace("B", client("bob", ""))))
                .isEqualTo("clients: no enforcing budget limits bob: give them, their team or the organization one, set"
                        + " budget.default, or write \"budgets\": \"unlimited\"");
    }

    @Test
    void needsNoDecisionWhereNothingIsLimited() throws Exception {
        var policy = Policies.parse(
                "'version': 1, 'organization': {" + WARNING + "}, 'clients': [" + client("bob", SHADOW) + "]");
        assertThat(policy.enforces()).isFalse();
        assertThat(policy.principals()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'organization': {" + DAY + "}, 'clients': [{'name': 'bob', 'kind': 'person'}]",
                "'teams': [{'name': 'blue', " + DAY
                        + "}], 'clients': [{'name': 'bob', 'kind': 'person', 'teams': ['blue']}]",
                "'clients': [{'name': 'bob', 'kind': 'person', " + DAY + "}]",
            })
    void isSatisfiedByABudgetOfTheClientItsTeamOrTheOrganization(String members) throws Exception {
        assertThat(Policies.parse("'version': 1, " + members).enforces()).isTrue();
        var withDefault = Policies.parse("'version': 1, " + members, "1/hour");
        assertThat(withDefault.budgetsByKey())
                .as("a default that is not needed")
                .doesNotContainKey("client/bob/hour");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'organization': {" + WARNING + "}",
                "'organization': {" + SHADOW + "}",
                "'teams': [{'name': 'blue', " + WARNING + "}, {'name': 'red', " + DAY + "}]",
            })
    void isNotSatisfiedByABudgetThatDoesNotEnforceOrOfATeamThatDoesNotPay(String members) {
        String teams = members.contains("teams") ? "'teams': ['red', 'blue'], 'payer': 'blue'" : "";
        assertThat(Policies.problem("'version': 1, 'sessions': {" + DAY + "}, " + members + ", 'clients': ["
                        + client("bob", teams) + "]"))
                .startsWith("clients: no enforcing budget limits bob:");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'clients': [{'name': 'bob', 'kind': 'person', 'budgets': 'unlimited'}]",
                "'clients': [{'name': 'bob', 'kind': 'person', 'budgets': ['unlimited', {'amount': '9', 'period': 'month', 'mode': 'warn'}]}]",
                "'teams': [{'name': 'blue', 'budgets': 'unlimited'}], 'clients': [{'name': 'bob', 'kind': 'person', 'teams': ['blue']}]",
            })
    void isSatisfiedByTheWordUnlimited(String members) throws Exception {
        var policy = Policies.parse("'version': 1, 'sessions': {" + DAY + "}, " + members, "1/hour");
        assertThat(policy.principals().get(0).budgets().enforces()).isFalse();
        Policies.parse("'version': 1, 'sessions': {" + DAY + "}, " + members);
    }

    @Test
    void givesEachClientThatNothingLimitsABudgetOfItsOwn() throws Exception {
        var policy = Policies.parse(
                "'version': 1, 'zone': 'Europe/Berlin', 'clients': [" + client("ada", WARNING.replace("day", "week"))
                        + "," + client("bob", "") + "," + client("eve", DAY) + "]",
                "50/month");
        assertThat(policy.budgetsByKey().keySet())
                .containsExactly("client/ada/week", "client/ada/month", "client/bob/month", "client/eve/day");
        var terms = policy.principals().get(1).budgets().budgets().get(0).terms();
        assertThat(terms.nanos()).isEqualTo(50_000_000_000L);
        assertThat(terms.zone().getId()).isEqualTo("Europe/Berlin");
        assertThat(terms.enforces()).isTrue();
        assertThat(policy.enforces()).isTrue();
    }

    @Test
    void givesNoBudgetWhereTheWordIsTheDefault() throws Exception {
        var policy = Policies.parse(
                "'version': 1, 'sessions': {" + DAY + "}, 'clients': [" + client("bob", "") + "]", "unlimited");
        assertThat(policy.budgetsByKey()).isEmpty();
    }

    @Test
    void refusesADefaultForThePeriodOfABudgetThatDoesNotEnforce() {
        assertThat(Policies.problem("'version': 1, 'clients': [" + client("bob", WARNING) + "]", "1/day"))
                .isEqualTo(
                        "client 1 (bob): budgets: has a budget that does not enforce, for the period of budget.default;"
                                + " make it enforce, or add the word unlimited");
    }

    @Test
    void namesTwentyClientsAndCountsTheOthers() {
        var clients =
                IntStream.rangeClosed(1, 23).mapToObj(i -> client("c" + i, "")).collect(Collectors.joining(","));
        assertThat(Policies.problem("'version': 1, 'sessions': {" + DAY + "}, 'clients': [" + clients + "]"))
                .contains("limits c1, c2,", "c20 and 3 more: give")
                .doesNotContain("c21");
    }

    @Test
    void addsNothingToTheProblemsOfABudgetThatCannotBeRead() {
        assertThat(Policies.problem("'version': 1, 'sessions': {" + DAY + "}, 'clients': ["
                        + client("bob", DAY.replace("'5'", "'five'")) + "]"))
                .startsWith("client 1 (bob): budgets: item 1: amount: must be")
                .doesNotContain("no enforcing budget");
    }

    @ParameterizedTest
    @CsvSource({
        "50/month,        50000000000,  MONTH",
        "0.5 / hour,      500000000,    HOUR",
        "0/lifetime,      0,            LIFETIME",
    })
    void readsAnAmountAndAPeriod(String text, long nanos, Period period) throws Exception {
        assertThat(DefaultBudget.parse(text)).isEqualTo(new DefaultBudget.Limited(nanos, period));
    }

    @EachRow({
        "50|must be US dollars and a period, such as 50/month, or the word unlimited",
        "Unlimited|must be US dollars and a period, such as 50/month, or the word unlimited",
        "/month|must be an amount of US dollars such as 250.00",
        "-1/month|must be an amount of US dollars such as 250.00",
        "50/|must be hour, day, week, month or lifetime",
        "50/planted|must be hour, day, week, month or lifetime",
        "50/month/UTC|must be hour, day, week, month or lifetime",
    })
    void refusesAnythingElse(String text, String problem) {
        assertThat(catchThrowableOfType(InvalidValueException.class, () -> DefaultBudget.parse(text))
                        .reason())
                .startsWith(problem);
    }
}
