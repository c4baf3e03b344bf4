package dev.warder.policy;

import dev.warder.config.InvalidValueException;
import dev.warder.config.Setting;
import dev.warder.config.SettingReader;
import dev.warder.config.ValueSyntax;
import dev.warder.config.WatchedFile;
import java.util.Optional;

/**
 * Who may use what, and how much may be spent: settings {@code policy.file}, {@code policy.database} and {@code
 * budget.default}. Thread-safe.
 *
 * @param policy follows the file or the database; empty if neither is set, so that every access token is its own client
 * @param usesDatabase whether what administrators keep in the database counts
 * @param byDefault what holds for clients that no budget limits; empty if the operator has not decided
 * @param file follows {@code policy.file}; empty if it is not set
 */
public record PolicySettings(
        Optional<LivePolicy> policy,
        boolean usesDatabase,
        Optional<DefaultBudget> byDefault,
        Optional<WatchedFile<Policy>> file) {
    public static PolicySettings read(SettingReader settings) {
        Optional<DefaultBudget> byDefault = byDefault(settings);
        boolean usesDatabase = settings.read(Setting.POLICY_DATABASE, false, ValueSyntax::flag);
        if (usesDatabase && settings.isGiven(Setting.POLICY_FILE)) {
            settings.problem(
                    Setting.POLICY_DATABASE,
                    "must not be true together with policy.file. While it is false, import the file (java -jar warder.war"
                            + " import --policy.file=FILE, or POST /admin/api/import); then remove policy.file and set it"
                            + " to true");
        }
        var live = usesDatabase ? LivePolicy.ofDatabase(byDefault) : new LivePolicy(byDefault);
        Optional<WatchedFile<Policy>> file = settings.find(Setting.POLICY_FILE, text -> watched(text, live, settings));
        boolean any = usesDatabase || file.isPresent();
        return new PolicySettings(any ? Optional.of(live) : Optional.empty(), usesDatabase, byDefault, file);
    }

    public boolean isStale() {
        return file.map(WatchedFile::isStale).orElse(false);
    }

    /** Reads the file again if it has changed; waits for the disk and never throws. */
    public void look() {
        file.ifPresent(WatchedFile::check);
    }

    /** After a problem with the setting, clients without a budget are not worth a second problem. */
    private static Optional<DefaultBudget> byDefault(SettingReader settings) {
        Optional<DefaultBudget> found = findForPolicy(Setting.BUDGET_DEFAULT, settings, DefaultBudget::parse);
        return found.or(() -> settings.isGiven(Setting.BUDGET_DEFAULT)
                ? Optional.of(new DefaultBudget.Unlimited())
                : Optional.empty());
    }

    /**
     * The value of a setting of budgets, which the policy must have. An operator who limits spending must not
     * believe that it is limited, and so the setting alone is a problem.
     */
    public static <T> Optional<T> findForPolicy(Setting setting, SettingReader settings, ValueSyntax.Parser<T> parser) {
        Optional<T> found = settings.find(setting, parser);
        boolean hasPolicy = settings.isGiven(Setting.POLICY_FILE) || settings.isGiven(Setting.POLICY_DATABASE);
        if (found.isPresent() && settings.isGiven(setting) && !hasPolicy) {
            settings.problem(
                    setting,
                    "has no meaning without " + Setting.POLICY_FILE.publicName() + " or "
                            + Setting.POLICY_DATABASE.publicName());
        }
        return found;
    }

    private static WatchedFile<Policy> watched(String text, LivePolicy live, SettingReader settings)
            throws InvalidValueException {
        return settings.watch(Setting.POLICY_FILE, ValueSyntax.path(text), live::accept);
    }
}
