package dev.warder.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointUrlTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://login.example",
                "https://login.example/oauth/token/",
                "https://login.example:8443/authorize?tenant=a&b=c%20d",
                "http://localhost:1455/callback",
                "http://LOCALHOST/callback",
                "http://127.0.0.1:9/callback",
                "http://[::1]:9/callback"
            })
    void takesUrlsAsTheyAre(String text) throws InvalidValueException {
        assertThat(EndpointUrl.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "login.example/token",
                "/token",
                "",
                "ftp://login.example",
                "urn:ietf:wg:oauth:2.0:oob",
                "https:login.example",
                "https:///token",
                "https://planted@login.example/token",
                "https://user:planted@login.example/token",
                "https://login.example/token#planted",
                "https://login.example/token#",
                "https://login.example:0/token",
                "https://login.example:70000/token",
                "https://login.example/planted token",
                "https://login.example/plantéd",
                "http://login.example/token",
                "http://localhost.example/token",
                "http://localhost@login.example/token",
                "http://127.0.0.1.example/token",
                "http://10.0.0.1/token"
            })
    void refusesWhatIsNoSafePlaceForASecret(String text) {
        assertThatThrownBy(() -> EndpointUrl.parse(text))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageNotContaining("plant");
    }
}
