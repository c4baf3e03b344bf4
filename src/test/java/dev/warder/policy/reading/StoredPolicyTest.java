package dev.warder.policy.reading;

import static dev.warder.policy.reading.Policies.bytes;
import static dev.warder.policy.reading.Policies.client;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.warder.config.InvalidValueException;
import dev.warder.policy.PolicyVersion;
import dev.warder.policy.Principal;
import dev.warder.policy.Team;
import dev.warder.policy.reading.LivePolicy.Sources;
import dev.warder.policy.store.PolicyHead;
import dev.warder.policy.store.PolicyName;
import dev.warder.policy.store.StoredObject;
import dev.warder.policy.store.StoredPolicy;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Objects of the database together with a file, and alone. */
class StoredPolicyTest {
    private final LivePolicy live = new LivePolicy(Optional.empty(), Sources.FILE_AND_DATABASE);

    private static StoredPolicy stored(long revision, String... objects) {
        var all = new TreeMap<PolicyName, StoredObject>();
        for (int i = 0; i < objects.length; i += 2) {
            var name = PolicyName.parse(objects[i]).orElseThrow();
            all.put(
                    name,
                    new StoredObject(name, objects[i + 1].replace('\'', '"'), revision, Instant.EPOCH, Instant.EPOCH));
        }
        return new StoredPolicy(new PolicyHead(revision, 0, ""), all, Map.of());
    }

    @Test
    void awaitsTheDatabaseAndJoinsBothSources() throws Exception {
        live.accept(bytes("{'version': 7, 'teams': [{'name': 'blue'}], 'clients': [" + client("ada", "") + "]}"));
        assertThat(live.awaitsDatabase()).isTrue();
        assertThat(live.current().version()).isEqualTo(7);
        live.accept(stored(3, "client/bob", client("bob", "'teams': ['blue']")));
        assertThat(live.awaitsDatabase()).isFalse();
        assertThat(live.current().version())
                .as("each change of either source makes it higher")
                .isEqualTo(10);
        assertThat(live.current().principals()).extracting(Principal::name).containsExactly("ada", "bob");
        assertThat(live.current().principals()).extracting(Principal::ofFile).containsExactly(true, false);
        assertThat(live.version().number()).as("of the file").isEqualTo(7);
        assertThat(live.owners().clients())
                .as("what other nodes know of the file")
                .containsOnlyKeys("ada");
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
        live.accept(bytes(
                "{'version': 1, 'organization': {}, 'clients': [" + client("ada", "'token_names': ['laptop']") + "]}"));
        live.accept(stored(
                1,
                "organization",
                "{}",
                "client/ada",
                client("ada", ""),
                "client/ADA",
                client("ADA", ""),
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
                .containsExactly(
                        "organization",
                        "client/ADA",
                        "client/ada",
                        "client/bob",
                        "client/cyd",
                        "client/dan",
                        "client/eve",
                        "client/laptop");
        assertThat(live.current().principals()).extracting(Principal::name).containsExactly("ada");
        assertThat(live.current().teams()).extracting(Team::name).containsExactly("Eve");
    }

    /** The operator sees the mistake where it was made, and no client loses access by it. */
    @Test
    void refusesAFileThatMakesAnObjectUnusable() throws Exception {
        live.accept(bytes("{'version': 1, 'teams': [{'name': 'blue'}]}"));
        live.accept(stored(1, "client/bob", client("bob", "'teams': ['blue']")));
        var before = live.current();
        assertThat(problem("{'version': 2, 'teams': [{'name': 'blue'}], 'clients': [" + client("bob", "") + "]}"))
                .contains("client/bob (policy.file has it too, and the file decides)");
        assertThat(problem("{'version': 2}")).contains("client/bob", "is not the name of a team");
        assertThat(live.current()).isSameAs(before);
        live.accept(bytes("{'version': 2, 'teams': [{'name': 'blue'}, {'name': 'red'}]}"));
        assertThat(live.current().version()).isEqualTo(3);
    }

    private String problem(String file) {
        return catchThrowableOfType(InvalidValueException.class, () -> live.accept(bytes(file)))
                .reason();
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
        var byDefault = new LivePolicy(Optional.of(DefaultBudget.parse("3/day")), Sources.DATABASE);
        byDefault.accept(stored(1, "client/eve", client("eve", "")));
        assertThat(byDefault.current().budgetsByKey()).containsOnlyKeys("client/eve/day");
    }

    /** A budget in the database must not leave clients of the file without one. */
    @Test
    void aClientOfTheFileNeedsABudgetToo() throws Exception {
        live.accept(bytes("{'version': 1, 'clients': [" + client("ada", "") + "]}"));
        live.accept(stored(1));
        assertThat(live.current().principals()).hasSize(1);
        assertThat(live.unusableIn(
                        stored(2, "team/blue", "{'name': 'blue', 'budgets': [{'amount': '5', 'period': 'day'}]}")))
                .containsOnlyKeys(PolicyName.client("ada"));
    }

    /** Budgets follow the policy with the highest number, which must not fall when the file is removed. */
    @Test
    void theNumberDoesNotFallWithoutTheFile() {
        var alone = new LivePolicy(Optional.empty(), Sources.DATABASE);
        alone.usedElsewhere(new PolicyVersion(20, "0".repeat(64)));
        assertThat(alone.supersededBy())
                .as("there is no file that could be outdated")
                .isEmpty();
        alone.accept(stored(3, "client/bob", client("bob", "")));
        assertThat(alone.current().version()).isEqualTo(23);
        alone.usedElsewhere(new PolicyVersion(21, "0".repeat(64)));
        assertThat(alone.current().version()).as("read late").isEqualTo(24);
    }

    @Test
    void showsTheObjectsOfTheFile() throws Exception {
        live.accept(bytes(
                "{'version': 1, 'organization': {}, 'sessions': {}, 'teams': [{'name': 'blue'}], 'tags': [{'name':"
                        + " 't', 'budgets': []}], 'models': [{'name': 'm*', 'budgets': []}], 'clients': ["
                        + client("ada", "")
                        + "]}"));
        assertThat(live.fileObjects().keySet())
                .extracting(PolicyName::text)
                .containsExactly("organization", "team/blue", "client/ada", "tag/t", "model/m*", "sessions");
        assertThat(new LivePolicy(Optional.empty()).fileObjects()).isEmpty();
    }
}
