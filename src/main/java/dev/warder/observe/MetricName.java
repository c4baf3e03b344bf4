package dev.warder.observe;

import java.util.List;
import java.util.Locale;

/**
 * Every metric. Its name in Micrometer and JMX is that of the constant: {@code warder.client.tokens} is {@link #CLIENT_TOKENS}. The
 * page {@code metrics.md} has a row for each.
 */
public enum MetricName {
    REQUESTS(
            Type.COUNTER,
            "Requests that have ended, refused ones included",
            "route",
            "dialect",
            "status",
            "end",
            "class"),
    REQUESTS_BEGUN(Type.COUNTER, "Requests that came to the first filter"),
    REQUEST_DURATION(
            Type.HISTOGRAM, "Time from the first filter to the end, of requests that were sent upstream", "route"),
    TIME_TO_FIRST_BYTE(
            Type.HISTOGRAM, "Time from the first filter until the head of the upstream's response came", "route"),
    ADDED_LATENCY(
            Type.HISTOGRAM,
            "Time that Warder added: from the last byte of the request until it was sent, without gates and connecting, and from the first byte of the upstream's body to the container",
            "route"),
    CLIENT_REQUESTS(
            Type.COUNTER, "Requests that have ended, by client; only if metrics.clients is set", "client", "end"),
    UPSTREAM_TRIES(Type.COUNTER, "Requests to the upstream that have ended", "credential", "outcome", "status"),
    TOKENS(Type.COUNTER, "Tokens that were consumed; output includes thinking", "model", "kind"),
    WEB_SEARCHES(Type.COUNTER, "Requests of the server tool web_search", "model"),
    COST(
            Type.USD_COUNTER,
            "Cost in US dollars, of what clients sent with a credential of their own too (list price, credential client)",
            "model",
            "credential",
            "class"),
    CLIENT_TOKENS(
            Type.COUNTER, "Tokens that were consumed, by client; only if metrics.clients is set", "client", "kind"),
    CLIENT_COST(Type.USD_COUNTER, "Cost in US dollars, by client; only if metrics.clients is set", "client"),
    CREDENTIAL_USABLE(Type.GAUGE, "1 if requests are sent with the managed credential now, 0 if not", "credential"),
    CREDENTIAL_BREAKER_OPEN(
            Type.GAUGE, "1 while the circuit breaker of the managed credential is open, 0 if not", "credential"),
    CREDENTIAL_HELD_MODELS(Type.GAUGE, "Models for which the upstream limits the managed credential now", "credential"),
    EXCHANGES_OPEN(Type.GAUGE, "Exchanges that are open"),
    EXCHANGES_LIMIT(Type.GAUGE, "Exchanges that may be open, limits.streams"),
    UPSTREAM_CONNECTIONS(Type.GAUGE, "Connections to the upstream, leased (in use) or idle", "state"),
    MEMORY_USED(Type.BYTES, "Part of limits.memory that request bodies and bytes in transit have"),
    MEMORY_LIMIT(Type.BYTES, "limits.memory"),
    MEMORY_WAITING(Type.GAUGE, "Requests that wait, unread, until memory is available in limits.memory"),
    CLIENT_QUEUE_MAX(Type.BYTES, "The most bytes of a response that were ever queued for one client"),
    CLIENT_THREADS(Type.GAUGE, "Own threads that read from clients or write to them now"),
    CLIENT_THREADS_LIMIT(Type.GAUGE, "Maximum of warder_client_threads; 0 on servers where none are needed"),
    DRAINING(Type.GAUGE, "1 while the node is draining, 0 if not"),
    UPTIME(Type.SECONDS, "Time since the application was started"),
    CONFIGURATION_RELOADS(
            Type.COUNTER,
            "Changed files of the configuration: ok if it was reloaded, refused if the former content stays in use",
            "result"),
    POLICY_VERSION(Type.GAUGE, "Version of policy.file that is in use; only if policy.file is set"),
    LEDGER_INTENTS_OPEN(Type.GAUGE, "Requests that the ledger has noted and that have not ended; only with a database"),
    LEDGER_ROWS_STORED(Type.COUNTER, "Rows that the ledger has stored; only with a database"),
    LEDGER_ROWS_LOST(
            Type.COUNTER,
            "Rows that the ledger has lost: there was no place for them, or the database refused them; only with a database"),
    LEDGER_FILES_UNREADABLE(
            Type.COUNTER,
            "Files of the ledger's journal that could not be read to their end: rows of them are not in the ledger; only with a database"),
    LEDGER_FILES_UNFORCED(
            Type.COUNTER,
            "Files of the ledger's journal that the disk did not take completely: their rows may be lost if the machine fails; only with a database"),
    LEDGER_WITHOUT_INTENT(
            Type.COUNTER, "Requests that were sent before the ledger had noted them durably; only with a database"),
    BUDGET_WAITING(Type.GAUGE, "Requests that wait now for a budget that other requests hold; only with budgets"),
    BUDGET_WAITED(Type.COUNTER, "Requests that had to wait for a budget; only with budgets"),
    BUDGET_REFUSED(Type.COUNTER, "Requests that were refused because of a budget; only with budgets"),
    BUDGET_CUT(
            Type.COUNTER,
            "Requests that were ended because a budget did not cover the rest of the response; only with budgets"),
    BUDGET_EXCEEDED(Type.COUNTER, "Requests that have cost more than was held of their budgets; only with budgets"),
    BUDGET_DATABASE_AWAY(
            Type.GAUGE, "1 while the database of the budgets cannot be used, otherwise 0; only with budgets"),
    RATE_LIMIT_REFUSED(
            Type.COUNTER, "Requests that were refused because of a rate limit of policy.file; only with policy.file"),
    RATE_LIMIT_DATABASE_AWAY(
            Type.GAUGE, "1 while the database of the rate limits cannot be used, otherwise 0; only with policy.file"),
    RECONCILIATION_OPEN_DAYS(Type.GAUGE, "Days of the last 31 that are not settled; only with reconcile.key"),
    RECONCILIATION_DIFFERENCE(
            Type.USD,
            "US dollars of the last 31 days by which reports and ledger differ, without signs, that are unexplained and not booked; only with reconcile.key"),
    RECONCILIATION_DIFFERENCE_TOKENS(
            Type.GAUGE,
            "Tokens and searches of the last 31 days by which reports and ledger differ, without signs, where that is not booked; only with reconcile.key"),
    RECONCILIATION_FAILURES(
            Type.COUNTER, "Attempts to read the reports of Anthropic that have failed; only with reconcile.key"),
    BUDGET_WEBHOOK(
            Type.COUNTER,
            "Notifications for budget.webhook: sent, or dropped because they were refused, late, full (no room) or stopped; only with budget.webhook",
            "result"),
    BUDGET_WEBHOOK_WAITING(
            Type.GAUGE, "Notifications that wait for the receiver of budget.webhook; only with budget.webhook"),
    TELEMETRY_RECEIVED(Type.COUNTER, "Messages with telemetry that clients have sent and that were accepted", "signal"),
    TELEMETRY_RELAYED(Type.COUNTER, "Messages of clients that the collector has accepted"),
    TELEMETRY_DROPPED(Type.COUNTER, "Messages of clients that were to be relayed and were dropped", "reason"),
    TELEMETRY_QUEUED(Type.GAUGE, "Messages of clients that wait for the collector"),
    TELEMETRY_QUEUE(Type.BYTES, "The size of the messages of clients that wait for the collector"),
    TELEMETRY_MEMORY(Type.BYTES, "Memory that is granted to messages of clients while they are read"),
    METRICS_LIMITED(
            Type.COUNTER,
            "Measurements that were counted with the value other in every label, because of the limit of 2,000 series");

