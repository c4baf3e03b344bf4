package dev.warder.openai.responses;

import static dev.warder.openai.responses.ItemsSample.NEW;
import static dev.warder.openai.responses.ItemsSample.json;
import static dev.warder.openai.responses.ItemsSample.reader;
import static dev.warder.openai.responses.ItemsSample.request;
import static dev.warder.openai.responses.ItemsSample.withWeb;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.openai.shared.RequestOutcome;
import dev.warder.testkit.EachRow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The members of the tool that searches the web, of a client that may use it. */
class WebSearchTest {
    @EachRow({
        "'filters': {'allowed_domains': [1]} | tools[0].filters.allowed_domains[0]",
        "'filters': {'blocked_domains': ['a.example', {}]} | tools[0].filters.blocked_domains[1]",
        "'filters': {'blocked_domains': 'a.example'} | tools[0].filters.blocked_domains",
        "'filters': {'allowed_domains': ['a.example'], 'blocked_domains': ['b.example']} |"
                + " tools[0].filters.blocked_domains",
        "'user_location': {'type': 'exact'} | tools[0].user_location.type",
        "'user_location': {'city': 1} | tools[0].user_location.city",
    })
    void wrongMembersAreRefused(String member, String param) {
        var result = reader().translate(json(request(NEW, "'hi'", tools(member))), true);
        var refused = ((RequestOutcome.Refused<ResponsesContext>) result).refusal();
        assertThat(refused.param()).contains(param);
        assertThat(refused.message()).startsWith(param);
        assertThat(refused.status()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'user_location': {}",
                "'user_location': {'type': 'approximate'}",
                "'user_location': {'type': 'approximate', 'city': ' ', 'country': null}",
                "'filters': {'allowed_domains': [], 'blocked_domains': []}",
            })
    void whatIsEmptyIsLeftOut(String member) {
        var result = withWeb(tools(member));
        assertThat(result.message().getJsonArray("tools").getJsonObject(0).keySet())
                .containsExactlyInAnyOrder("type", "name");
        assertThat(result.ignored()).isEmpty();
    }

    @Test
    void oneListOfDomainsIsSent() {
        var tool = withWeb(tools("'filters': {'allowed_domains': [], 'blocked_domains': ['a.example']}"))
                .message()
                .getJsonArray("tools")
                .getJsonObject(0);
        assertThat(tool.getJsonArray("blocked_domains").getString(0)).isEqualTo("a.example");
        assertThat(tool).doesNotContainKey("allowed_domains");
    }

    private static String tools(String member) {
        return "'tools': [{'type': 'web_search', " + member + "}]";
    }
}
