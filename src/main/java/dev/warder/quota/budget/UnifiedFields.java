package dev.warder.quota.budget;

import dev.warder.http.Field;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Fields whose names begin with {@code anthropic-ratelimit-unified-}: those by which Claude Code recognizes the state of a
 * spending limit. Names and values are those that Claude Code 2.1.328 reads, and that the Claude apps gateway sends (rule
 * "What a spent budget looks like"). One thread at a time.
 */
final class UnifiedFields {
    private static final String PREFIX = "anthropic-ratelimit-unified-";

    private final List<Field> fields = new ArrayList<>();

    UnifiedFields add(String name, String value) {
        fields.add(new Field(PREFIX + name, value));
        return this;
    }

    UnifiedFields addUtilizationOf(BudgetStatus status) {
        return add("overage-utilization", status.utilization().toPlainString());
    }

    /** In seconds since 1970; for a budget that never begins again there is no such field. */
    UnifiedFields addReset(Optional<Instant> reset) {
        reset.map(at -> Long.toString(at.getEpochSecond()))
                .ifPresent(seconds -> add("reset", seconds).add("overage-reset", seconds));
        return this;
    }

    List<Field> list() {
        return List.copyOf(fields);
    }
}
