package dev.warder.budget;

import java.math.BigDecimal;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reports to operators how much {@code budget.grace} is, and when it is used. One thread at a time. */
final class GraceLog {
    private static final Logger LOG = LoggerFactory.getLogger(GraceLog.class);

    private static final int NANO_DIGITS = 9;

    private final long most;
    private final LongSupplier used;
    private boolean announced;
    private boolean reported;

    /**
     * @param most all of it, in nano-dollars; 0 for none
     * @param used what of it is held or spent
     */
    GraceLog(long most, LongSupplier used) {
        this.most = most;
        this.used = used;
    }

    /** The database was reached, and knows this many live nodes. The sum is reported once. */
    void beat(int nodes) {
        if (most > 0 && !announced) {
            announced = true;
            LOG.warn(
                    "Budgets: while the database cannot be used, each node may spend {} US dollars beyond what it has"
                            + " reserved (budget.grace); with {} that is {} US dollars",
                    dollars(BigDecimal.valueOf(most)),
                    nodes == 1 ? "1 live node" : nodes + " live nodes",
                    dollars(BigDecimal.valueOf(most).multiply(BigDecimal.valueOf(nodes))));
        }
    }

    /** The database was asked, or could not be asked. The first use of each outage is reported. */
    void looked(boolean away) {
        if (most > 0 && !reported && used.getAsLong() > 0) {
            reported = true;
            LOG.warn(
                    "Budgets: spending from budget.grace; {} of {} US dollars are used",
                    dollars(BigDecimal.valueOf(used.getAsLong())),
                    dollars(BigDecimal.valueOf(most)));
        }
        reported = reported && (away || used.getAsLong() > 0);
    }

    private static String dollars(BigDecimal nanos) {
        return nanos.movePointLeft(NANO_DIGITS).stripTrailingZeros().toPlainString();
    }
}
