package dev.warder.policy;

import dev.warder.config.InvalidValueException;
import dev.warder.config.Setting;
import dev.warder.config.SettingReader;
import dev.warder.config.ValueSyntax;
import dev.warder.config.WatchedFile;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Who may use what, and how much may be spent: settings {@code policy.file} and {@code budget.*}. Thread-safe.
 *
 * @param policy follows the file; empty if none is set, so that every access token is its own client
 * @param isStale whether the newest version of the file cannot be used, and an earlier one counts; never waits
 */
public record PolicySettings(Optional<LivePolicy> policy, BooleanSupplier isStale, BudgetSettings budgets) {
    /** Reads {@code budget.*} and {@code policy.file}. */
    public static PolicySettings read(SettingReader settings) {
        var budgets = BudgetSettings.read(settings);
        var live = new LivePolicy(assumed(budgets, settings));
        Optional<WatchedFile<Policy>> file = settings.find(Setting.POLICY_FILE, text -> watched(text, live, settings));
        BooleanSupplier isStale =
                file.<BooleanSupplier>map(watched -> watched::isStale).orElse(() -> false);
        return new PolicySettings(file.map(watched -> live), isStale, budgets);
    }

    /** After a problem with {@code budget.default}, clients without a budget are not worth a second problem. */
    private static Optional<DefaultBudget> assumed(BudgetSettings budgets, SettingReader settings) {
        return budgets.byDefault()
                .or(() -> settings.isGiven(Setting.BUDGET_DEFAULT)
                        ? Optional.of(new DefaultBudget.Unlimited())
                        : Optional.empty());
    }

    private static WatchedFile<Policy> watched(String text, LivePolicy live, SettingReader settings)
            throws InvalidValueException {
        return settings.watch(Setting.POLICY_FILE, ValueSyntax.path(text), live::accept);
    }
}