    /** The measured quantity. */
    public enum Kind {
        COUNTER,
        GAUGE,
        /** Times, counted in buckets; with their number, sum and the recent maximum. */
        HISTOGRAM
    }

    /** The kind of a metric, with its unit as Prometheus names it; an empty one is a plain number. */
    private enum Type {
        COUNTER(Kind.COUNTER, ""),
        USD_COUNTER(Kind.COUNTER, "usd"),
        GAUGE(Kind.GAUGE, ""),
        USD(Kind.GAUGE, "usd"),
        BYTES(Kind.GAUGE, "bytes"),
        SECONDS(Kind.GAUGE, "seconds"),
        HISTOGRAM(Kind.HISTOGRAM, "seconds");

        private final Kind kind;
        private final String unit;

        Type(Kind kind, String unit) {
            this.kind = kind;
            this.unit = unit;
        }
    }

    private final Type type;
    private final String help;
    private final List<String> labels;

    MetricName(Type type, String help, String... labels) {
        this.type = type;
        this.help = help;
        this.labels = List.of(labels);
    }

    /** The name in Micrometer and JMX: words in lower case, separated by dots. */
    String meterName() {
        return "warder." + name().toLowerCase(Locale.ROOT).replace('_', '.');
    }

    public Kind kind() {
        return type.kind;
    }

    /** The unit as Prometheus names it; empty for a plain number. */
    String unit() {
        return type.unit;
    }

    /** The meaning, in one line. */
    public String help() {
        return help;
    }

    public List<String> labels() {
        return labels;
    }
}
