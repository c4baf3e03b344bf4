package dev.warder.policy;

import static dev.warder.policy.Policies.client;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyTest {
    private static final String MONTH = "'budgets': [{'amount': '5', 'period': 'month'}]";
    private static final String TWO =
            "'budgets': [{'amount': '5', 'period': 'lifetime'}, {'amount': '5', 'period': 'hour'}]";

    @Test
    void chargesClientTeamOrganizationTagsModelsAndSessionInThisOrder() throws Exception {
        var policy = Policies.parse("'version': 1, 'sessions': {" + TWO + "}, 'models': [{'name': 'opus*', " + MONTH
                + "}, {'name': '*', " + MONTH + "}], 'tags': [{'name': 'z', " + MONTH + "}, {'name': 'b', " + TWO
                + "}],"
                + " 'organization': {" + TWO + "}, 'teams': [{'name': 'blue', " + TWO + "}, {'name': 'red', " + MONTH
                + "}], 'clients': ["
                + client("ada", "'teams': ['red', 'blue'], 'payer': 'blue', 'tags': ['z', 'a'], " + TWO)
                + "]");
        assertThat(keys(policy, Optional.of("opus-5"), List.of("b", "z", "c"), Optional.of("s-1")))
                .containsExactly(
                        "client/ada/hour",
                        "client/ada/lifetime",
                        "team/blue/hour",
                        "team/blue/lifetime",
                        "organization/hour",
                        "organization/lifetime",
                        "tag/b/hour",
                        "tag/b/lifetime",
                        "tag/z/month",
                        "model/opus*/month",
                        "model/*/month",
                        "session/ada/s-1/hour",
                        "session/ada/s-1/lifetime");
    }

    @Test
    void chargesTheSameByTheEntryOfTheClientInThisVersion() throws Exception {
        var policy = Policies.parse("'version': 3, 'organization': {" + TWO + "}, 'teams': [{'name': 'red', " + MONTH
                + "}], 'clients': [" + client("ada", "'teams': ['red'], 'token_names': ['laptop']") + "]");
        assertThat(policy.entry("laptop").orElseThrow().tags()).isEmpty();
        var entry = policy.entryOfClient("ada", List.of("t")).orElseThrow();
        assertThat(entry.budgets(Optional.of("m"), Optional.of("s")))
                .isEqualTo(policy.budgets(entry.principal(), Optional.of("m"), List.of("t"), Optional.of("s")))
                .extracting(Budget::key)
                .containsExactly("team/red/month", "organization/hour", "organization/lifetime");
        assertThat(entry.payer().map(Policy.Team::name)).contains("red");
        assertThat(entry).hasToString("PolicyEntry[ada, version 3]");
        assertThat(policy.entry("ada")).isEmpty();
    }

    @Test
    void chargesNeitherModelsNorSessionsOfARequestThatHasNone() throws Exception {
        var policy = Policies.parse("'version': 1, 'sessions': {" + MONTH + "}, 'models': [{'name': '*', " + MONTH
                + "}], 'clients': [" + client("ada", MONTH) + "]");
        assertThat(keys(policy, Optional.empty(), List.of(), Optional.empty())).containsExactly("client/ada/month");
    }

    @Test
    void chargesNothingOfAnotherClientOrTeam() throws Exception {
        var policy = Policies.parse("'version': 1, 'teams': [{'name': 'blue', " + MONTH + "}], 'clients': ["
                + client("ada", MONTH) + "," + client("bob", "'teams': ['blue']") + "]");
        assertThat(keys(policy, Optional.of("m"), List.of("x"), Optional.of("s")))
                .containsExactly("client/ada/month");
    }

    @ParameterizedTest
    @CsvSource({
        "opus-5,  opus-5,            true",
        "opus-5,  opus-5-20261101,   true",
        "opus-5,  opus-5@20261101,   true",
        "opus-5,  opus-5-latest,     true",
        "opus-5,  opus-5[1m],        true",
        "opus-5,  opus-5-20261101[1m], true",
        "opus-5,  opus-55,           false",
        "opus-5,  opus-5-2026,       false",
        "opus-5,  Opus-5,            false",
        "opus-*,  opus-5,            true",
        "opus-*,  opus,              false",
        "*,       anything,          true",
    })
    void chargesTheBudgetOfAModelWhateverTheDateAtTheEndOfItsName(String pattern, String model, boolean charged)
            throws Exception {
        var policy = Policies.parse("'version': 1, 'models': [{'name': '" + pattern + "', " + MONTH + "}], 'clients': ["
                + client("ada", "'budgets': 'unlimited'") + "]");
        assertThat(keys(policy, Optional.of(model), List.of(), Optional.empty()))
                .hasSize(charged ? 1 : 0);
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/messages,  /v1/messages,               true",
        "/v1/messages,  /v1/messages/count_tokens,  false",
        "/v1/messages*, /v1/messages,               true",
        "/v1/messages*, /v1/messages/count_tokens,  true",
        "/v1/messages*, /v1/messagesx,              false",
        "/v1/messages*, /anthropic/v1/messages,     false",
        "/v1/messages*, /v1/message,                false",
        "/v1/*,         /v1/files,                  true",
        "/v1/*,         /v1,                        false",
        "/*,            /anything/else,             true",
        "/,             /,                          true",
        "/,             /v1,                        false",
    })
    void permitsPathsAsTheTableOfRoutesWritesThem(String pattern, String path, boolean permitted) throws Exception {
        var policy = Policies.parse(
                Policies.COVERED + ", 'clients': [" + client("ada", "'paths': ['" + pattern + "', '/other']") + "]");
        assertThat(policy.principals().get(0).mayUsePath(path)).isEqualTo(permitted);
        assertThat(policy.principals().get(0).mayUsePath("/other")).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"''", "v1", "/v1/", "//", "/v1//x", "/v1/*/x", "**", "/v1/**", "/v1?x", "/v1/%2e", "/a b", "/ä", "/v1;x"
    })
    void refusesAPatternThatNoCanonicalPathCouldMatch(String pattern) {
        assertThatThrownBy(() -> new Access.PathPattern(pattern)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void knowsNoClientBeforeAFileWasRead() {
        assertThat(Policy.NOTHING.principal("ada")).isEmpty();
        assertThat(Policy.NOTHING.version()).isZero();
        assertThat(Policy.NOTHING.enforces()).isFalse();
    }

    @Test
    void enforcesWhereASessionDoes() throws Exception {
        assertThat(Policies.parse("'version': 1, 'sessions': {" + MONTH + "}").enforces())
                .isTrue();
    }

    private static List<String> keys(
            Policy policy, Optional<String> model, List<String> tags, Optional<String> session) {
        return policy.budgets(policy.principals().get(0), model, tags, session).stream()
                .map(Budget::key)
                .toList();
    }
}
