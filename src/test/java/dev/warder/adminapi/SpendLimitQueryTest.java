package dev.warder.adminapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.config.InvalidValueException;
import dev.warder.http.PageDocument;
import dev.warder.policy.Period;
import dev.warder.policy.PolicyName;
import dev.warder.policy.StoredPolicy;
import dev.warder.policy.StoredPolicy.StoredObject;
import jakarta.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpendLimitQueryTest {
    /** As Anthropic's SDKs write them. */
    @Test
    void readsAllParameters() throws Exception {
        String filters = "period%5B%5D=daily&period[]=monthly&user_ids%5B%5D=ada&user_ids[]=a%40b";
        String page = EffectiveLimits.Asked.parse(filters).query().page(List.of("zoe@x"));
        var query = EffectiveLimits.Asked.parse("limit=5&" + filters + "&page=" + page);
        assertThat(query)
                .isEqualTo(new EffectiveLimits.Asked(
                        query.query(),
                        5,
                        Optional.of("zoe@x"),
                        Set.of(Period.DAY, Period.MONTH),
                        Set.of("ada", "a@b")));
        assertThat(EffectiveLimits.Asked.parse("period=weekly&user_ids=ada").periods())
                .containsExactly(Period.WEEK);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "period[]=daily", "user_ids[]=ada", "period[]=daily&user_ids[]=bob"})
    void refusesAPageOfAnotherQuery(String filters) throws Exception {
        String page = EffectiveLimits.Asked.parse("period[]=daily&user_ids[]=ada&limit=7")
                .query()
                .page(List.of("ada"));
        assertThat(EffectiveLimits.Asked.parse("user_ids[]=ada&period[]=daily&page=" + page)
                        .after())
                .contains("ada");
        assertThatThrownBy(() -> EffectiveLimits.Asked.parse(filters + "&page=" + page))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageStartingWith("page: must be next_page");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "scope_type[]=user&workspace_id=blue", "workspace_id=blue", "scope_type[]=workspace"})
    void refusesAPageOfAnotherListOfLimits(String filters) throws Exception {
        String own = "scope_type[]=user";
        String page = list(own + "&limit=1").nextPage().orElseThrow();
        assertThat(list(own + "&limit=3&page=" + page).data()).hasSize(1);
        assertThatThrownBy(() -> list(filters + "&page=" + page))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageStartingWith("page: must be next_page");
    }

    @Test
    void acceptsAPageOfTheSameListInOtherWords() throws Exception {
        String all = "&scope_type[]=workspace&scope_type[]=organization&scope_type[]=user";
        String page = list("limit=1").nextPage().orElseThrow();
        assertThat(list("page=" + page + all).data()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "100, 100", "101, 100", "1000, 100"})
    void limitsAPage(String asked, int limit) throws Exception {
        assertThat(EffectiveLimits.Asked.parse("limit=" + asked).limit()).isEqualTo(limit);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "limit=0",
                "limit=1001",
                "limit=99999999999",
                "limit=-1",
                "limit=+1",
                "limit=",
                "limit",
                "limit=٣",
                "period[]=hourly",
                "period[]=",
                "period[]=Daily",
                "page=ada",
                "page=page_*",
                "page=page_a",
                "sort=spend_desc",
                "q=planted",
                "after_id=x",
                "user_ids[]=%zz",
                "%zz"
            })
    void refusesWhatItDoesNotKnowAndRepeatsNothing(String text) {
        assertThatThrownBy(() -> EffectiveLimits.Asked.parse(text))
                .isInstanceOf(InvalidValueException.class)
                .message()
                .doesNotContain("planted", "hourly", "999", "spend_desc", "zz");
    }

    @Test
    void listsTheParametersWhereItDoesNotKnowOne() {
        assertThatThrownBy(() -> EffectiveLimits.Asked.parse("beta=true&sort=planted"))
                .hasMessage("The parameters are limit, page, period[] and user_ids[]; the query has another one.");
        assertThatThrownBy(() -> list("beta=true&sort=planted"))
                .hasMessage(
                        "The parameters are limit, page, scope_type[] and workspace_id; the query has another one.");
    }

    @Test
    void refusesMoreThanAHundredClients() throws Exception {
        assertThat(EffectiveLimits.Asked.parse(users(100)).users()).hasSize(100);
        assertThatThrownBy(() -> EffectiveLimits.Asked.parse(users(101)))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageStartingWith("user_ids: ");
    }

    /** Of two clients with a limit each. */
    private static PageDocument<JsonObject> list(String query) throws InvalidValueException {
        var objects = new TreeMap<PolicyName, StoredObject>();
        for (var name : List.of(PolicyName.client("ada"), PolicyName.client("bob"))) {
            String definition = "{\"budgets\":[{\"amount\":\"1\",\"period\":\"day\"}]}";
            objects.put(name, new StoredObject(name, definition, 1, Instant.EPOCH, Instant.EPOCH));
        }
        var stored = new StoredPolicy(new StoredPolicy.Head(1, 0, ""), objects, Map.of());
        return SpendLimitResource.list(new PrincipalView(stored, new TreeMap<>()), query);
    }

    private static String users(int count) {
        return IntStream.range(0, count).mapToObj(i -> "user_ids[]=c" + i).collect(Collectors.joining("&"));
    }
}
