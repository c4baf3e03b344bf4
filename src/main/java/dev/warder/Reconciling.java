package dev.warder;

import dev.warder.config.ConfigException;
import dev.warder.config.Setting;
import dev.warder.database.LimitedSource;
import dev.warder.observe.ReconciliationNumbers;
import dev.warder.reconcile.Reconciliation;
import dev.warder.settings.GatewaySettings;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadFactory;
import javax.sql.DataSource;

/** Creates what compares the ledger with the reports of Anthropic, and its metrics. */
final class Reconciling {
    private Reconciling() {}

    /**
     * Empty unless {@code reconcile.key} is set.
     *
     * @throws ConfigException if it is set and there is no database
     */
    static Optional<Reconciliation> of(GatewaySettings settings, Optional<DataSource> database, ThreadFactory threads) {
        if (settings.reconcile().isEmpty()) {
            return Optional.empty();
        }
        var source = database.orElseThrow(() -> new ConfigException(List.of(Setting.RECONCILE_KEY.publicName()
                + ": needs a database: bind jdbc/warder, or with java -jar set data.dir or database.url")));
        return Optional.of(new Reconciliation(
                settings.reconcile().get(),
                new LimitedSource(source, threads),
                // Another one, since an administrator does not wait for a comparison.
                new LimitedSource(source, threads),
                settings.ledger().retention(),
                threads,
                InstantSource.system(),
                new SplittableRandom()));
    }

    static ReconciliationNumbers numbers(Reconciliation reconciliation) {
        return new ReconciliationNumbers(
                () -> reconciliation.status().openDays(),
                () -> reconciliation.status().unexplainedNanos(),
                () -> reconciliation.status().unexplainedTokens(),
                () -> reconciliation.status().failures());
    }
}
