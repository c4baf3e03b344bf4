package dev.warder.adminapi;

import dev.warder.adminapi.CostReportDocument.Result;
import dev.warder.ledger.DatabaseGroups.Group;
import dev.warder.ledger.store.Dimension;
import dev.warder.usage.PriceBook;
import dev.warder.usage.UsageKind;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Rows of a report of cost. */
final class CostRows {
    private static final int CENT_DIGITS = 2;
    private static final String CURRENCY = "USD";

    private CostRows() {}

    /** The rows of a group: one, or one for each kind of use if the report is grouped by description. */
    static List<Result> of(PriceBook book, Set<Dimension> by, Group group) {
        var team = ReportWords.word(by, group, Dimension.TEAM);
        if (!by.contains(Dimension.MODEL)) {
            return List.of(total(team, group.sums().dollars()));
        }
        return KindCosts.of(book, group).entrySet().stream()
                .map(share -> described(by, group, team, share.getKey(), share.getValue()))
                .toList();
    }

    static String cents(BigDecimal dollars) {
        return dollars.signum() == 0
                ? "0"
                : dollars.movePointRight(CENT_DIGITS).stripTrailingZeros().toPlainString();
    }

    private static Result total(Optional<String> team, BigDecimal dollars) {
        Optional<String> none = Optional.empty();
        return new Result(CURRENCY, cents(dollars), team, none, none, none, none, none, none, none);
    }

    private static Result described(
            Set<Dimension> by, Group group, Optional<String> team, UsageKind kind, BigDecimal dollars) {
        var tokens = tokens(kind);
        if (tokens.isEmpty()) {
            Optional<String> none = Optional.empty();
            return new Result(
                    CURRENCY,
                    cents(dollars),
                    team,
                    Optional.of("Web search"),
                    Optional.of("web_search"),
                    none,
                    none,
                    none,
                    none,
                    none);
        }
        return new Result(
                CURRENCY,
                cents(dollars),
                team,
                Optional.of(description(group, kind)),
                Optional.of("tokens"),
                ReportWords.word(by, group, Dimension.PROMPT),
                ReportWords.word(by, group, Dimension.MODEL),
                ReportWords.word(by, group, Dimension.TIER),
                tokens,
                ReportWords.word(by, group, Dimension.GEO));
    }

    /** For people, with the speed, for which the report has no member. */
    private static String description(Group group, UsageKind kind) {
        String model = group.name(Dimension.MODEL);
        String speed = group.name(Dimension.SPEED);
        return (model.isEmpty() ? "Unknown model" : model) + ": " + kind.label()
                + (speed.isEmpty() || speed.equals("standard") ? "" : ", " + speed);
    }

    private static Optional<String> tokens(UsageKind kind) {
        return switch (kind) {
            case INPUT -> Optional.of("uncached_input_tokens");
            case CACHE_WRITE_5M -> Optional.of("cache_creation.ephemeral_5m_input_tokens");
            case CACHE_WRITE_1H -> Optional.of("cache_creation.ephemeral_1h_input_tokens");
            case CACHE_READ -> Optional.of("cache_read_input_tokens");
            case OUTPUT -> Optional.of("output_tokens");
            case WEB_SEARCH, WEB_FETCH -> Optional.empty();
        };
    }
}
