package dev.warder.credential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.config.Secret;
import dev.warder.credential.UpstreamCredential.ApiKey;
import dev.warder.credential.UpstreamCredential.BearerToken;
import dev.warder.http.Field;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class UpstreamCredentialTest {
    private static final String OAT = "sk-" + "ant-oat01-" + "x".repeat(20);
    private static final String API_KEY = "sk-" + "ant-api03-" + "x".repeat(20);
    private static final String ADMIN_KEY = "sk-" + "ant-admin01-" + "x".repeat(20);
    private static final String OTHER = "sso-" + "x".repeat(20);
    private static final String OAUTH_BETA = "oauth-2025-04-20";

    @Test
    void knowsAnOAuthTokenInEitherField() {
        assertThat(UpstreamCredential.ofBearerField(OAT)).isEqualTo(new BearerToken(OAT, true));
        assertThat(UpstreamCredential.ofApiKeyField(OAT)).isEqualTo(new BearerToken(OAT, true));
    }

    @Test
    void knowsAnApiKeyInEitherField() {
        for (String key : List.of(API_KEY, ADMIN_KEY)) {
            assertThat(UpstreamCredential.ofBearerField(key)).isEqualTo(new ApiKey(key));
            assertThat(UpstreamCredential.ofApiKeyField(key)).isEqualTo(new ApiKey(key));
        }
    }

    @Test
    void leavesWhatItDoesNotKnowInItsField() {
        assertThat(UpstreamCredential.ofBearerField(OTHER)).isEqualTo(new BearerToken(OTHER, false));
        assertThat(UpstreamCredential.ofApiKeyField(OTHER)).isEqualTo(new ApiKey(OTHER));
    }

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
    void saysItsKindAndNeverItsValue() {
        assertThat(new ApiKey(API_KEY)).hasToString("api-key");
        assertThat(new BearerToken(OTHER, false)).hasToString("bearer");
        assertThat(new BearerToken(OAT, true)).hasToString("oauth");
        assertThat(new CredentialChoice.Passthrough(new ApiKey(API_KEY)).toString())
                .doesNotContain(API_KEY);
    }

    @Test
    void isTheOnlyCredentialThatLeaves() {
        var sent = List.of(field("X-Api-Key", OTHER), field("x-app", "cli"), field("AUTHORIZATION", "Bearer " + OTHER));
        assertThat(new ApiKey(API_KEY).addTo(sent)).containsExactly(field("x-app", "cli"), field("x-api-key", API_KEY));
        assertThat(new BearerToken(OTHER, false).addTo(sent))
                .containsExactly(field("x-app", "cli"), field("authorization", "Bearer " + OTHER));
    }

    @Test
    void appendsTheOAuthBetaBehindThoseOfTheClientInTheirPlace() {
        var sent = List.of(field("a", "1"), field("Anthropic-Beta", "x,y"), field("b", "2"));
        assertThat(new BearerToken(OAT, true).addTo(sent))
                .containsExactly(
                        field("a", "1"),
                        field("Anthropic-Beta", "x,y," + OAUTH_BETA),
                        field("b", "2"),
                        field("authorization", "Bearer " + OAT));
    }

    @Test
    void addsTheOAuthBetaWhereTheClientSentNone() {
        assertThat(betas(OAT)).containsExactly(OAUTH_BETA);
        assertThat(betas(OAT, "")).containsExactly(OAUTH_BETA);
    }

    @Test
    void doesNotAppendTheOAuthBetaTwice() {
        assertThat(betas(OAT, OAUTH_BETA)).containsExactly(OAUTH_BETA);
        assertThat(betas(OAT, "x, " + OAUTH_BETA + " ,y")).containsExactly("x, " + OAUTH_BETA + " ,y");
        assertThat(betas(OAT, OAUTH_BETA + "1")).containsExactly(OAUTH_BETA + "1," + OAUTH_BETA);
    }

    @Test
    void addsNoBetaForAnApiKeyOrAnUnknownBearer() {
        assertThat(betas(API_KEY, "x")).containsExactly("x");
        assertThat(betas(API_KEY, "x ,  y,")).containsExactly("x ,  y,");
        assertThat(betas(API_KEY)).isEmpty();
        assertThat(betas(OTHER, "x")).containsExactly("x");
    }

    @Test
    void joinsSeveralLinesOfBetasInTheirOrder() {
        assertThat(betas(API_KEY, "b", "a, c")).containsExactly("b,a, c");
        assertThat(betas(OAT, "b", "a, c")).containsExactly("b,a, c," + OAUTH_BETA);
        assertThat(betas(OAT, "b", OAUTH_BETA)).containsExactly("b," + OAUTH_BETA);
        assertThat(betas(OAT, "", "b")).containsExactly("b," + OAUTH_BETA);
    }

    @Test
    void leavesTheVersionAsTheClientSentIt() {
        var version = field("anthropic-version", "2023-01-01");
        assertThat(new BearerToken(OAT, true).addTo(List.of(version))).contains(version);
        assertThat(new ApiKey(API_KEY).addTo(List.of(version))).contains(version);
    }

    private static List<String> betas(String credential, String... lines) {
        var sent =
                Arrays.stream(lines).map(line -> field("anthropic-beta", line)).toList();
        return UpstreamCredential.ofBearerField(credential).addTo(sent).stream()
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
