package dev.warder;

import dev.warder.admin.AdminSettings;
import dev.warder.admin.BearerGuard;
import dev.warder.admin.page.Dashboard;
import dev.warder.admin.page.RecentRefusals;
import dev.warder.auth.ClientSettings;
import dev.warder.auth.TokenThrottle;
import dev.warder.credential.CredentialCheckup;
import dev.warder.credential.PassthroughSettings;
import dev.warder.edit.ModelListRefresh;
import dev.warder.edit.ModelSettings;
import dev.warder.edit.PromptSettings;
import dev.warder.health.DatabaseCheck;
import dev.warder.http.Attributes;
import dev.warder.http.Routing;
import dev.warder.http.SmallBodies;
import dev.warder.observe.MetricsSettings;
import dev.warder.openai.ServedModels;
import dev.warder.record.AccessLog;
import dev.warder.record.LogSettings;
import dev.warder.record.QuietLog;
import dev.warder.settings.GatewaySettings;
import dev.warder.stream.EventLimit;
import dev.warder.upstream.UpstreamClient;
import dev.warder.usage.AssumedModels;
import dev.warder.usage.OutputRate;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The running application: the list of its modules. It starts from top to bottom, and stops from bottom to top; the parts
 * themselves are created on the way, those of the ledger's journal with their threads. One thread at a time.
 */
final class Gateway implements AutoCloseable {
    private static final long DATABASE_MILLIS = 5000;
    private static final long THROTTLE_MILLIS = 100;
    private static final long MODELS_MILLIS = 250;

    private final Wiring.Deployment deployment;
    private final GatewaySettings settings;
    private final Modules modules = new Modules();
    private final Schedule schedule = new Schedule();
    private @Nullable QuietLog quiet;

    /** If a part cannot be created, those before it are closed. */
    Gateway(Wiring.Deployment deployment) {
        this.deployment = deployment;
        settings = deployment.settings();
        EnforcingBudgets.require(
                settings.policy(),
                deployment.database().isPresent(),
                settings.database().folder().isPresent());
        try {
            addAll();
        } catch (RuntimeException | Error unusable) {
            // No caller has the parts yet.
            modules.stop();
            throw unusable;
        }
    }

    private void addAll() {
        var refusals = new RecentRefusals(InstantSource.system());
        modules.add(Module.named("the changed log level")
                        .stops(this::restoreLog)
                        .observer(new AccessLog(settings.log().format()))
                        .observer(refusals))
                .add(Module.named("the remaining threads of periodic tasks").stops(schedule::awaitEnd))
                .add(settingsOfFilters());
        var wiring = new Wiring(deployment, modules, schedule, modules.threads("ledger", Wiring.THREAD_END_MILLIS));
        var upstreamThreads = modules.threads("upstream", Wiring.THREAD_END_MILLIS);
        var clientThreads = modules.threads("client", Wiring.THREAD_END_MILLIS);
        var telemetry = new Telemetry(wiring);
        var credentials = new Credentials(wiring);
        var client = new UpstreamClient(
                settings.upstream().url(),
                settings.proxy().timeouts().connect(),
                settings.upstream().http2(),
                upstreamThreads,
                System::nanoTime);
        var checkup = new CredentialCheckup(settings.upstream(), client, System::nanoTime);
        modules.add(upstream(client, checkup))
                .add(Module.named("periodic tasks").stops(schedule::close));
        var access = new AccessModules(wiring);
        var models = new ServedModels(settings.openAi(), settings.models());
        var rate = Attributes.find(deployment.application(), OutputRate.class).orElse(OutputRate.DEFAULT);
        var account = new AccountModules(wiring, new AssumedModels(rate, models::longestPrompt));
        modules.add(access.module());
        account.addReaders();
        modules.add(models(models, account, credentials, client));
        var readiness = ReadinessChecks.of(settings, database(), credentials, account);
        var exchanging = new ExchangeModules(wiring, clientThreads, client, readiness);
        modules.add(signIns());
        modules.add(Module.named("the overview")
                .offers(
                        Dashboard.class,
                        Overview.of(deployment, exchanging, readiness, credentials, account.ledger, refusals)));
        exchanging.complete(access, checkup, rate);
        telemetry.show(
                exchanging, credentials.pool::states, deployment.application().getContextPath());
    }

