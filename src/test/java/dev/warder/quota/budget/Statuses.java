package dev.warder.quota.budget;

import dev.warder.http.ErrorReply;
import dev.warder.http.Field;
import dev.warder.policy.Budget;
import dev.warder.policy.BudgetMode;
import dev.warder.policy.BudgetScope;
import dev.warder.policy.BudgetTerms;
import dev.warder.policy.OnExhausted;
import dev.warder.policy.Period;
import java.time.Instant;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Budgets of a hundred dollars, at one moment. */
final class Statuses {
    static final Instant NOW = Instant.parse("2026-11-23T12:34:56.5Z");
    static final ZoneId UTC = ZoneId.of("UTC");
    static final String UNIFIED = "anthropic-ratelimit-unified-";

    private static final long DOLLAR = 1_000_000_000L;

    private Statuses() {}

    static BudgetStatus team(Period period, long dollarsUsed) {
        return status(BudgetScope.TEAM, "payments", terms(period, UTC, BudgetMode.ENFORCE), dollarsUsed);
    }

    static BudgetTerms terms(Period period, ZoneId zone, BudgetMode mode) {
        return new BudgetTerms(100 * DOLLAR, period, zone, mode, OnExhausted.CUT);
    }

    static BudgetStatus status(BudgetScope scope, String name, BudgetTerms terms, long dollarsUsed) {
        return new BudgetStatus(new Budget(scope, name, terms), terms.windowAt(NOW), dollarsUsed * DOLLAR);
    }

    /** The fields of a reply, without the prefix that most have; the names differ. */
    static Map<String, String> fields(ErrorReply reply) {
        return fields(reply.fields());
    }

    static Map<String, String> fields(List<Field> fields) {
        return fields.stream()
                .collect(Collectors.toMap(
                        field -> field.name().replace(UNIFIED, "*"),
                        Field::value,
                        (one, two) -> one + " and " + two,
                        LinkedHashMap::new));
    }
}
