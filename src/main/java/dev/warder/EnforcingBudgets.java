package dev.warder;

import dev.warder.config.ConfigException;
import dev.warder.config.InvalidValueException;
import dev.warder.config.Setting;
import dev.warder.policy.DefaultBudget;
import dev.warder.policy.PolicySettings;
import java.util.ArrayList;
import java.util.Optional;

/**
 * Whether this node can enforce budgets. One that would silently limit nothing stops the deployment, and a new version of
 * {@code policy.file} that has one is refused.
 */
final class EnforcingBudgets {
    private static final String NO_STORE =
            "needs a database for budgets that enforce: bind the DataSource jdbc/warder, or"
                    + " with java -jar set database.url or data.dir";

    /** The gateway does not enforce budgets yet. What enforces them replaces this constant. */
    private static final Optional<String> NOT_SUPPORTED =
            Optional.of("has budgets that enforce, which this version does"
                    + " not support; give them another mode, warn or shadow");

    private EnforcingBudgets() {}

    /**
     * Requires it of the policy in use and of all later ones.
     *
     * @param hasStore whether a database is bound
     * @throws ConfigException naming the setting that has a budget which cannot be enforced
     */
    static void require(PolicySettings settings, boolean hasStore) {
        Optional<String> obstacle = hasStore ? NOT_SUPPORTED : Optional.of(NO_STORE);
        var problems = new ArrayList<String>();
        if (obstacle.isPresent() && settings.budgets().byDefault().orElse(null) instanceof DefaultBudget.Limited) {
            problems.add(Setting.BUDGET_DEFAULT.publicName() + ": " + obstacle.get());
        }
        settings.policy().ifPresent(live -> {
            try {
                live.require(policy -> {
                    if (policy.enforces() && obstacle.isPresent()) {
                        throw new InvalidValueException(obstacle.get());
                    }
                });
            } catch (InvalidValueException refused) {
                problems.add(Setting.POLICY_FILE.publicName() + ": " + refused.reason());
            }
        });
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
    }
}
