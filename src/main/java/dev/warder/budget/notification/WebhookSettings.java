package dev.warder.budget.notification;

import dev.warder.config.EndpointUrl;
import dev.warder.config.Secret;
import dev.warder.config.Setting;
import dev.warder.config.SettingReader;
import dev.warder.policy.reading.PolicySettings;
import java.net.URI;
import java.util.Optional;

/**
 * Where notifications of budgets are sent, settings {@code budget.webhook} and {@code budget.webhookKey}. Thread-safe.
 *
 * @param url the receiver; its path may be confidential
 * @param key signs the messages
 */
public record WebhookSettings(URI url, Secret key) {
    /** Reads them; empty if they are unset. */
    public static Optional<WebhookSettings> read(SettingReader settings) {
        var url = PolicySettings.findForPolicy(Setting.BUDGET_WEBHOOK, settings, EndpointUrl::parse);
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

    /** The host only. */
    @Override
    public String toString() {
        return "WebhookSettings[" + url.getHost() + "]";
    }
}
