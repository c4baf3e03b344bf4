package dev.warder;

import dev.warder.config.FileWatch;
import dev.warder.edit.ModelListRefresh;
import dev.warder.ledger.Ledger;
import dev.warder.quota.rate.RateLimiting;
import dev.warder.reconcile.Reconciliation;
import dev.warder.record.LogSettings;
import dev.warder.record.QuietLog;
import dev.warder.settings.GatewaySettings;
import jakarta.servlet.ServletContext;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running application: starts its parts and closes them, each in order. {@link GatewayParts} creates them, and {@link
 * GatewayAttributes} offers them to filters and servlets. One thread at a time.
 */
final class Gateway implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);

    static final long FILES_MILLIS = 2000;

    /** The longest time until the version of the policy on another node is noticed. */
    static final long VERSIONS_MILLIS = 900;

    private static final long DRAIN_FILE_MILLIS = 500;
    private static final long DATABASE_MILLIS = 5000;
    private static final long TRIM_MILLIS = 10_000;
    private static final long THROTTLE_MILLIS = 100;

    /** The longest time until a login that another process has stored is noticed. */
    private static final long CREDENTIALS_MILLIS = 900;

    private static final long MODELS_MILLIS = 250;

    private final GatewayParts parts;
    private @Nullable QuietLog quiet;

    /**
     * @param start how the application was started
     * @param files the files that the configuration has begun to watch
     * @param dataSource the operator's database, if one is bound
     * @param application the deployed application
     */
    Gateway(
            GatewaySettings settings,
            Overview.Start start,
            FileWatch files,
            Optional<DataSource> dataSource,
            ServletContext application) {
        parts = new GatewayParts(settings, start, files, dataSource, application);
        // Now, as all other steps, while every server can load classes: Open Liberty can load none of a WAR that is
        // deleted at the same time.
        parts.shutdown.add(ShutdownOrder.Step.LOG_LEVEL, this::restoreLog);
    }

    /**
     * Puts the collaborators into the servlet context for filters and servlets, and starts the threads. If it throws anything,
     * some may run: the caller closes the gateway.
     */
    void start(ServletContext application) {
        // Before the first request: a node that is out of service must not report that it is ready.
        parts.drain.lookForFile();
        GatewayAttributes.offer(application, parts);
        if (!parts.credentials.pool().isEmpty()) {
            parts.clients.workspaceWarning().ifPresent(LOG::warn);
        }
        parts.tokenWarnings.report();
        parts.client.start();
        parts.credentials.start();
        parts.telemetry.start();
        parts.ledger.ifPresent(Ledger::start);
        parts.notifications.start();
        parts.budgets.ifPresent(
                budgets -> budgets.start(parts.ledger.orElseThrow().node()));
        parts.rateLimiting.ifPresent(RateLimiting::start);
        parts.reconciliation.ifPresent(Reconciliation::start);
        parts.observerThread.start();
        startTasks();
        // Last: other applications may use the same logger, and a start that fails must not leave its level changed.
        quiet = parts.settings.log().level() == LogSettings.Level.QUIET ? new QuietLog() : null;
    }

    private void startTasks() {
        var schedule = parts.schedule;
        var timer = schedule.timer();
        timer.every(Schedule.sweepMillis(parts.settings.proxy()), this::tick);
        timer.every(TRIM_MILLIS, parts.segments::trim);
        timer.every(THROTTLE_MILLIS, parts.throttle::tick);
        timer.every(THROTTLE_MILLIS, parts.metricsThrottle::tick);
        parts.ledger.ifPresent(each -> timer.every(THROTTLE_MILLIS, each::tick));
        timer.every(Schedule.lookMillis(CREDENTIALS_MILLIS), parts.credentials::tick);
        schedule.files().every(Schedule.lookMillis(FILES_MILLIS), parts.files::poll);
        schedule.files().every(Schedule.lookMillis(FILES_MILLIS), parts.tokenWarnings::look);
        schedule.files().every(Schedule.lookMillis(DRAIN_FILE_MILLIS), parts.drain::lookForFile);
        parts.policyVersions.ifPresent(
                versions -> schedule.versions().nowAndEvery(Schedule.lookMillis(VERSIONS_MILLIS), versions::look));
        if (parts.settings.policy().usesDatabase()) {
            // After the versions, whose highest one is a part of the number of the policy.
            parts.policyFollower.ifPresent(
                    follower -> schedule.versions().nowAndEvery(Schedule.lookMillis(VERSIONS_MILLIS), follower::look));
        }
        refreshModels();
        parts.database.ifPresent(
                check -> schedule.database().nowAndEvery(Schedule.lookMillis(DATABASE_MILLIS), check::ask));
    }

    /**
     * Refuses new requests, waits up to 5 s for threads inside the filters, ends open exchanges with an error event and waits
     * up to 5 s until each has ended; only then are connections and threads closed. An operator who wants streams to end by
     * themselves drains first. A part that cannot be closed is logged, and the others are closed all the same.
     */
    @Override
    public void close() {
        parts.shutdown.run();
    }

    private void restoreLog() {
        var changed = quiet;
        if (changed != null) {
            changed.close();
            quiet = null;
        }
    }

    /** Runs on the thread for files: a large list of models would delay the timer's frequent tasks. */
    private void refreshModels() {
        var settings = parts.settings;
        boolean used = settings.openAi().enabled() || parts.budgets.isPresent();
        if (used && !parts.credentials.pool().isEmpty()) {
            var refresh = new ModelListRefresh(
                    parts.models::update,
                    parts.credentials.pool(),
                    settings.upstream(),
                    parts.client,
                    System::nanoTime);
            parts.schedule.files().nowAndEvery(MODELS_MILLIS, refresh::tick);
        }
    }

    private void tick() {
        parts.clock.look();
        parts.exchanges.sweep();
        parts.client.tidy();
        parts.checkup.tick();
        parts.drain.lookAtClock();
    }
}
