package dev.warder.observe;

import dev.warder.observe.MetricDescription.Kind;
import java.util.List;

/** Every metric, with its description. The page {@code metrics.md} has a row for each. */
public enum MetricName {
    REQUESTS(
            "warder.requests",
            Kind.COUNTER,
            "",
            "Requests that have ended, refused ones included",
            "route",
            "dialect",
            "status",
            "end"),
    REQUESTS_BEGUN("warder.requests.begun", Kind.COUNTER, "", "Requests that came to the first filter"),
    REQUEST_DURATION(
            "warder.request.duration",
            Kind.HISTOGRAM,
            Unit.SECONDS,
            "Time from the first filter to the end, of requests that were sent upstream",
            "route"),
    TIME_TO_FIRST_BYTE(
            "warder.time.to.first.byte",
            Kind.HISTOGRAM,
            Unit.SECONDS,
            "Time from the first filter until the head of the upstream's response came",
            "route"),
    ADDED_LATENCY(
            "warder.added.latency",
            Kind.HISTOGRAM,
            Unit.SECONDS,
            "Time that Warder added: from the last byte of the request until it was sent, without gates and connecting, and from the first byte of the upstream's body to the container",
            "route"),
    CLIENT_REQUESTS(
            "warder.client.requests",
            Kind.COUNTER,
            "",
            "Requests that have ended, by client; only if metrics.clients is set",
            "client",
            "end"),
    TRIES(
            "warder.upstream.tries",
            Kind.COUNTER,
            "",
            "Requests to the upstream that have ended",
            "credential",
            "outcome",
            "status"),
    TOKENS("warder.tokens", Kind.COUNTER, "", "Tokens that were consumed; output includes thinking", "model", "kind"),
    WEB_SEARCHES("warder.web.searches", Kind.COUNTER, "", "Requests of the server tool web_search", "model"),
    COST(
            "warder.cost",
            Kind.COUNTER,
            Unit.USD,
            "Cost in US dollars, of what clients sent with a credential of their own too (list price, credential client)",
            "model",
            "credential"),
    CLIENT_TOKENS(
            "warder.client.tokens",
            Kind.COUNTER,
            "",
            "Tokens that were consumed, by client; only if metrics.clients is set",
            "client",
            "kind"),
    CLIENT_COST(
            "warder.client.cost",
            Kind.COUNTER,
            Unit.USD,
            "Cost in US dollars, by client; only if metrics.clients is set",
            "client"),
    CREDENTIAL_USABLE(
            "warder.credential.usable",
            Kind.GAUGE,
            "",
            "1 if requests are sent with the managed credential now, 0 if not",
            "credential"),
    CREDENTIAL_BREAKER_OPEN(
            "warder.credential.breaker.open",
            Kind.GAUGE,
            "",
            "1 while the circuit breaker of the managed credential is open, 0 if not",
            "credential"),
    CREDENTIAL_HELD_MODELS(
            "warder.credential.held.models",
            Kind.GAUGE,
            "",
            "Models for which the upstream limits the managed credential now",
            "credential"),
    EXCHANGES_OPEN("warder.exchanges.open", Kind.GAUGE, "", "Exchanges that are open"),
    EXCHANGES_LIMIT("warder.exchanges.limit", Kind.GAUGE, "", "Exchanges that may be open, limits.streams"),
    UPSTREAM_CONNECTIONS(
            "warder.upstream.connections",
            Kind.GAUGE,
            "",
            "Connections to the upstream, leased (in use) or idle",
            "state"),
    MEMORY_USED(
            "warder.memory.used", Kind.GAUGE, Unit.BYTES, "Part of limits.memory that is granted to request bodies"),
    MEMORY_LIMIT("warder.memory.limit", Kind.GAUGE, Unit.BYTES, "limits.memory"),
    MEMORY_WAITING(
            "warder.memory.waiting",
            Kind.GAUGE,
            "",
            "Requests that wait, unread, until memory is available in limits.memory"),
    CLIENT_QUEUE_MAX(
            "warder.client.queue.max",
            Kind.GAUGE,
            Unit.BYTES,
            "The most bytes of a response that were ever queued for one client"),
    CLIENT_THREADS("warder.client.threads", Kind.GAUGE, "", "Own threads that read from clients or write to them now"),
    CLIENT_THREADS_LIMIT(
            "warder.client.threads.limit",
            Kind.GAUGE,
            "",
            "Maximum of warder_client_threads; 0 on servers where none are needed"),
    DRAINING("warder.draining", Kind.GAUGE, "", "1 while the node is draining, 0 if not"),
    UPTIME("warder.uptime", Kind.GAUGE, Unit.SECONDS, "Time since the application was started"),
    RELOADS(
            "warder.configuration.reloads",
            Kind.COUNTER,
            "",
            "Changed files of the configuration: ok if it was reloaded, refused if the former content stays in use",
            "result"),
    POLICY_VERSION(
            "warder.policy.version",
            Kind.GAUGE,
            "",
            "Version of policy.file that is in use; only if policy.file is set"),
    LEDGER_INTENTS_OPEN(
            "warder.ledger.intents.open",
            Kind.GAUGE,
            "",
            "Requests that the ledger has noted and that have not ended; only with a database"),
    LEDGER_ROWS_STORED(
            "warder.ledger.rows.stored", Kind.COUNTER, "", "Rows that the ledger has stored; only with a database"),
    LEDGER_ROWS_LOST(
            "warder.ledger.rows.lost",
            Kind.COUNTER,
            "",
            "Rows that the ledger has lost: there was no place for them, or the database refused them; only with a database"),
    LEDGER_FILES_UNREADABLE(
            "warder.ledger.files.unreadable",
            Kind.COUNTER,
            "",
            "Files of the ledger's journal that could not be read to their end: rows of them are not in the ledger; only with a database"),
    LEDGER_FILES_UNFORCED(
            "warder.ledger.files.unforced",
            Kind.COUNTER,
            "",
            "Files of the ledger's journal that the disk did not take completely: their rows may be lost if the machine fails; only with a database"),
    LEDGER_WITHOUT_INTENT(
            "warder.ledger.without.intent",
            Kind.COUNTER,
            "",
            "Requests that were sent before the ledger had noted them durably; only with a database"),
    BUDGET_WAITING(
            "warder.budget.waiting",
            Kind.GAUGE,
            "",
            "Requests that wait now for a budget that other requests hold; only with budgets"),
    BUDGET_WAITED(
            "warder.budget.waited", Kind.COUNTER, "", "Requests that had to wait for a budget; only with budgets"),
    BUDGET_REFUSED(
            "warder.budget.refused",
            Kind.COUNTER,
            "",
            "Requests that were refused because of a budget; only with budgets"),
    BUDGET_CUT(
            "warder.budget.cut",
            Kind.COUNTER,
            "",
            "Requests that were ended because a budget did not cover the rest of the response; only with budgets"),
    BUDGET_EXCEEDED(
            "warder.budget.exceeded",
            Kind.COUNTER,
            "",
            "Requests that have cost more than was held of their budgets; only with budgets"),
    BUDGET_CLOCK_JUMPS(
            "warder.budget.database.clock.jumps",
            Kind.COUNTER,
            "",
            "Jumps of the database's clock by more than 2 s against this node's; only with budgets"),
    BUDGET_DATABASE_AWAY(
            "warder.budget.database.away",
            Kind.GAUGE,
            "",
            "1 while the database of the budgets cannot be used, otherwise 0; only with budgets"),
    RATE_LIMIT_REFUSED(
            "warder.rate.limit.refused",
            Kind.COUNTER,
            "",
            "Requests that were refused because of a rate limit of policy.file; only with policy.file"),
    RATE_LIMIT_DATABASE_AWAY(
            "warder.rate.limit.database.away",
            Kind.GAUGE,
            "",
            "1 while the database of the rate limits cannot be used, otherwise 0; only with policy.file"),
    RECONCILIATION_OPEN_DAYS(
            "warder.reconciliation.open.days",
            Kind.GAUGE,
            "",
            "Days of the last 31 that are not settled; only with reconcile.key"),
    RECONCILIATION_DIFFERENCE(
            "warder.reconciliation.difference",
            Kind.GAUGE,
            Unit.USD,
            "US dollars of the last 31 days by which reports and ledger differ, without signs, that are unexplained and not"
                    + " booked; only with reconcile.key"),
    RECONCILIATION_DIFFERENCE_TOKENS(
            "warder.reconciliation.difference.tokens",
            Kind.GAUGE,
            "",
            "Tokens and searches of the last 31 days by which reports and ledger differ, without signs, where that is not booked;"
                    + " only with reconcile.key"),
    RECONCILIATION_FAILURES(
            "warder.reconciliation.failures",
            Kind.COUNTER,
            "",
            "Attempts to read the reports of Anthropic that have failed; only with reconcile.key"),
    BUDGET_WEBHOOK(
            "warder.budget.webhook",
            Kind.COUNTER,
            "",
            "Notifications for budget.webhook: sent, or dropped because they were refused, late, full (no room) or stopped;"
                    + " only with budget.webhook",
            "result"),
    BUDGET_WEBHOOK_WAITING(
            "warder.budget.webhook.waiting",
            Kind.GAUGE,
            "",
            "Notifications that wait for the receiver of budget.webhook; only with budget.webhook"),
    TELEMETRY_RECEIVED(
            "warder.telemetry.received",
            Kind.COUNTER,
            "",
            "Messages with telemetry that clients have sent and that were accepted",
            "signal"),
    TELEMETRY_RELAYED(
            "warder.telemetry.relayed", Kind.COUNTER, "", "Messages of clients that the collector has accepted"),
    TELEMETRY_DROPPED(
            "warder.telemetry.dropped",
            Kind.COUNTER,
            "",
            "Messages of clients that were to be relayed and were dropped",
            "reason"),
    TELEMETRY_QUEUED("warder.telemetry.queued", Kind.GAUGE, "", "Messages of clients that wait for the collector"),
    TELEMETRY_QUEUED_BYTES(
            "warder.telemetry.queue",
            Kind.GAUGE,
            Unit.BYTES,
            "The size of the messages of clients that wait for the collector"),
    TELEMETRY_MEMORY(
            "warder.telemetry.memory",
            Kind.GAUGE,
            Unit.BYTES,
            "Memory that is granted to messages of clients while they are read"),
    SERIES_LIMITED(
            "warder.metrics.limited",
            Kind.COUNTER,
            "",
            "Measurements that were counted with the value other in every label, because of the limit of 2,000 series");

    private final MetricDescription description;

    MetricName(String meterName, Kind kind, String unit, String help, String... labels) {
        this.description = new MetricDescription(meterName, kind, unit, help, List.of(labels));
    }

    public MetricDescription description() {
        return description;
    }

    private static final class Unit {
        static final String SECONDS = "seconds";
        static final String BYTES = "bytes";
        static final String USD = "usd";
    }
}
