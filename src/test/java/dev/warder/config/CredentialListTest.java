package dev.warder.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialListTest {
    private static final String KEY = "planted-" + "k".repeat(20);

    @Test
    void keepsTheOrderAndTheForms() {
        List<ManagedCredential> credentials = Sources.with(
                        "upstream.credentials", " primary = jndi:warder/secret.key ; spare-2=bearer: env:SPARE; ")
                .set("secret.key", KEY + "\n")
                .env("SPARE", "other")
                .read()
                .upstream()
                .credentials();
        assertThat(credentials).extracting(ManagedCredential::name).containsExactly("primary", "spare-2");
        assertThat(credentials)
                .extracting(credential -> ((ManagedCredential.Fixed) credential).bearer())
                .containsExactly(false, true);
        assertThat(credentials)
                .extracting(credential ->
                        ((ManagedCredential.Fixed) credential).secret().reveal())
                .containsExactly(KEY, "other");
    }

    @ParameterizedTest
    @ValueSource(strings = {"=env:KEY", "A=env:KEY", "1a=env:KEY", "a_b=env:KEY", "a b=env:KEY", "a", "a=", "a=KEY"})
    void refusesOtherForms(String text) {
        assertThat(Sources.with("upstream.credentials", text).env("KEY", KEY).problem())
                .startsWith("upstream.credentials: entry 1: ");
    }

    @Test
    void refusesANameTwice() {
        assertThat(Sources.with("upstream.credentials", "a=env:KEY;b=env:KEY;a=env:KEY")
                        .env("KEY", KEY)
                        .problem())
                .startsWith("upstream.credentials: entry 3: ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"%s", "%s==", "a=%s", "a=bearer:%s", "a=env:%s", "a=jndi:%s", "%s=env:X", "a=x:%s", "a=file:%s"})
    void neverRepeatsWhatMayBeASecret(String form) {
        String text = form.formatted("sk-" + "ant-api03-" + KEY);
        assertThat(Sources.with("upstream.credentials", text).problem()).doesNotContain(KEY);
    }
}
