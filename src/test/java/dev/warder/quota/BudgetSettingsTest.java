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
        "budget.webhook, ftp://h/",
        "budget.webhook, env:NONE",
        "budget.webhook, env:HOOK"
    })
    void refuseWaitsThatAreNoneOrTooLongAndUnsafeAddresses(String name, String value) throws IOException {
        var settings = webhook("https://hooks.example.com/", key(32)).env("HOOK", "http://hooks.example.com/planted");
        assertThat(settings.set(name, value).problem())
                .startsWith(name + ": ")
                .doesNotContain(value.startsWith("env:") ? "planted" : value);
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

    /** Who knows the address of a chat's webhook may write there. */
    @ParameterizedTest
    @CsvSource({
        "https://hooks.example.com/services/a?b=c, 32",
        "http://127.0.0.1:8080/a, 64",
        "env:HOOK, 32",
        "file:, 32"
    })
    void haveAWebhookAndShowNeitherItsAddressNorItsKey(String url, int bytes) throws IOException {
        var hook = "https://hooks.example.com/a";
        var file = Files.writeString(folder.resolve("hook"), hook + "\n");
        for (String key : List.of(key(bytes), "whsec_" + key(bytes))) {
            var settings = webhook(url.replace("file:", "file:" + file), key).env("HOOK", hook);
            assertThat(settings.read().budgets().webhook()).hasValueSatisfying(each -> {
                assertThat(each.url()).isEqualTo(URI.create(url.startsWith("http") ? url : hook));
                assertThat(each.key().reveal()).isEqualTo(key);
                assertThat(each.toString()).doesNotContain("services", "/a");
            });
        }
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
