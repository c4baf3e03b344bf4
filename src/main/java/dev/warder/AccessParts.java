package dev.warder;

import dev.warder.auth.ClientDirectory;
import dev.warder.auth.IssuedTokens;
import dev.warder.auth.TokenWarnings;
import dev.warder.config.FileWatch;
import dev.warder.database.LimitedSource;
import dev.warder.policy.DatabaseVersions;
import dev.warder.policy.LivePolicy;
import dev.warder.policy.PolicyFollower;
import dev.warder.policy.PolicySettings;
import dev.warder.policy.PolicyStore;
import dev.warder.policy.StoredPolicy;
import dev.warder.policy.VersionExchange;
import dev.warder.principal.Administration;
import dev.warder.principal.PrincipalApi;
import dev.warder.settings.GatewaySettings;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parts that know who may use the gateway.
 *
 * @param versions compares the versions of {@code policy.file} of all nodes; empty without a database
 * @param follower reads the policy in the database; empty without a database
 * @param api serves it to administrators; empty without a database
 */
record AccessParts(
        ClientDirectory clients,
        TokenWarnings tokenWarnings,
        Optional<VersionExchange> versions,
        Optional<PolicyFollower> follower,
        Optional<PrincipalApi> api) {
    private static final Logger LOG = LoggerFactory.getLogger(AccessParts.class);
    private static final int MOST_NAMED = 20;

    /**
     * Creates them; nothing is read from the database yet.
     *
     * @param isStandalone whether the address of a caller is always that of the connection
     */
    static AccessParts of(
            GatewaySettings settings,
            FileWatch files,
            Optional<DataSource> dataSource,
            ThreadFactory threads,
            boolean isStandalone) {
        var policy = settings.policy();
        var issued = new IssuedTokens();
        var clients = ClientDirectory.of(settings.clients(), policy.policy(), issued, files, InstantSource.system());
        Optional<PolicyFollower> follower =
                dataSource.map(source -> follower(policy, new LimitedSource(source, threads), issued, isStandalone));
        Optional<LivePolicy> live = policy.policy().filter(any -> policy.usesDatabase());
        return new AccessParts(
                clients,
                new TokenWarnings(settings.clients(), clients),
                policy.policy()
                        .flatMap(used -> dataSource.map(
                                source -> new VersionExchange(used, new DatabaseVersions(source), policy::look))),
                follower,
                follower.map(each ->
                        new PrincipalApi(new Administration(each, clients, live, policy.byDefault()), threads)));
    }

    /** Its content is put into use only where the operator has decided that it counts. */
    private static PolicyFollower follower(
            PolicySettings policy, DataSource source, IssuedTokens issued, boolean isStandalone) {
        var warned = new AtomicBoolean(!isStandalone);
        List<Consumer<StoredPolicy>> listeners = policy.usesDatabase()
                ? List.of(
                        content -> issued.replace(content.tokens().values()),
                        policy.policy().orElseThrow()::accept,
                        content -> warnOfNetworks(issued.namesWithNetworks(), warned))
                : List.of();
        return new PolicyFollower(new PolicyStore(source), listeners);
    }

    /** Once: at the start, or when there is the first such token. */
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
}
