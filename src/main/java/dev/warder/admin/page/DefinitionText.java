package dev.warder.admin.page;

import dev.warder.json.JsonTree;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Parts of definitions as short texts of one line. They have what an administrator wrote, and are not escaped. */
public final class DefinitionText {
    private static final int MOST_ITEMS = 4;
    private static final int LONGEST = 80;
    public static final List<String> KINDS_OF_LIMITS = List.of(
            "requests_per_minute", "input_tokens_per_minute", "output_tokens_per_minute", "concurrent_requests");

    private DefinitionText() {}

    /** The budgets, such as {@code $50 a day, warn}; a dash for none. */
    public static String budgets(JsonObject definition) {
        var value = definition.get("budgets");
        if (value instanceof JsonString text) {
            return cut(text.getString());
        }
        return items(JsonTree.array(definition, "budgets"), DefinitionText::budget, "; ");
    }

    private static String budget(JsonValue value) {
        if (!(value instanceof JsonObject budget)) {
            return plain(value);
        }
        String period = JsonTree.text(budget, "period");
        String text = "$" + Shown.grouped(JsonTree.text(budget, "amount"))
                + (period.equals("lifetime") ? " in all" : " a " + period);
        return JsonTree.findText(budget, "mode").map(mode -> text + ", " + mode).orElse(text);
    }

    /** The limits, such as {@code 60 requests, 10,000 input tokens a minute}; a dash for none. */
    public static String limits(JsonObject definition) {
        var limits = JsonTree.object(definition, "limits");
        var rates = new ArrayList<String>();
        List.of("requests", "input tokens", "output tokens").forEach(kind -> {
            String member = kind.replace(' ', '_') + "_per_minute";
            if (limits.containsKey(member)) {
                rates.add(limit(limits, member) + " " + kind);
            }
        });
        String text = rates.isEmpty() ? "" : String.join(", ", rates) + " a minute";
        String concurrent = limits.containsKey("concurrent_requests")
                ? (text.isEmpty() ? "" : "; ") + limit(limits, "concurrent_requests") + " at the same time"
                : "";
        return dashIfEmpty(text + concurrent);
    }

    public static String limit(JsonObject limits, String member) {
        long number = JsonTree.count(limits, member, -1);
        return number < 0
                ? dashIfEmpty(limits.containsKey(member) ? plain(limits.getOrDefault(member, JsonValue.NULL)) : "")
                : Shown.count(number);
    }

    public static String teams(JsonObject definition) {
        var teams = JsonTree.array(definition, "teams");
        String payer = JsonTree.text(definition, "payer");
        return items(
                teams, team -> plain(team).equals(payer) && teams.size() > 1 ? payer + " (pays)" : plain(team), ", ");
    }

    public static String list(JsonObject definition, String member, String otherwise) {
        return definition.containsKey(member)
                ? items(JsonTree.array(definition, member), DefinitionText::plain, ", ")
                : otherwise;
    }

    public static String cut(String text) {
        return text.length() > LONGEST ? text.substring(0, LONGEST - 1) + "\u2026" : text;
    }

    private static String items(JsonArray array, Function<JsonValue, String> item, String between) {
        var texts = new ArrayList<String>();
        array.stream().limit(MOST_ITEMS).forEach(value -> texts.add(cut(item.apply(value))));
        if (array.size() > MOST_ITEMS) {
            texts.add((array.size() - MOST_ITEMS) + " more");
        }
        return dashIfEmpty(String.join(between, texts));
    }

    private static String plain(JsonValue value) {
        return value instanceof JsonString text ? text.getString() : cut(value.toString());
    }

    private static String dashIfEmpty(String text) {
        return text.isEmpty() ? "-" : text;
    }
}
