package dev.warder;

import java.util.EnumMap;
import java.util.Map;

/**
 * Steps of closing the application, in an order that is not the reverse of its creation. Each part is added as soon as it
 * exists, so that a start that fails closes what it has created. A step that fails is logged, and the steps after it run
 * all the
 * same. One thread at a time.
 */
final class ShutdownOrder {
    /** Steps, first to last. */
    enum Step {
        ADMISSION("admission"),
        /** Ends the exchanges of threads that did not leave the filters in time. */
        EXCHANGES("open exchanges"),
        SIGN_INS("delayed sign-ins"),
        CLIENT_THREADS("client threads"),
        BODY_READS("reads of bodies"),
        TASK_THREADS("tasks of requests"),
        OBSERVERS("the thread of observers"),
        BUDGET_REPORTS("reports of budgets"),
        SPEND_LIMITS("reports of spend limits"),
        OWN_USAGE("pages of clients"),
        PRINCIPALS("changes of the policy"),
        REPORTS("reports of usage and cost"),
        RECONCILIATION("reconciliation"),
        LEDGER("the ledger"),
        BUDGETS("budgets"),
        RATE_LIMITS("rate limits"),
        NOTIFICATIONS("notifications of budgets"),
        TASKS("periodic tasks"),
        UPSTREAM("upstream connections"),
        CREDENTIALS("credentials"),
        BEANS("MBeans"),
        TELEMETRY("telemetry"),
        REMAINING_CLIENT_THREADS("the remaining client threads"),
        REMAINING_UPSTREAM_THREADS("the remaining upstream threads"),
        REMAINING_LEDGER_THREADS("the remaining ledger threads"),
        REMAINING_TASKS("the remaining threads of periodic tasks"),
        LOG_LEVEL("the changed log level");

        private final String name;

        Step(String name) {
            this.name = name;
        }
    }

    private final Map<Step, Runnable> tasks = new EnumMap<>(Step.class);

    /** Sets what closes a part. It is safe whether or not the part was started. */
    void add(Step step, Runnable task) {
        tasks.put(step, task);
    }

    /** Runs all steps that were added. Throws nothing. */
    void run() {
        for (var each : tasks.entrySet()) {
            Shutdown.close(each.getKey().name, each.getValue());
        }
    }
}
