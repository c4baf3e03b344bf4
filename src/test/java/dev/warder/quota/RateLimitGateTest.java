package dev.warder.quota;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.gate.Meter;
import dev.warder.gate.Verdict;
import dev.warder.http.Route;
import dev.warder.ledger.Rows;
import dev.warder.usage.CacheWrites;
import dev.warder.usage.UsageCounts;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RateLimitGateTest {
    private static final String POLICY = "{\"version\": 1,"
            + " \"organization\": {\"limits\": {\"input_tokens_per_minute\": 2000000}},"
            + " \"clients\": [{\"name\": \"ada\", \"kind\": \"person\", \"limits\": {\"input_tokens_per_minute\": 10000}},"
            + " {\"name\": \"bob\", \"kind\": \"person\"}]}";

    /** Its body may have 500,000 tokens. */
    @Test
    void aClientWithASmallLimitDoesNotTakeMoreOfTheOrganizations() throws Exception {
        var requests = new LimitedRequests(POLICY);
        admitted(requests, "ada", 1_000_000);
        var fields = admitted(requests, "bob", 1_000).responseFields();
        assertThat(LimitedRequests.value(fields, "anthropic-ratelimit-input-tokens-remaining"))
                .isEqualTo(Integer.toString(2_000_000 - 10_000 - 500));
        assertThat(requests.gate().ask(requests.inquiry("ada", 10))).isInstanceOf(Verdict.Refused.class);
    }

    /** 10 tokens are added in a second, and 250 are generated. */
    @Test
    void aResponseCountsWhileItIsGeneratedAndAsItWasAfterwards() throws Exception {
        var requests = new LimitedRequests("{\"version\": 1, \"clients\": [{\"name\": \"ada\", \"kind\": \"person\","
                + " \"limits\": {\"output_tokens_per_minute\": 600}}]}");
        var meter = admitted(requests, "ada", 100);
        meter.beforeTry();
        assertThat(output(meter)).isEqualTo("350");
        meter.usage(output(1));
        requests.pass(1000, meter);
        assertThat(output(meter)).isEqualTo("110");
        requests.pass(1000, meter);
        assertThat(output(meter)).as("130 too much").isEqualTo("0");
        assertThat(requests.gate().ask(requests.inquiry("ada", 100))).isInstanceOf(Verdict.Refused.class);
        meter.usage(output(100));
        requests.pass(1000, meter);
        assertThat(output(meter)).isEqualTo("530");
    }

    @Test
    void aRequestThatIsCutBeforeItIsSentCountsNothing() throws Exception {
        var requests = new LimitedRequests("{\"version\": 1, \"clients\": [{\"name\": \"ada\", \"kind\": \"person\","
                + " \"limits\": {\"requests_per_minute\": 1}}]}");
        var meter = admitted(requests, "ada", 100);
        meter.beforeTry();
        meter.end(Rows.completed(Route.MESSAGES, Optional.empty()));
        admitted(requests, "ada", 100);
        assertThat(requests.gate().ask(requests.inquiry("ada", 100))).isInstanceOf(Verdict.Refused.class);
    }

    @Test
    void whatARequestHasTakenCountsWhereItsRecordIsLost() throws Exception {
        var requests = new LimitedRequests("{\"version\": 1, \"clients\": [{\"name\": \"ada\", \"kind\": \"person\","
                + " \"limits\": {\"requests_per_minute\": 1}}]}");
        var granted = (Verdict.Granted) requests.gate().ask(requests.inquiry("ada", 100));
        granted.meter().orElseThrow().lost();
        granted.release().orElseThrow().run();
        assertThat(requests.gate().ask(requests.inquiry("ada", 100))).isInstanceOf(Verdict.Refused.class);
    }

    /** As other upstreams than the API do. */
    @Test
    void aLimitOfAModelCountsAlsoWhenTheUpstreamNamesItOtherwise() throws Exception {
        for (String answered : List.of("claude-haiku-4-5", "claude-haiku-4-5-20251001", "our-haiku")) {
            var requests = new LimitedRequests("{\"version\": 1,"
                    + " \"models\": [{\"name\": \"claude-haiku-4-5\", \"limits\": {\"output_tokens_per_minute\": 600}}],"
                    + " \"clients\": [{\"name\": \"ada\", \"kind\": \"person\"}]}");
            var meter = admitted(requests, "ada", 100);
            meter.beforeTry();
            meter.end(Rows.completed("req-1", Rows.answered(answered, output(600))));
            assertThat(output(meter)).as(answered).isEqualTo("0");
        }
    }

    private static UsageCounts output(long tokens) {
        return new UsageCounts(9, CacheWrites.NONE, 0, tokens, 0, 0, 0);
    }

    private static String output(Meter meter) {
        return LimitedRequests.value(meter.responseFields(), "anthropic-ratelimit-output-tokens-remaining");
    }

    private static Meter admitted(LimitedRequests requests, String client, int bytes) throws Exception {
        var verdict = requests.gate().ask(requests.inquiry(client, bytes));
        return ((Verdict.Granted) verdict).meter().orElseThrow();
    }
}
