package dev.warder;

import dev.warder.config.ConfigException;
import dev.warder.config.InvalidValueException;
import dev.warder.config.Setting;
import dev.warder.policy.Policy;
import dev.warder.policy.PolicySettings;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the budgets of {@code policy.file} need: the database, in which all nodes keep what was spent. Without one, a budget that
 * enforces would silently limit nothing: it stops the deployment, and a new version of the file that has one is refused.
 * Budgets in the modes warn and shadow are accepted then with a line in the log, because they have no effect either.
 */
final class EnforcingBudgets {
    private static final Logger LOG = LoggerFactory.getLogger(EnforcingBudgets.class);

    private static final String REMEDY = ": bind jdbc/warder, or with java -jar set data.dir or database.url";

    private static final String NO_DATABASE =
            "has budgets of the mode enforce (also those without a mode), which need a database" + REMEDY;

    private EnforcingBudgets() {}

    /**
     * Requires of the policy in use, and of all later ones, that no budget enforces where there is no database.
     *
     * @throws ConfigException if the policy in use has a budget that enforces, or {@code policy.database} is true, and there is
     *     no database
     */
    static void require(PolicySettings settings, boolean hasDatabase) {
        if (settings.policy().isEmpty() || hasDatabase) {
            return;
        }
        if (settings.usesDatabase()) {
            throw new ConfigException(List.of(Setting.POLICY_DATABASE.publicName() + ": needs a database" + REMEDY));
        }
        try {
            settings.policy().get().require(EnforcingBudgets::check);
        } catch (InvalidValueException refused) {
            throw new ConfigException(List.of(Setting.POLICY_FILE.publicName() + ": " + refused.reason()));
        }
    }

    private static void check(Policy policy) throws InvalidValueException {
        if (policy.enforces()) {
            throw new InvalidValueException(NO_DATABASE);
        }
        int budgets = policy.budgetsByKey().size() + policy.sessions().size();
        if (budgets > 0) {
            LOG.warn(
                    "policy.file: {} budgets of version {} have no effect, because there is no database",
                    budgets,
                    policy.version());
        }
    }
}
