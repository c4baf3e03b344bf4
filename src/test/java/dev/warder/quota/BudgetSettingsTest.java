package dev.warder.quota;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.config.Sources;
import dev.warder.usage.UnknownMembers;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BudgetSettingsTest {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void waitAMinuteAndNameNoContactByDefault() {
        assertThat(new Sources().read().budgets())
                .isEqualTo(new BudgetSettings(
                        Duration.ofSeconds(60), Optional.empty(), Map.of(), false, Optional.empty()));
    }

    @Test
    void haveWhatTheOperatorSet() throws IOException {
        var sources = sources()
                .set("budget.wait", "10m")
                .set("budget.contact", "Ada L\u00f6w \u2013 ada@example.com")
                .set("budget.members", "thing=none, type=new=longest")
                .set("budget.userProfile", "true");
        assertThat(sources.read().budgets())
                .isEqualTo(new BudgetSettings(
                        Duration.ofMinutes(10),
                        Optional.of("Ada L\u00f6w \u2013 ada@example.com"),
                        Map.of("thing", UnknownMembers.Hold.NONE, "type=new", UnknownMembers.Hold.LONGEST),
                        true,
                        Optional.empty()));
        assertThat(sources().set("budget.wait", "0s").read().budgets().longestWait())
                .isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "budget.wait, -17s",
        "budget.wait, 601s",
        "budget.wait, 11m",
        "budget.wait, 2517h",
        "budget.wait, long",
        "budget.webhook, http://hooks.example.com/",
        "budget.webhook, hooks.example.com",
        "budget.webhook, https://a:b@hooks.example.com/",
        "budget.webhook, ftp://h/"
    })
    void refuseWaitsThatAreNoneOrTooLongAndUnsafeAddresses(String name, String value) throws IOException {
        assertThat(webhook("https://hooks.example.com/", key(32))
                        .set(name, value)
                        .problem())
                .startsWith(name + ": ")
                .doesNotContain(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\nb", "a\tb", "a\u0000b", "a\u0085b", "a\u2028b", "a\u202eb", "a\ud800b"})
    void refuseAContactThatIsNoPlainLine(String value) throws IOException {
        for (var contact : List.of(value, "a".repeat(201))) {
            assertThat(sources().set("budget.contact", contact).problem())
                    .startsWith("budget.contact: must be 1 to 200 characters in one line");
        }
    }

    @ParameterizedTest
    @CsvSource({"budget.wait, 60s", "budget.contact, Ada", "budget.webhook, https://hooks.example.com/"})
    void refuseWhatHasNoMeaningWithoutAFile(String name, String value) {
        assertThat(Sources.with(name, value).problems())
                .startsWith(name + ": has no meaning without policy.file or policy.database");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://hooks.example.com/services/a?b=c", "http://127.0.0.1:8080/a"})
    void haveAWebhookWithItsKey(String url) throws IOException {
        for (String key : List.of(key(32), "whsec_" + key(32), key(64))) {
            assertThat(webhook(url, key).read().budgets().webhook()).hasValueSatisfying(each -> {
                assertThat(each.url()).isEqualTo(URI.create(url));
                assertThat(each.key().reveal()).isEqualTo(key);
                assertThat(each.toString()).doesNotContain("services", "/a");
            });
        }
    }

    /** Who knows the address of a chat's webhook may write there. */
    @Test
    void haveAWebhookWhoseAddressIsASecret() throws IOException {
        var file = Files.writeString(folder.resolve("hook"), "https://hooks.example.com/planted\n");
        var settings = webhook("env:HOOK", key(32)).env("HOOK", "https://hooks.example.com/planted");
        for (var source : List.of("env:HOOK", "file:" + file)) {
            assertThat(settings.set("budget.webhook", source).read().budgets().webhook())
                    .hasValueSatisfying(each -> {
                        assertThat(each.url()).hasPath("/planted");
                        assertThat(each.toString()).doesNotContain("planted");
                    });
        }
        assertThat(settings.env("HOOK", "http://hooks.example.com/planted")
                        .set("budget.webhook", "env:HOOK")
                        .problem())
                .startsWith("budget.webhook: env:HOOK must begin with https://")
                .doesNotContain("planted");
        assertThat(settings.set("budget.webhook", "env:NONE").problem()).startsWith("budget.webhook: ");
    }

    @Test
    void refuseAKeyThatIsNoneOrTooShortOrTooLong() throws IOException {
        for (String key : List.of(key(31), key(65), "whsec_" + key(24), "planted-".repeat(6), "whsec_")) {
            assertThat(webhook("https://hooks.example.com/", key).problem())
                    .startsWith("budget.webhookKey: ")
                    .contains("must be base64 of 32 to 64 bytes")
                    .doesNotContain(key);
        }
    }

    @Test
    void refuseAWebhookWithoutAKeyAndAKeyWithoutAWebhook() throws IOException {
        assertThat(sources().set("budget.webhook", "https://hooks.example.com/").problem())
                .isEqualTo("budget.webhook: must not be set without budget.webhookKey");
        assertThat(sources()
                        .set("budget.webhookKey", "env:KEY")
                        .env("KEY", key(32))
                        .problem())
                .isEqualTo("budget.webhookKey: must not be set without budget.webhook");
    }

    private Sources webhook(String url, String key) throws IOException {
        return sources()
                .set("budget.webhook", url)
                .set("budget.webhookKey", "env:KEY")
                .env("KEY", key);
    }

    private static String key(int bytes) {
        return Base64.getEncoder().encodeToString(new byte[bytes]);
    }

    private Sources sources() throws IOException {
        var file = Files.writeString(folder.resolve("policy.json"), "{\"version\": 1, \"clients\": []}");
        return Sources.with("policy.file", file.toString());
    }
}
