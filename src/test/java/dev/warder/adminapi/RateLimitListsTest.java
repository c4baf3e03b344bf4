package dev.warder.adminapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.config.InvalidValueException;
import dev.warder.json.JsonTree;
import dev.warder.policy.LivePolicy;
import dev.warder.policy.Policy;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RateLimitListsTest {
    private static final String POLICY =
            """
            {'version': 1,
             'organization': {'limits': {'requests_per_minute': 1000, 'input_tokens_per_minute': 2000000}},
             'models': [
               {'name': 'claude-opus*', 'limits': {'output_tokens_per_minute': 80000, 'concurrent_requests': 4}},
               {'name': 'claude-haiku-4-5', 'limits': {'requests_per_minute': 10}}],
             'teams': [
               {'name': 'blue', 'limits': {'requests_per_minute': 100, 'concurrent_requests': 3}},
               {'name': 'red'}],
             'clients': [{'name': 'ada', 'kind': 'person', 'limits': {'requests_per_minute': 5}}]}
            """;

    private static RateLimitLists lists() throws Exception {
        var policy = policy(POLICY);
        return new RateLimitLists(Optional.of(() -> policy));
    }

    private static Policy policy(String json) throws Exception {
        return new LivePolicy(Optional.empty()).accept(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private static List<JsonObject> data(Optional<String> page) {
        return JsonTree.array(JsonTree.parseObject(page.orElseThrow()).orElseThrow(), "data")
                .getValuesAs(JsonObject.class);
    }

    private static Optional<String> next(Optional<String> page) {
        return JsonTree.findText(JsonTree.parseObject(page.orElseThrow()).orElseThrow(), "next_page");
    }

    private static List<String> organization(String query) throws Exception {
        return data(lists().organization(query)).stream()
                .map(entry -> entry(entry, limit -> limit.getString("type") + "=" + limit.getInt("value")))
                .toList();
    }

    private static List<String> team(String name, String query) throws Exception {
        return data(lists().team(name, query)).stream()
                .map(entry -> entry(
                        entry,
                        limit -> limit.getString("type") + "=" + limit.getInt("value") + "/"
                                + (limit.isNull("org_limit") ? "-" : limit.getInt("org_limit")) + "/"
                                + limit.getJsonObject("source").getString("type")))
                .toList();
    }

    private static String entry(JsonObject entry, Function<JsonObject, String> limit) {
        var models = JsonTree.array(entry, "models").getValuesAs(JsonString::getString);
        var limits = JsonTree.array(entry, "limits").getValuesAs(JsonObject.class);
        return entry.getString("group_type") + " " + models + " "
                + limits.stream().map(limit).toList();
    }

    @Test
    void findsTheGroupsOfAModel() throws Exception {
        assertThat(organization("model=claude-opus-5-5"))
                .hasSize(2)
                .last()
                .asString()
                .contains("claude-opus*");
        assertThat(organization("model=claude-sonnet-5")).hasSize(1);
        assertThat(organization("model=claude-opus-5-5%5B1m%5D")).hasSize(2);
        var models = policy(POLICY.replaceAll("'organization'.*\n", ""));
        var only = new RateLimitLists(Optional.of(() -> models));
        assertThat(only.organization("model=claude-sonnet-5")).isEmpty();
    }

    @Test
    void refusesAPageOfAnotherQuery() throws Exception {
        String page = next(lists().organization("limit=1")).orElseThrow();
        assertThatThrownBy(() -> lists().organization("group_type=batch&page=" + page))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageStartingWith("page: must be next_page");
    }

    @Test
    void listsWhatATeamHasOfItsOwn() throws Exception {
        assertThat(team("blue", ""))
                .containsExactly(
                        "model_group [*] [concurrent_requests=3/-/workspace, requests_per_minute=100/1000/workspace]",
                        "token_count [] [requests_per_minute=100/1000/workspace]");
        assertThat(team("red", "")).isEmpty();
    }

    @Test
    void addsWhatATeamShares() throws Exception {
        assertThat(team("red", "include_inherited=true")).hasSize(4).allMatch(row -> row.contains("/organization"));
        assertThat(team("blue", "include_inherited=true").get(0))
                .isEqualTo("model_group [*] [concurrent_requests=3/-/workspace,"
                        + " input_tokens_per_minute=2000000/2000000/organization,"
                        + " requests_per_minute=100/1000/workspace]");
        assertThat(team("blue", "include_inherited=false")).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "limit=0",
                "limit=1001",
                "limit=x",
                "page=x",
                "page=page_x",
                "group_type=planted",
                "group_type=",
                "include_inherited=1",
                "planted=1"
            })
    void refusesWhatItDoesNotKnow(String query) {
        assertThatThrownBy(() -> lists().team("blue", query))
                .isInstanceOf(InvalidValueException.class)
                .message()
                .doesNotContain("planted");
        assertThatThrownBy(() -> lists().organization(query)).isInstanceOf(InvalidValueException.class);
        assertThatThrownBy(() -> lists().team("blue", "model=m")).isInstanceOf(InvalidValueException.class);
    }
}
