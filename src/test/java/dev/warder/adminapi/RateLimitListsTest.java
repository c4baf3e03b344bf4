package dev.warder.adminapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.config.InvalidValueException;
import dev.warder.policy.LivePolicy;
import dev.warder.policy.Policy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

    private static List<String> organization(String query) throws Exception {
        return lists().organization(RateLimitQuery.ofOrganization(query)).orElseThrow().data().stream()
                .map(entry -> entry.groupType() + " " + entry.models().orElse(List.of()) + " "
                        + entry.limits().stream()
                                .map(limit -> limit.type() + "=" + limit.value())
                                .toList())
                .toList();
    }

    private static List<String> team(String name, String query) throws Exception {
        return lists().team(name, RateLimitQuery.ofTeam(query)).orElseThrow().data().stream()
                .map(entry -> entry.groupType() + " " + entry.models().orElse(List.of()) + " "
                        + entry.limits().stream()
                                .map(limit -> limit.type() + "=" + limit.value() + "/"
                                        + limit.ofOrganization()
                                                .map(String::valueOf)
                                                .orElse("-") + "/"
                                        + limit.source().type())
                                .toList())
                .toList();
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
        assertThat(only.organization(RateLimitQuery.ofOrganization("model=claude-sonnet-5")))
                .isEmpty();
    }

    @Test
    void hasPages() throws Exception {
        var seen = new ArrayList<String>();
        var lists = lists();
        String page = "";
        do {
            var found = lists.organization(RateLimitQuery.ofOrganization("limit=1&page=" + page))
                    .orElseThrow();
            assertThat(found.data()).hasSize(1);
            seen.add(found.data().get(0).id());
            page = found.nextPage().orElse("");
        } while (!page.isEmpty());
        assertThat(seen).hasSize(4).doesNotHaveDuplicates();
        var all = lists.organization(RateLimitQuery.ofOrganization("")).orElseThrow();
        assertThat(all.nextPage()).isEmpty();
        assertThat(all.data()).extracting(RateLimitDocument::id).containsExactlyElementsOf(seen);
    }

    @Test
    void refusesAPageOfAnotherQuery() throws Exception {
        String page = lists().organization(RateLimitQuery.ofOrganization("limit=1"))
                .flatMap(found -> found.nextPage())
                .orElseThrow();
        assertThatThrownBy(() -> RateLimitQuery.ofOrganization("group_type=batch&page=" + page))
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
        assertThatThrownBy(() -> RateLimitQuery.ofTeam(query))
                .isInstanceOf(InvalidValueException.class)
                .message()
                .doesNotContain("planted");
        assertThatThrownBy(() -> RateLimitQuery.ofOrganization(query)).isInstanceOf(InvalidValueException.class);
        assertThatThrownBy(() -> RateLimitQuery.ofTeam("model=m")).isInstanceOf(InvalidValueException.class);
    }
}
