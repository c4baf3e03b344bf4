package dev.warder.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.gate.Meter;
import dev.warder.gate.Verdict;
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

    private static Meter admitted(LimitedRequests requests, String client, int bytes) throws Exception {
        var verdict = requests.gate().ask(requests.inquiry(client, bytes));
        return ((Verdict.Granted) verdict).meter().orElseThrow();
    }
}
