package dev.warder.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.config.Sources;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReconcileSettingsTest {
    private static final String SECRET = "sk-" + "ant-admin01-" + "s".repeat(20);

    private static Sources sources() {
        return new Sources()
                .set("clients.open", "true")
                .set("upstream.credentials", "main=env:A;backup=env:A;login=federation")
                .set("federation.ruleId", "rule")
                .set("federation.organizationId", "organization")
                .set("federation.identityToken", "env:A")
                .set("reconcile.key", "env:KEY")
                .env("A", "value-of-a-credential")
                .env("KEY", SECRET);
    }

    @Test
    void isEmptyUnlessItIsSet() {
        assertThat(new Sources().set("clients.open", "true").read().reconcile()).isEmpty();
    }

    @Test
    void readsSeveralIdsOfACredential() {
        var settings = sources()
                .set("reconcile.map", "apikey_01Aa=main, apikey_02=main,apikey_03=backup,svac_9z=login")
                .read()
                .reconcile()
                .orElseThrow();
        assertThat(settings.map())
                .isEqualTo(
                        Map.of("apikey_01Aa", "main", "apikey_02", "main", "apikey_03", "backup", "svac_9z", "login"));
        assertThat(settings.url()).isEqualTo(URI.create("https://api.anthropic.com"));
        assertThat(settings.version()).isEqualTo("2023-06-01");
        assertThat(settings.toString()).doesNotContain(SECRET);
    }

    @Test
    void usesTheOriginOfTheUpstreamOrItsOwnUrl() {
        var sources = sources().set("reconcile.map", "apikey_1=main").set("upstream.url", "http://127.0.0.1:9/prefix");
        assertThat(sources.read().reconcile().orElseThrow().url()).isEqualTo(URI.create("http://127.0.0.1:9"));
        sources.set("reconcile.url", "http://127.0.0.1:8/admin/");
        assertThat(sources.read().reconcile().orElseThrow().url()).isEqualTo(URI.create("http://127.0.0.1:8/admin"));
    }

    @Test
    void reportsEveryWrongEntryByItsNumberAndNoText() {
        var problems = sources()
                .set(
                        "reconcile.map",
                        "apikey_1=main,," + SECRET + "=main,apikey_2=stranger,apikey_1=backup,wrkspc_1=main")
                .problems();
        assertThat(problems)
                .containsExactly(
                        "reconcile.map: entry 2: must be ID=CREDENTIAL, such as apikey_01abc=main",
                        "reconcile.map: entry 3: the id must be that of an API key (apikey_…), of the account of a login"
                                + " (user_…) or of a service account (svac_…)",
                        "reconcile.map: entry 4: there is no credential of this name in upstream.credentials",
                        "reconcile.map: entry 5: has the id of an entry before it",
                        "reconcile.map: entry 6: the id must be that of an API key (apikey_…), of the account of a login"
                                + " (user_…) or of a service account (svac_…)");
        assertThat(problems).noneMatch(each -> each.contains(SECRET));
    }

    @Test
    void needsKeyAndMap() {
        assertThat(sources().problems()).containsExactly("reconcile.key: must not be set without reconcile.map");
        assertThat(new Sources()
                        .set("clients.open", "true")
                        .set("upstream.credentials", "main=env:A")
                        .env("A", "value")
                        .set("reconcile.map", "apikey_1=main")
                        .problems())
                .containsExactly("reconcile.map: must not be set without reconcile.key");
    }

    @Test
    void takesNoKeyInThePlaceOfAReference() {
        assertThat(sources()
                        .set("reconcile.key", SECRET)
                        .set("reconcile.map", "apikey_1=main")
                        .problems())
                .singleElement()
                .asString()
                .startsWith("reconcile.key")
                .doesNotContain(SECRET);
    }

    @Test
    void refusesAUrlThatWouldSendTheKeyInTheClear() {
        assertThat(sources()
                        .set("reconcile.map", "apikey_1=main")
                        .set("reconcile.url", "http://example.com")
                        .problems())
                .singleElement()
                .asString()
                .startsWith("reconcile.url: must begin with https://");
    }
}
