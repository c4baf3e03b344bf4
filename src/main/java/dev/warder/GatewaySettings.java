package dev.warder;

import dev.warder.admin.AdminSettings;
import dev.warder.auth.ClientSettings;
import dev.warder.config.ConfigException;
import dev.warder.config.SettingReader;
import dev.warder.credential.ManagedSettings;
import dev.warder.database.DatabaseSettings;
import dev.warder.edit.ModelSettings;
import dev.warder.edit.PromptSettings;
import dev.warder.exchange.ProxySettings;
import dev.warder.ledger.LedgerSettings;
import dev.warder.oauth.FederationSettings;
import dev.warder.oauth.OAuthSettings;
import dev.warder.observe.MetricsSettings;
import dev.warder.observe.OtlpSettings;
import dev.warder.openai.OpenAiSettings;
import dev.warder.policy.PolicySettings;
import dev.warder.quota.BudgetSettings;
import dev.warder.reconcile.ReconcileSettings;
import dev.warder.record.LogSettings;
import dev.warder.upstream.UpstreamSettings;
import dev.warder.usage.PriceSettings;
import java.util.Optional;

/**
 * Everything that the operator set, a record of each feature. Read once at deployment; only secrets and the content of
 * files may change later. Thread-safe.
 *
 * @param oauth present exactly if {@code managed} has a login
 * @param federation present exactly if {@code managed} has a workload identity
 * @param reconcile present exactly if the ledger is compared with the reports of Anthropic
 * @param otlp present exactly if telemetry is sent to a collector
 */
public record GatewaySettings(
        UpstreamSettings upstream,
        ManagedSettings managed,
        Optional<OAuthSettings> oauth,
        Optional<FederationSettings> federation,
        PolicySettings policy,
        ClientSettings clients,
        BudgetSettings budgets,
        ModelSettings models,
        OpenAiSettings openAi,
        PriceSettings prices,
        DatabaseSettings database,
        LedgerSettings ledger,
        Optional<ReconcileSettings> reconcile,
        ProxySettings proxy,
        AdminSettings admin,
        MetricsSettings metrics,
        Optional<OtlpSettings> otlp,
        LogSettings log,
        PromptSettings prompt) {
    /**
     * Reads all settings.
     *
     * @throws ConfigException with every problem of every feature
     */
    public static GatewaySettings read(SettingReader settings) {
        return settings.readAll(GatewaySettings::readEach);
    }

    public boolean keepsLoginInDatabase() {
        return oauth.map(OAuthSettings::store)
                .filter(OAuthSettings.Store::usesDatabase)
                .isPresent();
    }

    private static GatewaySettings readEach(SettingReader settings) {
        var url = UpstreamSettings.readUrl(settings);
        var managed = ManagedSettings.read(settings);
        var upstream = UpstreamSettings.read(url, settings);
        var oauth = OAuthSettings.read(managed, settings);
        var federation = FederationSettings.read(url, managed, settings);
        var policy = PolicySettings.read(settings);
        var clients = ClientSettings.read(policy.usesDatabase(), settings);
        return new GatewaySettings(
                upstream,
                managed,
                oauth,
                federation,
                policy,
                clients,
                BudgetSettings.read(settings),
                ModelSettings.read(settings),
                OpenAiSettings.read(settings),
                PriceSettings.read(managed.names(), settings),
                DatabaseSettings.read(settings),
                LedgerSettings.read(settings),
                ReconcileSettings.read(url, upstream.version(), managed.names(), settings),
                ProxySettings.read(settings),
                AdminSettings.read(clients.token(), settings),
                MetricsSettings.read(settings),
                OtlpSettings.read(settings),
                LogSettings.read(settings),
                PromptSettings.read(settings));
    }
}
