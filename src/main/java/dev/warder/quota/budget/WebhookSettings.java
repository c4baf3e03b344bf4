package dev.warder.quota.budget;

import dev.warder.config.EndpointUrl;
import dev.warder.config.InvalidValueException;
import dev.warder.config.Secret;
import dev.warder.config.Setting;
import dev.warder.config.SettingReader;
import dev.warder.policy.PolicySettings;
import java.net.URI;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where notifications of budgets are sent, settings {@code budget.webhook} and {@code budget.webhookKey}. Thread-safe.
 *
 * @param address the URL of the receiver, whose path may permit everyone to send
 * @param key signs the messages
 */
public record WebhookSettings(Secret address, Secret key) {
    private static final Pattern REFERENCE = Pattern.compile("(jndi|env|file|value):.*");

    public static Optional<WebhookSettings> read(SettingReader settings) {
        var url = PolicySettings.findForPolicy(Setting.BUDGET_WEBHOOK, settings, text -> address(settings, text));
        var key = PolicySettings.findForPolicy(
                Setting.BUDGET_WEBHOOK_KEY,
                settings,
                text -> settings.resolve(Setting.BUDGET_WEBHOOK_KEY, text, WebhookSignature::checkKey));
        if (url.isPresent() && !settings.isGiven(Setting.BUDGET_WEBHOOK_KEY)) {
            settings.problem(Setting.BUDGET_WEBHOOK, "must not be set without budget.webhookKey");
        }
        if (key.isPresent() && !settings.isGiven(Setting.BUDGET_WEBHOOK)) {
            settings.problem(Setting.BUDGET_WEBHOOK_KEY, "must not be set without budget.webhook");
        }
        return url.flatMap(address -> key.map(secret -> new WebhookSettings(address, secret)));
    }

    private static Secret address(SettingReader settings, String text) throws InvalidValueException {
        return REFERENCE.matcher(text).matches()
                ? settings.resolve(Setting.BUDGET_WEBHOOK, text, EndpointUrl::parse)
                : Secret.of(EndpointUrl.parse(text).toString());
    }

    /** The receiver. A file that has the address may have changed since the last call. */
    public URI url() {
        return URI.create(address.reveal());
    }

    @Override
    public String toString() {
        return "WebhookSettings[" + url().getHost() + "]";
    }
}
