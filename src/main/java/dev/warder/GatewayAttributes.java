package dev.warder;

import dev.warder.admin.AdminSettings;
import dev.warder.admin.BearerGuard;
import dev.warder.admin.GatewayMXBean;
import dev.warder.admin.ManagedCredentials;
import dev.warder.admin.page.Dashboard;
import dev.warder.adminapi.OwnUsage;
import dev.warder.adminapi.RateLimitLists;
import dev.warder.adminapi.Reports;
import dev.warder.adminapi.SpendLimits;
import dev.warder.auth.ClientDirectory;
import dev.warder.auth.ClientSettings;
import dev.warder.auth.TokenThrottle;
import dev.warder.container.ChunkedReads;
import dev.warder.container.ReadTurns;
import dev.warder.container.TaskThreads;
import dev.warder.credential.CredentialPool;
import dev.warder.credential.PassthroughSettings;
import dev.warder.edit.ModelSettings;
import dev.warder.edit.PromptSettings;
import dev.warder.exchange.ProxyContext;
import dev.warder.gate.AdditionalGates;
import dev.warder.gate.CredentialGate;
import dev.warder.gate.CurrentPolicyGate;
import dev.warder.gate.Gate;
import dev.warder.gate.Gates;
import dev.warder.gate.ModelPolicyGate;
import dev.warder.gate.RemovedClientGate;
import dev.warder.http.Attributes;
import dev.warder.http.Field;
import dev.warder.http.Readiness;
import dev.warder.http.Routing;
import dev.warder.http.SmallBodies;
import dev.warder.ledger.Ledger;
import dev.warder.observe.ClientTelemetry;
import dev.warder.observe.Metrics;
import dev.warder.observe.MetricsSettings;
import dev.warder.observe.Tracing;
import dev.warder.openai.ServedModels;
import dev.warder.openai.chat.RateLimits;
import dev.warder.principal.PrincipalApi;
import dev.warder.quota.budget.BudgetReports;
import dev.warder.reconcile.Reconciliation;
import dev.warder.record.AccessLog;
import dev.warder.record.CompletedRequest;
import dev.warder.record.RequestObserver;
import dev.warder.record.RequestObservers;
import dev.warder.settings.GatewaySettings;
import dev.warder.stream.EventLimit;
import dev.warder.upstream.UpstreamSettings;
import jakarta.servlet.ServletContext;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** The attributes of the servlet context, for filters and servlets, which the container creates. */
final class GatewayAttributes {
    private GatewayAttributes() {}

    /** Puts the collaborators and the settings there, before the first request. */
    static void offer(ServletContext application, GatewayParts parts) {
        offerSettings(application, parts.settings);
        Attributes.put(application, ClientDirectory.class, parts.clients);
        Attributes.put(application, CredentialPool.class, parts.credentials.pool());
        Attributes.put(application, ServedModels.class, parts.models);
        Attributes.put(application, Readiness.class, parts.readiness);
        Attributes.put(
                application,
                RequestObservers.class,
                new RequestObservers(
                        // At once: after a kill, a request would have neither an intent nor rows.
                        parts.ledger.<RequestObserver>map(RequestsOfClients::new).stream()
                                .toList(),
                        observers(parts),
                        parts.observerThread,
                        parts.settings.log().isVerbose()));
        Attributes.put(application, Metrics.class, parts.telemetry.metrics());
        Attributes.put(application, ClientTelemetry.class, parts.telemetry.clients());
        Attributes.put(application, GatewayMXBean.class, parts.numbers);
        Attributes.put(application, TokenThrottle.class, parts.throttle);
        Attributes.put(application, BearerGuard.class, new BearerGuard(parts.metricsThrottle));
        Attributes.put(application, SmallBodies.class, parts.smallBodies);
        parts.ledger.ifPresent(each -> Attributes.put(application, Ledger.class, each));
        Attributes.put(application, Dashboard.class, parts.dashboard);
        parts.readers.budgets.ifPresent(reports -> Attributes.put(application, BudgetReports.class, reports));
        Attributes.put(application, SpendLimits.class, parts.readers.spendLimits);
        parts.readers.ownUsage.ifPresent(each -> Attributes.put(application, OwnUsage.class, each));
        parts.principals.ifPresent(api -> Attributes.put(application, PrincipalApi.class, api));
        Attributes.put(application, RateLimitLists.class, parts.readers.rateLimits);
        Attributes.put(application, Reports.class, parts.reports);
        parts.reconciliation.ifPresent(each -> Attributes.put(application, Reconciliation.class, each));
        Attributes.put(application, ChunkedReads.class, parts.chunkedReads);
        parts.readTurns.ifPresent(turns -> Attributes.put(application, ReadTurns.class, turns));
        Attributes.put(application, TaskThreads.class, parts.taskThreads);
        Attributes.put(application, ManagedCredentials.class, parts.credentials.managed());
        Attributes.put(application, ProxyContext.class, proxy(application, parts));
    }

