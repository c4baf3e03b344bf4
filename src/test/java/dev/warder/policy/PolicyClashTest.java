package dev.warder.policy;

import static dev.warder.policy.Policies.COVERED;
import static dev.warder.policy.Policies.client;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyClashTest {
    private static final String SAME = ", apart from the case of letters";

    @Test
    void refusesTwoClientsOfOneName() {
        assertThat(clients(
                        client("ada", "'token_names': ['x']"),
                        client("bob", ""),
                        client("ada", "'token_names': ['y']")))
                .isEqualTo("client 3 (ada): name: is that of client 1 (ada)" + SAME);
    }

    @Test
    void refusesNamesThatDifferInTheCaseOfLettersOnly() {
        assertThat(clients(client("ada", ""), client("Ada", "")))
                .isEqualTo("client 2 (Ada): name: is that of client 1 (ada)" + SAME);
    }

    @Test
    void refusesTwoTeamsOfOneName() {
        assertThat(Policies.problem(COVERED + ", 'teams': [{'name': 'blue'}, {'name': 'BLUE'}]"))
                .isEqualTo("team 2 (BLUE): name: is that of team 1 (blue)" + SAME);
    }

    @Test
    void refusesAClientWithTheNameOfATeam() {
        assertThat(Policies.problem(COVERED + ", 'teams': [{'name': 'blue'}], 'clients': [" + client("blue", "") + "]"))
                .isEqualTo("client 1 (blue): name: is that of team 1 (blue)" + SAME);
    }

    @Test
    void refusesTwoClientsOfOneExternalId() {
        assertThat(clients(
                        client("a", "'external_id': 'Ada@example.com'"),
                        client("b", "'external_id': 'ada@example.com'")))
                .isEqualTo("client 2 (b): external_id: is that of client 1 (a)" + SAME);
    }

    @Test
    void refusesTwoTeamsOfOneExternalId() {
        assertThat(Policies.problem(
                        COVERED + ", 'teams': [{'name': 'a', 'external_id': '1'}, {'name': 'b', 'external_id': '1'}]"))
                .isEqualTo("team 2 (b): external_id: is that of team 1 (a)" + SAME);
    }

    @Test
    void permitsATeamAndAClientOfOneExternalId() throws Exception {
        var policy = Policies.parse(COVERED + ", 'teams': [{'name': 'a', 'external_id': '1'}], 'clients': ["
                + client("b", "'external_id': '1'") + "]");
        assertThat(policy.principals()).hasSize(1);
    }

    @Test
    void refusesATokenOfTwoClients() {
        assertThat(clients(client("a", "'token_names': ['x', 'y']"), client("b", "'token_names': ['z', 'y']")))
                .isEqualTo("client 2 (b): token_names: item 2: is a token of client 1 (a)");
    }

    @Test
    void refusesATokenOfAClientThatHasItByItsName() {
        assertThat(clients(client("a", ""), client("b", "'token_names': ['a']")))
                .isEqualTo("client 2 (b): token_names: item 1: is a token of client 1 (a)");
        assertThat(clients(client("a", "'token_names': ['b']"), client("b", "")))
                .startsWith(
                        "client 2 (b): token_names: is missing, and the token of the client's name is one of client 1 (a)");
    }

    @Test
    void refusesATokenWithTheNameOfAnotherClient() {
        assertThat(clients(client("a", "'token_names': ['x']"), client("b", "'token_names': ['a']")))
                .isEqualTo("client 2 (b): token_names: has the name of client 1 (a)");
        assertThat(clients(client("ada", "'token_names': ['x']"), client("bob", "'token_names': ['Ada']")))
                .isEqualTo("client 2 (bob): token_names: has the name of client 1 (ada)");
        assertThat(clients(client("Ada", "'token_names': ['x']"), client("bob", "'token_names': ['ada']")))
                .isEqualTo("client 2 (bob): token_names: has the name of client 1 (Ada)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"shared", "open", "Open"})
    void refusesTheNamesOfCallersWithoutATokenOfTheirOwn(String name) throws Exception {
        String reason = "name: must not be shared or open, which only token_names may contain";
        assertThat(clients(client(name, ""))).isEqualTo("client 1 (" + name + "): " + reason);
        assertThat(clients(client(name, "'token_names': []"))).contains(reason);
        assertThat(Policies.problem("'version': 1, 'teams': [{'name': '" + name + "'}]"))
                .isEqualTo("team 1 (" + name + "): " + reason);
        var policy =
                Policies.parse("'version': 1, 'clients': [" + client("all", "'token_names': ['shared', 'open']") + "]");
        assertThat(policy.principal("open"))
                .isEqualTo(policy.principal("shared"))
                .isPresent();
    }

    @Test
    void refusesATagTwice() {
        assertThat(Policies.problem(
                        "'version': 1, 'tags': [{'name': 'x', 'budgets': []}, {'name': 'x', 'budgets': []}]"))
                .isEqualTo("tag 2 (x): name: is that of tag 1 (x)" + SAME);
    }

    @Test
    void refusesAPatternOfModelsTwice() {
        assertThat(Policies.problem(
                        "'version': 1, 'models': [{'name': 'x*', 'budgets': []}, {'name': 'x*', 'budgets': []}]"))
                .isEqualTo("model 2: name: is that of model 1" + SAME);
    }

    private static String clients(String... clients) {
        return Policies.problem(COVERED + ", 'clients': [" + String.join(",", clients) + "]");
    }
}
