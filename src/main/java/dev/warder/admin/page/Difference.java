package dev.warder.admin.page;

import dev.warder.json.JsonTree;
import dev.warder.policy.AuditEntry;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;

/** The change of an entry of the audit, folded. */
final class Difference {
    /** The most characters of one content; the export has the rest. */
    private static final int LONGEST = 4000;

    private Difference() {}

    static void add(Html html, AuditEntry entry) {
        String before = entry.item().before();
        String after = entry.item().after();
        html.markup("<details id=\"e" + entry.number() + "\"><summary>");
        if (before.isEmpty() || after.isEmpty()) {
            html.markup(before.isEmpty() ? "New content" : "Old content").markup("</summary>\n");
            content(html, before.isEmpty() ? "ins" : "del", PrettyJson.of(before + after));
        } else {
            var one = JsonTree.parseObject(before).orElse(JsonObject.EMPTY_JSON_OBJECT);
            var other = JsonTree.parseObject(after).orElse(JsonObject.EMPTY_JSON_OBJECT);
            var members = members(one, other);
            html.text(DefinitionText.cut(members.isEmpty() ? "No difference" : String.join(", ", members)))
                    .markup("</summary>\n");
            members.forEach(member -> change(html, member, one, other));
        }
        html.markup("</details>");
    }

    /** The names of members that differ. */
    private static List<String> members(JsonObject before, JsonObject after) {
        var names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        names.removeIf(name -> Objects.equals(before.get(name), after.get(name)));
        return List.copyOf(names);
    }

    private static void change(Html html, String member, JsonObject before, JsonObject after) {
        html.element("b", DefinitionText.cut(member)).markup("\n");
        Optional.<JsonValue>ofNullable(before.get(member))
                .ifPresent(value -> content(html, "del", PrettyJson.of(value)));
        Optional.<JsonValue>ofNullable(after.get(member))
                .ifPresent(value -> content(html, "ins", PrettyJson.of(value)));
    }

    /** @param element a constant */
    private static void content(Html html, String element, String text) {
        boolean isLong = text.length() > LONGEST;
        html.markup("<" + element + ">")
                .text(isLong ? text.substring(0, LONGEST) + "\u2026" : text)
                .markup("</" + element + ">\n");
        if (isLong) {
            html.markup("<p class=\"none\">The CSV has the rest.</p>\n");
        }
    }
}
