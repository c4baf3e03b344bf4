package dev.warder.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.config.ModelPattern;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RateLimitsTest {
    private static final String PLACE = "client 1 (ada): limits";

    @Test
    void aRequestHasTheLimitsOfItsClientItsPayerTheOrganizationAndItsModel() throws Exception {
        var entry = Policies.parse("'version': 1,"
                        + " 'organization': {'limits': {'requests_per_minute': 1}},"
                        + " 'teams': [{'name': 'blue', 'limits': {'input_tokens_per_minute': 2}},"
                        + "   {'name': 'red', 'limits': {'input_tokens_per_minute': 9}}],"
                        + " 'clients': [{'name': 'ada', 'kind': 'person', 'teams': ['blue', 'red'], 'payer': 'blue',"
                        + "   'limits': {'output_tokens_per_minute': 3, 'concurrent_requests': 4}}],"
                        + " 'models': [{'name': 'claude-opus-*', 'limits': {'requests_per_minute': 5}},"
                        + "   {'name': 'claude-haiku-*', 'limits': {'requests_per_minute': 6}}]")
                .entry("ada")
                .orElseThrow();

        assertThat(entry.limits(List.of("claude-opus-5[1m]")))
                .containsExactly(
                        new RateLimits.Owned(
                                Budget.Scope.CLIENT,
                                "ada",
                                new RateLimits(none(), none(), OptionalLong.of(3), OptionalLong.of(4))),
                        new RateLimits.Owned(
                                Budget.Scope.TEAM, "blue", new RateLimits(none(), OptionalLong.of(2), none(), none())),
                        new RateLimits.Owned(Budget.Scope.ORGANIZATION, "", requests(1)),
                        new RateLimits.Owned(
                                Budget.Scope.MODEL,
                                "claude-opus-*",
                                requests(5),
                                ModelPattern.nameOrPrefix("claude-opus-*")));
        assertThat(entry.limits(List.of("claude-haiku-4-5", "claude-opus-5"))).hasSize(5);
        assertThat(entry.limits(List.of(""))).as("any model").hasSize(5);
        assertThat(entry.limits(List.of())).hasSize(3);
        assertThat(entry.limitsNeedContent()).isTrue();
    }

    @Test
    void aClientWithoutLimitsHasNone() throws Exception {
        var entry = Policies.parse("'version': 1, 'clients': [" + Policies.client("ada", "") + "]")
                .entry("ada")
                .orElseThrow();
        assertThat(entry.limits(List.of("claude-opus-5"))).isEqualTo(List.of());
        assertThat(entry.limitsNeedContent()).isFalse();
    }

    @Test
    void allButLimitsOfRequestsNeedTheContent() throws Exception {
        assertThat(ofClient("'requests_per_minute': 1").limitsNeedContent()).isFalse();
        assertThat(ofClient("'concurrent_requests': 1").limitsNeedContent()).isTrue();
        assertThat(ofClient("'input_tokens_per_minute': 1").limitsNeedContent()).isTrue();
        assertThat(ofClient("'output_tokens_per_minute': 1").limitsNeedContent())
                .isTrue();
    }

    private static Policy.Entry ofClient(String limits) throws Exception {
        return Policies.parse("'version': 1, 'clients': [" + Policies.client("ada", "'limits': {" + limits + "}") + "]")
                .entry("ada")
                .orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "1.5", "'60'", "1e3", "1000000000001", "null", "[1]", "99999999999999999999"})
    void refusesWhatIsNoNumberOfRequests(String number) {
        assertThat(problem("{'requests_per_minute': " + number + "}"))
                .isEqualTo(PLACE
                        + ": requests_per_minute: must be a whole number from 1 to 1000000000000, without quotes");
    }

    @Test
    void refusesMoreRequestsAtTheSameTimeThanAServerHas() {
        assertThat(problem("{'concurrent_requests': 1000001}"))
                .isEqualTo(PLACE + ": concurrent_requests: must be a whole number from 1 to 1000000, without quotes");
    }

    @Test
    void refusesUnknownMembersAndOtherValues() {
        assertThat(problem("{'requests_per_minutes': 5}"))
                .contains("requests_per_minutes: unknown member; did you mean requests_per_minute?");
        assertThat(problem("{}")).isEqualTo(PLACE + ": must not be empty; leave it out for no limit");
        assertThat(problem("60")).isEqualTo(PLACE + ": must be an object");
    }

    @Test
    void aModelNeedsABudgetOrALimit() {
        assertThat(Policies.problem("'version': 1, 'models': [{'name': 'claude-opus-*'}]"))
                .isEqualTo("model 1: budgets: is missing, and so is limits");
        assertThat(Policies.problem("'version': 1, 'tags': [{'name': 'x', 'limits': {'requests_per_minute': 1}}]"))
                .contains("limits: unknown member");
    }

    private static String problem(String limits) {
        return Policies.problem("'version': 1, 'clients': [" + Policies.client("ada", "'limits': " + limits) + "]");
    }

    private static RateLimits requests(long most) {
        return new RateLimits(OptionalLong.of(most), none(), none(), none());
    }

    private static OptionalLong none() {
        return OptionalLong.empty();
    }
}
