package dev.warder.policy;

import static dev.warder.policy.Policies.client;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.StoredPolicy.StoredObject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Objects of the database. */
class StoredPolicyTest {
    private final LivePolicy live = LivePolicy.ofDatabase(Optional.empty());

    private static StoredPolicy stored(long revision, String... objects) {
        var all = new TreeMap<PolicyName, StoredObject>();
        for (int i = 0; i < objects.length; i += 2) {
            var name = PolicyName.parse(objects[i]).orElseThrow();
            all.put(
                    name,
                    new StoredObject(name, objects[i + 1].replace('\'', '"'), revision, Instant.EPOCH, Instant.EPOCH));
        }
        return new StoredPolicy(new StoredPolicy.Head(revision, 0, ""), all, Map.of());
    }

    /** A client of the database has no token of {@code clients.file} that it does not list. */
    @Test
    void aTokenOfItsNameIsNotThatOfAClientOfTheDatabase() throws Exception {
        live.accept(
                stored(1, "client/bob", client("bob", ""), "client/eve", client("eve", "'token_names': ['laptop']")));
        assertThat(live.current().principal("bob")).isEmpty();
        assertThat(live.current().principal("laptop")).isPresent();
        assertThat(live.current()
                        .entryOfClient("bob", List.of("t"))
                        .orElseThrow()
                        .tags())
                .containsExactly("t");
    }

    @Test
    void leavesOutWhatDoesNotFitAndKeepsTheRest() throws Exception {
        live.accept(stored(
                1,
                "organization",
                "{}",
                "client/Ada",
                client("Ada", "'token_names': ['laptop']"),
                "client/ada",
                client("ada", ""),
                "client/bob",
                client("bob", "'teams': ['red']"),
                "client/cyd",
                client("cyd", "'token_names': ['laptop']"),
                "client/laptop",
                client("laptop", ""),
                "client/dan",
                client("dan", "'colour': 'red'"),
                "client/eve",
                client("eve", ""),
                "team/Eve",
                "{'name': 'Eve'}"));
        assertThat(live.unusable().keySet())
                .extracting(PolicyName::text)
                .containsExactly("client/ada", "client/bob", "client/cyd", "client/dan", "client/eve", "client/laptop");
        assertThat(live.current().principals()).extracting(Principal::name).containsExactly("Ada");
        assertThat(live.current().teams()).extracting(Policy.Team::name).containsExactly("Eve");
    }

    /** No client is unlimited by accident, wherever the budgets are. */
    @Test
    void aClientNeedsABudgetWhereAnythingEnforcesOne() throws Exception {
        String budget = "'budgets': [{'amount': '5', 'period': 'day'}]";
        live.accept(stored(1, "client/bob", client("bob", budget), "client/eve", client("eve", "")));
        assertThat(live.unusable()).containsOnlyKeys(PolicyName.client("eve"));
        live.accept(stored(
                2,
                "client/bob",
                client("bob", budget),
                "client/eve",
                client("eve", ""),
                "organization",
                "{" + budget + "}"));
        assertThat(live.unusable()).isEmpty();
        assertThat(live.current().budgetsByKey()).containsOnlyKeys("client/bob/day", "organization/day");
        var byDefault = LivePolicy.ofDatabase(Optional.of(DefaultBudget.parse("3/day")));
        byDefault.accept(stored(1, "client/eve", client("eve", "")));
        assertThat(byDefault.current().budgetsByKey()).containsOnlyKeys("client/eve/day");
    }

    /** Budgets follow the policy with the highest number, which must not fall when the file is removed. */
    @Test
    void theNumberDoesNotFallWithoutTheFile() {
        var alone = LivePolicy.ofDatabase(Optional.empty());
        alone.usedElsewhere(new Policy.Version(20, "0".repeat(64)));
        assertThat(alone.supersededBy())
                .as("there is no file that could be outdated")
                .isEmpty();
        alone.accept(stored(3, "client/bob", client("bob", "")));
        assertThat(alone.current().version()).isEqualTo(23);
        alone.usedElsewhere(new Policy.Version(21, "0".repeat(64)));
        assertThat(alone.current().version()).as("read late").isEqualTo(24);
    }
}
