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
 * The database and {@code data.dir} that the budgets of the policy need: all nodes keep in the database what was spent, and the
 * journal in {@code data.dir} keeps it when the node is killed. Without them, a budget that enforces would silently limit less than it says: it
 * stops the deployment, and a new version of the file that has one is refused. Budgets in the modes warn and shadow are accepted
 * without a database with a line in the log, because they have no effect either.
 */
final class EnforcingBudgets {
    private static final Logger LOG = LoggerFactory.getLogger(EnforcingBudgets.class);

    private static final String REMEDY = ": bind jdbc/warder, or with java -jar set data.dir or database.url";

    private static final String NO_DATABASE =
            "has budgets of the mode enforce (also those without a mode), which need a database" + REMEDY;

    private static final String NO_FOLDER =
            "has budgets of the mode enforce (also those without a mode), which need a folder"
                    + " of this node's own for what was spent: set data.dir";

    private EnforcingBudgets() {}

    /**
     * Requires of the policy in use, and of all later ones, that no budget enforces where there is no database or no folder.
     * Administrators may add such budgets to a policy in the database at any time, so that it needs both.
     *
     * @param hasFolder whether {@code data.dir} is set
     * @throws ConfigException if the policy in use has a budget that enforces, or {@code policy.database} is true, and there is
     *     no database or no folder
     */
    static void require(PolicySettings settings, boolean hasDatabase, boolean hasFolder) {
        if (settings.policy().isEmpty() || hasDatabase && hasFolder) {
            return;
        }
        if (settings.usesDatabase()) {
            throw new ConfigException(List.of(Setting.POLICY_DATABASE.publicName()
                    + (hasDatabase
                            ? ": its budgets need a folder of this node's own for what was spent: set data.dir"
                            : ": needs a database" + REMEDY)));
        }
        try {
            settings.policy().get().require(policy -> check(policy, hasDatabase));
        } catch (InvalidValueException refused) {
            throw new ConfigException(List.of(Setting.POLICY_FILE.publicName() + ": " + refused.reason()));
        }
    }

    private static void check(Policy policy, boolean hasDatabase) throws InvalidValueException {
        if (policy.enforces()) {
            throw new InvalidValueException(hasDatabase ? NO_FOLDER : NO_DATABASE);
        }
        int budgets = policy.budgetsByKey().size() + policy.sessions().size();
        if (budgets > 0 && !hasDatabase) {
            LOG.warn(
                    "policy.file: {} budgets of version {} have no effect, because there is no database",
                    budgets,
                    policy.version());
        }
    }
}
