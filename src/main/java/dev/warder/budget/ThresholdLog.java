package dev.warder.budget;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.budget.reply.Threshold;
import dev.warder.ledger.store.PeriodKey;
import dev.warder.policy.BudgetMode;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reports in the log, once for each window and node, that a share of a budget is used. Thread-safe. */
final class ThresholdLog {
    private static final Logger LOG = LoggerFactory.getLogger(ThresholdLog.class);
    private static final String ALL = "1";

    @GuardedBy("this")
    private final Map<PeriodKey, String> reported = new HashMap<>();

    /** @param accounts all accounts of this node; others are forgotten */
    synchronized void look(List<AccountView> accounts) {
        reported.keySet()
                .retainAll(accounts.stream().map(each -> each.terms().key()).collect(Collectors.toSet()));
        accounts.stream().filter(each -> each.seen().isPresent()).forEach(this::look);
    }

    private synchronized void look(AccountView account) {
        long amount = account.terms().budget().terms().nanos();
        var share = account.isUsedUp()
                ? Optional.of(ALL)
                : Threshold.reached(account.spent(), amount).map(Threshold::share);
        if (share.isEmpty() || share.get().equals(reported.put(account.terms().key(), share.get()))) {
            return;
        }
        LOG.warn(
                "Of the budget {} (mode {}) since {} a share of {} is used",
                account.terms().budget().key(),
                mode(account.terms().budget().terms().mode()),
                account.terms().window().start(),
                share.get());
    }

    private static String mode(BudgetMode mode) {
        return mode.name().toLowerCase(Locale.ROOT);
    }
}
