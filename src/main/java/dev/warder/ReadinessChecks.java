package dev.warder;

import dev.warder.health.DatabaseCheck;
import dev.warder.http.Readiness;
import dev.warder.policy.LivePolicy;
import dev.warder.policy.PolicyVersion;
import dev.warder.quota.budget.Budgets;
import dev.warder.settings.GatewaySettings;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The conditions for serving requests. */
final class ReadinessChecks {
    private ReadinessChecks() {}

    static Readiness of(
            GatewaySettings settings,
            Optional<DatabaseCheck> database,
            Credentials credentials,
            AccountModules account) {
        return new Readiness(
                missingClients(settings),
                missingCredential(settings),
                checks(settings, database, credentials, account));
    }

    private static List<Readiness.Check> checks(
            GatewaySettings settings,
            Optional<DatabaseCheck> database,
            Credentials credentials,
            AccountModules account) {
        var ofDatabase = database.map(
                check -> new Readiness.Check("database", check::cause, () -> needsDatabase(settings, credentials)));
        // Never needed: rows wait, or are lost and counted, and the node serves.
        var ofLedger = account.ledger.map(each -> new Readiness.Check("ledger", each::cause, () -> false));
        // A file that cannot be used stops nothing: the policy that was read before stays in use.
        var ofPolicy = settings.policy()
                .policy()
                .map(live -> new Readiness.Check(
                        "policy", () -> outdated(live).or(() -> stale(settings)), () -> outdated(live)
                                .isPresent()));
        var ofBudgets = account.budgets.map(
                each -> new Readiness.Check("budgets", () -> away(each), each::isWaitingForDatabase));
        return Stream.of(ofDatabase, ofLedger, ofPolicy, ofBudgets)
                .flatMap(Optional::stream)
                .toList();
    }

    private static Optional<String> away(Budgets budgets) {
        if (budgets.isWaitingForDatabase()) {
            return Optional.of("the budgets of the policy have not been read from the database yet");
        }
        return budgets.isDatabaseAway() ? Optional.of("the database of the budgets cannot be used") : Optional.empty();
    }

    private static Optional<String> outdated(LivePolicy live) {
        if (live.awaitsDatabase()) {
            return Optional.of("the clients of the database have not been read yet");
        }
        return live.awaitsComparison()
                ? Optional.of(
                        "policy.file has not been compared with the version of other nodes and earlier starts yet")
                : live.supersededBy().map(elsewhere -> outdated(live.version(), elsewhere));
    }

    private static String outdated(PolicyVersion own, PolicyVersion elsewhere) {
        String both = own.differsFrom(elsewhere)
                ? "version " + own.number() + " of policy.file was used before with other contents"
                : "policy.file has version " + own.number() + ", and version " + elsewhere.number()
                        + " was used before";
        return both + ", on another node or by an earlier start of this one";
    }

    /** Without the problems themselves, which name clients: any of them can read this. */
    private static Optional<String> stale(GatewaySettings settings) {
        return settings.policy().isStale()
                ? Optional.of(
                        "policy.file has changed and cannot be used now; an earlier version stays in use, and the log"
                                + " has the problems")
                : Optional.empty();
    }

    /** Whether no request can be served without the database, because it keeps the only login. */
    private static boolean needsDatabase(GatewaySettings settings, Credentials credentials) {
        return settings.keepsLoginInDatabase()
                && !settings.passthrough().allowed()
                && !credentials.usableWithoutStore();
    }

    private static Optional<String> missingClients(GatewaySettings settings) {
        return settings.clients().configured()
                ? Optional.empty()
                : Optional.of("none of clients.token, clients.file and policy.database is set");
    }

    private static Optional<String> missingCredential(GatewaySettings settings) {
        boolean none = settings.managed().credentials().isEmpty()
                && !settings.passthrough().allowed();
        return none ? Optional.of("upstream.credentials is not set, and passthrough is off") : Optional.empty();
    }
}
