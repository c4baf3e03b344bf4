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
 * What the gateway does with the budgets of {@code policy.file}: it reads them, and enforces none. One that would silently
 * limit nothing stops the deployment, and a new version of the file that has one is refused. Budgets in the modes warn and
 * shadow are accepted with a line in the log, because they have no effect either.
 */
final class EnforcingBudgets {
    private static final Logger LOG = LoggerFactory.getLogger(EnforcingBudgets.class);

    private static final String NOT_SUPPORTED =
            "has budgets of the mode enforce (also those without a mode), which this release of Warder does not support;"
                    + " remove them, or give them the mode warn or shadow, which has no effect yet";

    private EnforcingBudgets() {}

    /**
     * Requires of the policy in use, and of all later ones, that no budget enforces.
     *
     * @throws ConfigException if the policy in use has a budget that enforces
     */
    static void require(PolicySettings settings) {
        if (settings.policy().isEmpty()) {
            return;
        }
        try {
            settings.policy().get().require(EnforcingBudgets::check);
        } catch (InvalidValueException refused) {
            throw new ConfigException(List.of(Setting.POLICY_FILE.publicName() + ": " + refused.reason()));
        }
    }

    private static void check(Policy policy) throws InvalidValueException {
        if (policy.enforces()) {
            throw new InvalidValueException(NOT_SUPPORTED);
        }
        int budgets = policy.budgetsByKey().size() + policy.sessions().size();
        if (budgets > 0) {
            LOG.warn(
                    "policy.file: {} budgets of version {} have no effect: this release of Warder neither enforces budgets"
                            + " nor warns of them",
                    budgets,
                    policy.version());
        }
    }
}
