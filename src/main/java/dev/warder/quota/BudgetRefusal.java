package dev.warder.quota;

import dev.warder.http.Dialect;
import dev.warder.http.ErrorReply;
import dev.warder.http.ErrorType;
import dev.warder.http.Field;
import dev.warder.policy.Budget;
import dev.warder.policy.Period;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The errors and warnings that clients get because of budgets. Messages name the budget but not its amount, which may be none of the
 * client's business. In mid-stream the same error becomes one event (rule "What a spent budget looks like"). Immutable.
 *
 * @param dialect the caller's
 * @param contact who can raise a budget, in the operator's words ({@code budget.contact})
 */
public record BudgetRefusal(Dialect dialect, Optional<String> contact) {
    /** When money that other requests hold may be free again, or the database be back. */
    private static final int RETRY_SECONDS = 5;

    /** Claude Code knows three periods. It takes another word for an unknown limit, and no word for one of any period. */
    private static final Map<Period, String> PERIODS =
            Map.of(Period.DAY, "daily", Period.WEEK, "weekly", Period.MONTH, "monthly");

    /**
     * 429 {@code billing_error}, not to be retried: the amount is spent. It is also the error that cuts a response.
     *
     * @param spent the budgets that are spent, at least one; the one that begins again last is reported, since the request
     *     is refused until then
     * @param now the time of the reply
     */
    public ErrorReply spent(Collection<BudgetLine> spent, Instant now) {
        return billing(spent, " is spent", now);
    }

    public ErrorReply tooSmall(Collection<BudgetLine> tooSmall, Instant now) {
        return billing(tooSmall, " does not cover this request any more", now);
    }

    /** 429 {@code rate_limit_error}, to be retried soon: running requests hold what is left, and the wait was too long. */
    public static ErrorReply waitedTooLong(BudgetLine held) {
        return ErrorReply.rateLimited(held.words() + " is held by requests that are running.", RETRY_SECONDS);
    }

    /** 429 {@code rate_limit_error}, to be retried soon: running requests hold what is left, and too many wait for it. */
    public static ErrorReply lineFull(BudgetLine held) {
        return ErrorReply.rateLimited(
                held.words() + " is held by requests that are running, and too many requests wait for it.",
                RETRY_SECONDS);
    }

    /**
     * 503 {@code api_error}, to be retried soon: the database that keeps the budgets cannot be reached, and nothing that
     * this node may spend without it is left. It is no {@code overloaded_error}, since fewer requests would not help.
     */
    public static ErrorReply storeAway() {
        var retry = new Field("retry-after", Integer.toString(RETRY_SECONDS));
        return new ErrorReply(
                503, ErrorType.API, "The gateway cannot reach its record of budgets at the moment.", List.of(retry));
    }

    /**
     * The fields of a successful response by which Claude Code warns its user that most of a budget is used: of the one with the
     * greatest used share. They replace those of the upstream with the same names, which describe the account of the gateway's
     * credential: the client's own budget ends first for the client, and one status can have only one reset (rule "What a spent
     * budget looks like"). Empty if less than 75 % of each budget are used, for budgets in the mode shadow, which clients do not
     * notice, and in OpenAI's dialect, which has no such fields.
     *
     * @param charged the budgets that the request is charged to
     */
    public static List<Field> warning(Collection<BudgetLine> charged, Dialect dialect) {
        return charged.stream()
                .filter(each ->
                        dialect == Dialect.ANTHROPIC && each.budget().terms().mode() != Budget.Mode.SHADOW)
                .max(Comparator.comparing(BudgetLine::utilization))
                .map(BudgetRefusal::warning)
                .orElse(List.of());
    }

    private static List<Field> warning(BudgetLine status) {
        int percent =
                Thresholds.reached(status.usedNanos(), status.budget().terms().nanos());
        if (percent == 0) {
            return List.of();
        }
        var fields = unified(status, "allowed_warning", Thresholds.share(percent));
        fields.add(unified("representative-claim", "overage"));
        fields.add(unified("overage-status", "allowed_warning"));
        return fields;
    }

    private ErrorReply billing(Collection<BudgetLine> several, String trouble, Instant now) {
        // A budget that never begins again is the last.
        var status = several.stream()
                .max(Comparator.comparing(each -> each.reset().orElse(Instant.MAX)))
                .orElseThrow(() -> new IllegalArgumentException("a refusal needs a budget"));
        String help = contact.map(who -> " To raise it, contact: " + who).orElse("");
        String message = status.words() + trouble + "; it " + status.resetWords() + "." + help;
        var fields = new ArrayList<Field>();
        status.reset().ifPresent(at -> {
            // Rounded up, so that no client retries too early.
            long seconds = Duration.between(now, at.plusNanos(999_999_999)).toSeconds();
            fields.add(new Field("retry-after", Long.toString(Math.max(1, seconds))));
        });
        if (dialect == Dialect.ANTHROPIC) {
            // Neither a claim nor an overage status: with one of them Claude Code shows the limit of a subscription
            // instead.
            fields.addAll(unified(status, "rejected", "1"));
            Optional.ofNullable(PERIODS.get(status.budget().terms().period()))
                    .ifPresent(word -> fields.add(unified("overage-period", word)));
            fields.add(unified("overage-disabled-reason", "org_spend_cap_reached"));
        }
        return new ErrorReply(429, ErrorType.BILLING, message, fields).withoutRetry();
    }

    /**
     * The fields of a refusal and of a warning by which Claude Code recognizes the state of a spending limit, to be added to.
     * Names and values are those that Claude Code 2.1.328 reads, and that the Claude apps gateway sends (rule "What a spent
     * budget looks like"). For a budget that never begins again there is no reset.
     */
    private static List<Field> unified(BudgetLine budget, String status, String threshold) {
        var fields = new ArrayList<Field>();
        fields.add(unified("status", status));
        budget.reset().map(at -> Long.toString(at.getEpochSecond())).ifPresent(second -> {
            fields.add(unified("reset", second));
            fields.add(unified("overage-reset", second));
        });
        fields.add(unified("overage-utilization", budget.utilization().toPlainString()));
        fields.add(unified("overage-surpassed-threshold", threshold));
        return fields;
    }

    private static Field unified(String name, String value) {
        return new Field("anthropic-ratelimit-unified-" + name, value);
    }
}