    private static ProxyContext proxy(ServletContext application, GatewayParts parts) {
        var settings = parts.settings;
        return new ProxyContext(
                settings.proxy(),
                settings.upstream(),
                settings.clients(),
                parts.client,
                parts.clientThreads,
                parts.taskThreads,
                parts.memory,
                parts.segments,
                parts.exchanges,
                parts.checkup,
                parts.shares,
                new Gates(gates(application, parts), parts.clock),
                parts.usage,
                Tracing.ofServer(settings.upstream().url(), InstantSource.system()),
                System::nanoTime,
                parts.clock);
    }

    private static void offerSettings(ServletContext application, GatewaySettings settings) {
        Attributes.put(application, ClientSettings.class, settings.clients());
        Attributes.put(application, PassthroughSettings.class, settings.passthrough());
        Attributes.put(application, Routing.class, new Routing(settings.openAi().enabled()));
        Attributes.put(
                application,
                EventLimit.class,
                new EventLimit(settings.proxy().limits().event()));
        Attributes.put(application, PromptSettings.class, settings.prompt());
        Attributes.put(application, ModelSettings.class, settings.models());
        Attributes.put(application, AdminSettings.class, settings.admin());
        Attributes.put(application, MetricsSettings.class, settings.metrics());
    }

    /** The other observers of requests, in the order in which they are called; an observer is added here. */
    private static List<RequestObserver> observers(GatewayParts parts) {
        var observers = new ArrayList<RequestObserver>(
                List.of(new AccessLog(parts.settings.log().format()), parts.refusals));
        observers.addAll(parts.telemetry.observers());
        // The last: when a request is counted, its line is in the log and the other numbers include it.
        observers.add(parts.counts);
        return observers;
    }

    /** All gates, in the order in which they are asked; a gate is added here. */
    private static List<Gate> gates(ServletContext application, GatewayParts parts) {
        var gates = new ArrayList<Gate>(List.of(new ModelPolicyGate()));
        if (parts.settings.policy().policy().isPresent()) {
            gates.add(new RemovedClientGate(parts.clients));
            gates.add(new CurrentPolicyGate(parts.clients));
        }
        gates.add(new CredentialGate(
                parts.settings.upstream().threads() == UpstreamSettings.Threads.REFUSE, parts.credentials.pool()));
        // After those that refuse without waiting: what a request holds, others cannot have.
        parts.budgets.ifPresent(budgets -> gates.add(budgets.gate(parts.ledger.orElseThrow())));
        // After budgets: a request that waits for money must not hold what others can use.
        parts.rateLimiting.ifPresent(limiting ->
                gates.add(limiting.gate(parts.assumedModels, GatewayAttributes::ofOpenAi, InstantSource.system())));
        Attributes.find(application, AdditionalGates.class).ifPresent(added -> gates.addAll(added.gates()));
        // The last: what it notes is going to be sent.
        parts.ledger.flatMap(Ledger::gate).ifPresent(gates::add);
        return gates;
    }

    private static List<Field> ofOpenAi(List<Field> fields, Instant now) {
        return new RateLimits(
                        name -> fields.stream()
                                .filter(field -> field.name().equalsIgnoreCase(name))
                                .map(Field::value)
                                .findFirst(),
                        now)
                .fields();
    }

    /**
     * Passes requests of known clients on to an observer, and no others. Anyone who reaches the port can send any number
     * of requests
     * without a valid access token, and these would hide what happens to those of clients. Thread-safe.
     */
    static final class RequestsOfClients implements RequestObserver {
        private final RequestObserver observer;

        /** @param observer must not need {@link RequestObserver#begun}, which is called before a client is known */
        RequestsOfClients(RequestObserver observer) {
            this.observer = observer;
        }

        @Override
        public void completed(CompletedRequest request) {
            if (request.client().isPresent()) {
                observer.completed(request);
            }
        }

        @Override
        public void lost(String requestId) {
            observer.lost(requestId);
        }
    }
}
