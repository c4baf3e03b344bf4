package dev.warder.credential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.warder.config.Sources;
import dev.warder.credential.ManagedSettings.PoolOrder;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialListTest {
    private static final String KEY = "planted-" + "k".repeat(20);

    /** With all that a login and a workload identity need. */
    private static Sources complete(String credentials) {
        return Sources.with("upstream.credentials", credentials)
                .set("oauth.tokenUrl", "https://login.example/token")
                .set("oauth.clientId", "warder")
                .set("oauth.store", "jdbc")
                .set("federation.ruleId", "rule")
                .set("federation.organizationId", "organization")
                .set("federation.identityToken", "env:KEY")
                .env("KEY", KEY);
    }

    @Test
    void keepsTheOrderAndTheForms() {
        List<ManagedCredential> credentials = Sources.with(
                        "upstream.credentials", " primary = jndi:warder/secret.key ; spare-2=bearer: env:SPARE; ")
                .set("secret.key", KEY + "\n")
                .env("SPARE", "other")
                .read()
                .managed()
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

    @Test
    void takesALoginAndAWorkloadIdentityBetweenTheOthers() {
        assertThat(complete("a=env:KEY; main = oauth ;ci=federation;b=env:KEY")
                        .read()
                        .managed()
                        .credentials())
                .satisfiesExactly(
                        first -> assertThat(first).isInstanceOf(ManagedCredential.Fixed.class),
                        login -> assertThat(login).isEqualTo(new ManagedCredential.Login("main", 1)),
                        identity -> assertThat(identity).isEqualTo(new ManagedCredential.WorkloadIdentity("ci", 1)),
                        last -> assertThat(last).isInstanceOf(ManagedCredential.Fixed.class));
    }

    @Test
    void readsWeights() {
        assertThat(complete("a*3=env:KEY;b * 1000 =bearer:env:KEY;c*10=oauth;d*1=federation;e=env:KEY")
                        .read()
                        .managed()
                        .credentials())
                .extracting(ManagedCredential::name, ManagedCredential::weight)
                .containsExactly(tuple("a", 3), tuple("b", 1000), tuple("c", 10), tuple("d", 1), tuple("e", 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1001", "-1", "+1", "1.5", "", "2*3", "٣", "x", "03", "99999999999"})
    void refusesOtherWeights(String weight) {
        assertThat(Sources.with("upstream.credentials", "a*" + weight + "=env:KEY")
                        .env("KEY", KEY)
                        .problem())
                .startsWith("upstream.credentials: entry 1: the weight");
    }

    @ParameterizedTest
    @ValueSource(strings = {"oauth", "federation"})
    void refusesASecondCredentialOfAFormThatIsSetUpOnce(String form) {
        assertThat(complete("a=env:KEY;b=" + form + ";c=" + form).problem())
                .startsWith("upstream.credentials: entry 3: is a second " + form);
    }

    @Test
    void warnsOfWeightsThatHaveNoEffect() {
        var sources =
                Sources.with("upstream.credentials", "a*2=env:KEY;b=env:KEY").env("KEY", KEY);
        assertThat(sources.warnings()).anyMatch(warning -> warning.contains("upstream.pool=weighted"));
        sources.set("upstream.pool", "weighted");
        assertThat(sources.warnings()).noneMatch(warning -> warning.contains("upstream.pool"));
    }

    @Test
    void takesThemInOrderUnlessTheyAreToBeWeighted() {
        assertThat(new Sources().read().managed().order()).isEqualTo(PoolOrder.ORDERED);
        assertThat(Sources.with("upstream.pool", "ordered").read().managed().order())
                .isEqualTo(PoolOrder.ORDERED);
        assertThat(Sources.with("upstream.pool", "weighted").read().managed().order())
                .isEqualTo(PoolOrder.WEIGHTED);
        assertThat(Sources.with("upstream.pool", "random").problem())
                .startsWith("upstream.pool: must be ordered or weighted");
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
            strings = {
                "%s",
                "%s==",
                "a=%s",
                "a=bearer:%s",
                "a=env:%s",
                "a=jndi:%s",
                "%s=env:X",
                "%s=oauth",
                "%s*2=federation",
                "a*%s=env:X",
                "a=x:%s",
                "a=file:%s"
            })
    void neverRepeatsWhatMayBeASecret(String form) {
        String text = form.formatted("sk-" + "ant-api03-" + KEY);
        assertThat(Sources.with("upstream.credentials", text).problem()).doesNotContain(KEY);
    }
}
