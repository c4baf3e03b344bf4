package dev.warder.admin;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.admin.page.Dashboard;
import dev.warder.adminapi.Administration;
import dev.warder.adminapi.OwnUsage;
import dev.warder.adminapi.RateLimitLists;
import dev.warder.adminapi.Reports;
import dev.warder.adminapi.SpendLimits;
import dev.warder.auth.ClientDirectory;
import dev.warder.auth.TokenThrottle;
import dev.warder.config.Secret;
import dev.warder.http.SmallBodies;
import dev.warder.ledger.Ledger;
import dev.warder.quota.BudgetReports;
import dev.warder.reconcile.Reconciliation;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The parts of the application and the secrets that all requests of this package share. Thread-safe. */
public final class AdminContext {
    final Access access;
    final Account account;
    final Optional<Administration> administration;
    final ManagedCredentials credentials;
    final GatewayMXBean gateway;
    final Dashboard dashboard;
    final InstantSource clock;
    final SecureRandom random = new SecureRandom();

    /** The sessions of administrators that ended before their time. */
    final SignedOutSessions signedOut;

    /** Sign-outs of clients are kept apart, so that they displace none of administrators. */
    final SignedOutSessions ownSignedOut;

    /** A secret that only this node knows, until it ends. */
    final Secret ofNode = Secret.of(Seal.random(random, 32));

    /** Who is admitted, and on which threads and in which memory requests are served. */
    public record Access(
            AdminSettings settings,
            ClientDirectory clients,
            TokenThrottle throttle,
            AdminThreads threads,
            SmallBodies bodies) {}

    /** The reports of use, cost and limits. Some exist only with a database. */
    public record Account(
            Optional<Ledger> ledger,
            Optional<BudgetReports> budgets,
            Optional<Reconciliation> reconciliation,
            Optional<OwnUsage> ownUsage,
            Reports reports,
            SpendLimits limits,
            RateLimitLists rateLimits) {}

    /** @param administration changes of the policy, which need a database */
    public AdminContext(
            Access access,
            Account account,
            Optional<Administration> administration,
            ManagedCredentials credentials,
            GatewayMXBean gateway,
            Dashboard dashboard,
            InstantSource clock) {
        this.access = access;
        this.account = account;
        this.administration = administration;
        this.credentials = credentials;
        this.gateway = gateway;
        this.dashboard = dashboard;
        this.clock = clock;
        signedOut = new SignedOutSessions(clock);
        ownSignedOut = new SignedOutSessions(clock);
    }

    /** The token of administrators. Where only access tokens are accepted, no other token is right. */
    Secret token() {
        return access.settings().token().orElse(ofNode);
    }

    Seal seal() {
        return new Seal(token(), clock);
    }

    /**
     * The numbers of sessions that were signed out in this process and have not expired. At most 10,000 are kept, the latest;
     * only a browser that is signed in can add one. Thread-safe.
     */
    static final class SignedOutSessions {
        private static final int MOST = 10_000;

        private final InstantSource clock;

        /** By number, the time at which the session expires anyway; in the order of signing out. */
        @GuardedBy("this")
        private final Map<String, Instant> ends = new LinkedHashMap<>();

        SignedOutSessions(InstantSource clock) {
            this.clock = clock;
        }

        synchronized void add(String number, Duration life) {
            var now = clock.instant();
            ends.values().removeIf(end -> !now.isBefore(end));
            ends.put(number, now.plus(life));
            var oldest = ends.keySet().iterator();
            while (ends.size() > MOST) {
                oldest.next();
                oldest.remove();
            }
        }

        synchronized boolean contains(String number) {
            return ends.containsKey(number);
        }
    }
}
