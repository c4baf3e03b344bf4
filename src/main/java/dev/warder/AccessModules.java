package dev.warder;

import dev.warder.admin.AdminThreads;
import dev.warder.adminapi.Administration;
import dev.warder.auth.ClientDirectory;
import dev.warder.auth.CurrentPolicyGate;
import dev.warder.auth.IssuedTokens;
import dev.warder.auth.ModelPolicyGate;
import dev.warder.auth.RemovedClientGate;
import dev.warder.auth.TokenWarnings;
import dev.warder.config.ConfigException;
import dev.warder.config.Setting;
import dev.warder.observe.MetricName;
import dev.warder.observe.Metrics;
import dev.warder.policy.DatabaseVersions;
import dev.warder.policy.PolicyFollower;
import dev.warder.policy.PolicySettings;
import dev.warder.policy.StoredPolicy;
import dev.warder.policy.VersionExchange;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The parts that know who may use the gateway. Nothing is read from the database before the start. */
final class AccessModules {
    private static final Logger LOG = LoggerFactory.getLogger(AccessModules.class);
    private static final int MOST_NAMED = 20;
    static final long FILES_MILLIS = 2000;

    /** The longest time until the version of the policy on another node is noticed. */
    static final long VERSIONS_MILLIS = 900;

    private static final long THREADS_MILLIS = 1000;

    final ClientDirectory clients;
    final AdminThreads threads;

    /** Empty without a database. */
    final Optional<Administration> administration;

    private final Wiring wiring;
    private final Metrics metrics;
    private final PolicySettings policy;
    private final Optional<PolicyFollower> follower;

    AccessModules(Wiring wiring, Metrics metrics) {
        this.wiring = wiring;
        this.metrics = metrics;
        var deployment = wiring.deployment();
        policy = wiring.settings().policy();
        if (wiring.settings().clients().certificates().areOfFrontEnds() && !deployment.isStandalone()) {
            throw new ConfigException(List.of(Setting.HTTP_TRUSTED_PROXIES.publicName()
                    + ": is for java -jar only; an application server passes the certificate on itself"));
        }
        var issued = new IssuedTokens();
        clients = ClientDirectory.of(
                wiring.settings().clients(), policy.policy(), issued, deployment.files(), InstantSource.system());
        var warned = new AtomicBoolean(!deployment.isStandalone());
        follower = wiring.source().map(source -> follower(source, issued, warned));
        threads = new AdminThreads(wiring.threads());
        administration = follower.map(each -> new Administration(
                each, clients, policy.policy().filter(any -> policy.usesDatabase()), policy.byDefault()));
    }

    private PolicyFollower follower(DataSource source, IssuedTokens issued, AtomicBoolean warned) {
        List<Consumer<StoredPolicy>> listeners = policy.usesDatabase()
                ? List.of(
                        content -> issued.replace(content.tokens().values()),
                        policy.policy().orElseThrow()::accept,
                        content -> warnOfNetworks(issued.namesWithNetworks(), warned))
                : List.of();
        return new PolicyFollower(
                source, listeners, wiring.settings().database().journal());
    }

    private static void warnOfNetworks(List<String> names, AtomicBoolean warned) {
        if (!names.isEmpty() && warned.compareAndSet(false, true)) {
            LOG.warn(
                    "networks of access tokens: java -jar knows the address of the connection only. Behind a front end"
                            + " on this or another machine all callers have the address of the front end. Limited tokens"
                            + " ({}): {}",
                    names.size(),
                    names.stream().limit(MOST_NAMED).collect(Collectors.joining(", ")));
        }
    }

    /** To be called after the parts were created that must stop after these. */
    void add() {
        var warnings = new TokenWarnings(wiring.settings().clients(), clients);
        var modules = wiring.modules();
        modules.add("changes of the policy", () -> start(warnings), threads::close);
        modules.gate(Modules.Turn.POLICY, new ModelPolicyGate());
        policy.policy().ifPresent(live -> {
            modules.gate(Modules.Turn.POLICY, new RemovedClientGate(clients));
            modules.gate(Modules.Turn.POLICY, new CurrentPolicyGate(clients));
            metrics.observe(MetricName.POLICY_VERSION, () -> live.current().version());
        });
    }

    private void start(TokenWarnings warnings) {
        if (!wiring.settings().managed().credentials().isEmpty()) {
            clients.workspaceWarning().ifPresent(warning -> LOG.warn(warning));
        }
        warnings.report();
        var schedule = wiring.schedule();
        schedule.timer.every(THREADS_MILLIS, threads::tick);
        long look = Schedule.lookMillis(FILES_MILLIS);
        schedule.files.every(look, wiring.deployment().files()::poll);
        schedule.files.every(look, warnings::look);
        versions().ifPresent(each -> schedule.versions.nowAndEvery(Schedule.lookMillis(VERSIONS_MILLIS), each::look));
        // After the versions, whose highest one is a part of the number of the policy.
        follower.filter(any -> policy.usesDatabase())
                .ifPresent(each -> schedule.versions.nowAndEvery(Schedule.lookMillis(VERSIONS_MILLIS), each::look));
    }

    /** Compares the versions of {@code policy.file} of all nodes; empty without a database. */
    private Optional<VersionExchange> versions() {
        return policy.policy().flatMap(used -> wiring.deployment()
                .database()
                .map(source -> new VersionExchange(used, new DatabaseVersions(source), policy::look)));
    }
}