    private Module settingsOfFilters() {
        return Module.named("settings")
                .offers(ClientSettings.class, settings.clients())
                .offers(PassthroughSettings.class, settings.passthrough())
                .offers(Routing.class, new Routing(settings.openAi().enabled()))
                .offers(
                        EventLimit.class,
                        new EventLimit(settings.proxy().limits().event()))
                .offers(PromptSettings.class, settings.prompt())
                .offers(ModelSettings.class, settings.models())
                .offers(AdminSettings.class, settings.admin())
                .offers(MetricsSettings.class, settings.metrics())
                .offers(SmallBodies.class, new SmallBodies(Runtime.getRuntime().maxMemory()));
    }

    private Module upstream(UpstreamClient client, CredentialCheckup checkup) {
        return Module.named("upstream connections")
                .starts(() -> {
                    client.start();
                    schedule.timer.every(Schedule.sweepMillis(settings.proxy()), () -> {
                        client.tidy();
                        checkup.tick();
                    });
                })
                .stops(client::close);
    }

    private Module models(ServedModels models, AccountModules account, Credentials credentials, UpstreamClient client) {
        var module = Module.named("models").offers(ServedModels.class, models);
        boolean used = settings.openAi().enabled() || account.budgets.isPresent();
        if (used && !credentials.pool.isEmpty()) {
            var refresh = new ModelListRefresh(
                    models::update, credentials.pool, settings.upstream(), client, System::nanoTime);
            // On the thread for files: a large list of models would delay the timer's frequent tasks.
            module.starts(() -> schedule.files.nowAndEvery(MODELS_MILLIS, refresh::tick));
        }
        return module;
    }

    private Optional<DatabaseCheck> database() {
        var check = deployment.database().map(source -> new DatabaseCheck(source::getConnection, System::nanoTime));
        check.ifPresent(each -> modules.add(Module.named("the check of the database")
                .starts(() -> schedule.database.nowAndEvery(Schedule.lookMillis(DATABASE_MILLIS), each::ask))));
        return check;
    }

    private Module signIns() {
        var throttle = new TokenThrottle(System::nanoTime, "admin.token");
        var metrics = new TokenThrottle(System::nanoTime, "metrics.token or admin.token");
        return Module.named("delayed sign-ins")
                .starts(() -> {
                    schedule.timer.every(THROTTLE_MILLIS, throttle::tick);
                    schedule.timer.every(THROTTLE_MILLIS, metrics::tick);
                })
                .stops(() -> {
                    throttle.close();
                    metrics.close();
                })
                .offers(TokenThrottle.class, throttle)
                .offers(BearerGuard.class, new BearerGuard(metrics));
    }

    /** Starts the modules. If it throws anything, some may run: the caller closes the gateway. */
    void start() {
        modules.start(deployment.application());
        // Last: other applications may use the same logger, and a start that fails must not leave its level changed.
        quiet = settings.log().level() == LogSettings.Level.QUIET ? new QuietLog() : null;
    }

    /**
     * Refuses new requests, waits up to 5 s for threads inside the filters, ends open exchanges with an error event and waits
     * up to 5 s until each has ended; only then are connections and threads closed. An operator who wants streams to end by
     * themselves drains first. A part that cannot be closed is logged, and the others are closed all the same.
     */
    @Override
    public void close() {
        modules.stop();
    }

    private void restoreLog() {
        var changed = quiet;
        if (changed != null) {
            changed.close();
            quiet = null;
        }
    }
}
