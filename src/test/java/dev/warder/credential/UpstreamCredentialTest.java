package dev.warder.credential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.config.Secret;
import dev.warder.credential.UpstreamCredential.ApiKey;
import dev.warder.credential.UpstreamCredential.BearerToken;
import dev.warder.exchange.tries.AnthropicApi;
import dev.warder.http.Field;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class UpstreamCredentialTest {
    private static final String OAT = "sk-" + "ant-oat01-" + "x".repeat(20);
    private static final String API_KEY = "sk-" + "ant-api03-" + "x".repeat(20);
    private static final String OTHER = "sso-" + "x".repeat(20);
    private static final String OAUTH_BETA = "oauth-2025-04-20";

    @Test
    void knowsAManagedCredentialByItsPrefixAndElseByItsSetting() {
        assertThat(managed(false, API_KEY)).isEqualTo(new ApiKey(API_KEY));
        assertThat(managed(true, API_KEY)).isEqualTo(new ApiKey(API_KEY));
        assertThat(managed(false, OAT)).isEqualTo(new BearerToken(OAT, true));
        assertThat(managed(true, OAT)).isEqualTo(new BearerToken(OAT, true));
        assertThat(managed(false, OTHER)).isEqualTo(new ApiKey(OTHER));
        assertThat(managed(true, OTHER)).isEqualTo(new BearerToken(OTHER, false));
    }

    @Test
    void doesNotAppendTheOAuthBetaTwice() {
        assertThat(betas(OAT, OAUTH_BETA)).containsExactly(OAUTH_BETA);
        assertThat(betas(OAT, "x, " + OAUTH_BETA + " ,y")).containsExactly("x, " + OAUTH_BETA + " ,y");
        assertThat(betas(OAT, OAUTH_BETA + "1")).containsExactly(OAUTH_BETA + "1," + OAUTH_BETA);
    }

    @Test
    void joinsSeveralLinesOfBetasInTheirOrder() {
        assertThat(betas(API_KEY, "b", "a, c")).containsExactly("b,a, c");
        assertThat(betas(OAT, "b", "a, c")).containsExactly("b,a, c," + OAUTH_BETA);
        assertThat(betas(OAT, "b", OAUTH_BETA)).containsExactly("b," + OAUTH_BETA);
        assertThat(betas(OAT, "", "b")).containsExactly("b," + OAUTH_BETA);
    }

    private static List<String> betas(String credential, String... lines) {
        var sent =
                Arrays.stream(lines).map(line -> field("anthropic-beta", line)).toList();
        return AnthropicApi.withCredential(sent, UpstreamCredential.ofBearerField(credential)).stream()
                .filter(field -> field.name().equals("anthropic-beta"))
                .map(Field::value)
                .toList();
    }

    private static UpstreamCredential managed(boolean bearer, String value) {
        return UpstreamCredential.of(new ManagedCredential.Fixed("primary", 1, bearer, Secret.of(value)));
    }

    private static Field field(String name, String value) {
        return new Field(name, value);
    }
}
