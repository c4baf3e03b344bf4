package dev.warder.policy;

import static dev.warder.policy.Policies.COVERED;
import static dev.warder.policy.Policies.client;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.EachRow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyClashTest {
    private static final String SAME = ", apart from the case of letters";

    /** Parentheses stand for a client. */
    @EachRow({
        "'clients': [(ada, 'token_names': ['x']), (bob), (ada, 'token_names': ['y'])]"
                + " | client 3 (ada): name: is that of client 1 (ada)" + SAME,
        "'clients': [(ada), (Ada)] | client 2 (Ada): name: is that of client 1 (ada)" + SAME,
        "'teams': [{'name': 'blue'}, {'name': 'BLUE'}] | team 2 (BLUE): name: is that of team 1 (blue)" + SAME,
        "'teams': [{'name': 'blue'}], 'clients': [(blue)] | client 1 (blue): name: is that of team 1 (blue)" + SAME,
        "'clients': [(a, 'external_id': 'Ada@example.com'), (b, 'external_id': 'ada@example.com')]"
                + " | client 2 (b): external_id: is that of client 1 (a)" + SAME,
        "'teams': [{'name': 'a', 'external_id': '1'}, {'name': 'b', 'external_id': '1'}]"
                + " | team 2 (b): external_id: is that of team 1 (a)" + SAME,
        "'clients': [(a, 'token_names': ['x', 'y']), (b, 'token_names': ['z', 'y'])]"
                + " | client 2 (b): token_names: item 2: is a token of client 1 (a)",
        "'clients': [(a), (b, 'token_names': ['a'])] | client 2 (b): token_names: item 1: is a token of client 1 (a)",
        "'clients': [(a, 'token_names': ['b']), (b)]"
                + " | client 2 (b): token_names: is missing, and the token of the client's name is one of client 1 (a)"
                + "; client 1 (a): token_names: has the name of client 2 (b)",
        "'clients': [(a, 'token_names': ['x']), (b, 'token_names': ['a'])]"
                + " | client 2 (b): token_names: has the name of client 1 (a)",
        "'clients': [(ada, 'token_names': ['x']), (bob, 'token_names': ['Ada'])]"
                + " | client 2 (bob): token_names: has the name of client 1 (ada)",
        "'clients': [(Ada, 'token_names': ['x']), (bob, 'token_names': ['ada'])]"
                + " | client 2 (bob): token_names: has the name of client 1 (Ada)",
        "'tags': [{'name': 'x', 'budgets': []}, {'name': 'x', 'budgets': []}]"
                + " | tag 2 (x): name: is that of tag 1 (x)" + SAME,
        "'models': [{'name': 'x*', 'budgets': []}, {'name': 'x*', 'budgets': []}]"
                + " | model 2: name: is that of model 1" + SAME,
    })
    void refusesWhatClashes(String members, String problem) {
        var clients = members.replaceAll("\\((\\w+)(.*?)\\)", "{'name': '$1', 'kind': 'person'$2}");
        assertThat(Policies.problem(COVERED + ", " + clients)).isEqualTo(problem);
    }

    @Test
    void permitsATeamAndAClientOfOneExternalId() throws Exception {
        var policy = Policies.parse(COVERED + ", 'teams': [{'name': 'a', 'external_id': '1'}], 'clients': ["
                + client("b", "'external_id': '1'") + "]");
        assertThat(policy.principals()).hasSize(1);
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

    private static String clients(String client) {
        return Policies.problem(COVERED + ", 'clients': [" + client + "]");
    }
}
