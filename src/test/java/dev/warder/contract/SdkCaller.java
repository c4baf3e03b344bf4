package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import dev.warder.testkit.FieldList;

/** The two ways in which a program with the SDK may come to Warder. */
enum SdkCaller {
    /** The access token stands where the API key would; Warder puts the managed key in its place. */
    MANAGED(Contract.MANAGED_KEY) {
        @Override
        AnthropicOkHttpClient.Builder authenticated() {
            return AnthropicOkHttpClient.builder().apiKey(Contract.ACCESS_TOKEN);
        }
    },
    /** An API key of its own, and the access token in the field made for it. */
    OWN_KEY(Contract.OWN_KEY) {
        @Override
        AnthropicOkHttpClient.Builder authenticated() {
            return AnthropicOkHttpClient.builder()
                    .apiKey(Contract.OWN_KEY)
                    .putHeader("X-Warder-Token", Contract.ACCESS_TOKEN);
        }
    };

    private final String keyThatGoesUp;

    SdkCaller(String keyThatGoesUp) {
        this.keyThatGoesUp = keyThatGoesUp;
    }

    /** A client that authenticates itself this way. */
    abstract AnthropicOkHttpClient.Builder authenticated();

    /** Exactly one credential went up, and the access token did not. */
    void check(FieldList sent) {
        assertThat(sent.values("x-api-key")).containsExactly(keyThatGoesUp);
        assertThat(sent.has("authorization")).isFalse();
        assertThat(sent.has("x-warder-token")).isFalse();
    }
}
