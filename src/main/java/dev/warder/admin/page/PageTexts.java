package dev.warder.admin.page;

import dev.warder.policy.PolicyKind;
import dev.warder.policy.PolicyName;
import java.util.Locale;

/** Sentences and names that several pages have. */
final class PageTexts {
    private PageTexts() {}

    static void notInUse(Sheet sheet, boolean inUse) {
        if (!inUse) {
            sheet.warning("These definitions have no effect yet, because policy.database is not true.");
        }
    }

    static String title(PolicyName name) {
        String word = name.kind().word();
        String title = word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
        return name.kind().single() ? title : title + " " + name.name();
    }

    static String template(PolicyKind kind) {
        return switch (kind) {
            case CLIENT ->
                """
                {
                  "name": "",
                  "kind": "person",
                  "teams": [],
                  "budgets": [{"amount": "50", "period": "day"}]
                }""";
            case TAG, TEAM ->
                """
                {
                  "name": "",
                  "budgets": [{"amount": "1000", "period": "month"}]
                }""";
            case MODEL ->
                """
                {
                  "name": "",
                  "limits": {"requests_per_minute": 60}
                }""";
            case ORGANIZATION, SESSIONS ->
                """
                {
                  "budgets": [{"amount": "1000", "period": "month"}]
                }""";
        };
    }

    static String members(PolicyKind kind) {
        return switch (kind) {
            case CLIENT ->
                "name, kind (person or service), external_id, token_names, teams, payer, models, paths, tags, budgets, limits";
            case TEAM -> "name, external_id, models, budgets, limits";
            case TAG -> "name, budgets";
            case MODEL -> "name, budgets, limits";
            case ORGANIZATION -> "budgets, limits";
            case SESSIONS -> "budgets";
        };
    }
}
