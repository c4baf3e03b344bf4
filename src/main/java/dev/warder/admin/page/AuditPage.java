package dev.warder.admin.page;

import dev.warder.json.JsonTree;
import dev.warder.policy.AuditEntry;
import dev.warder.principal.Administration;
import dev.warder.principal.Administration.AuditPart;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;

/** The page of the audit. One thread at a time. */
record AuditPage(PageRequest request, Paging paging, Sheet sheet) {
    /** Fewer than in other lists: an entry may have two definitions. */
    private static final int ROWS = 50;

    /**
     * The page. Waits for the database.
     *
     * @param verified the outcome of a verification; empty if none was asked for
     */
    static PageReply of(
            PageRequest request, Administration administration, Optional<AuditVerification.Outcome> verified)
            throws SQLException {
        var paging = Paging.of(request, "")
                .filter(each -> each.after().isEmpty()
                        || ObjectForms.NUMBER.matcher(each.after()).matches());
        if (paging.isEmpty()) {
            return Paging.refusal();
        }
        long before = paging.get().after().isEmpty()
                ? Long.MAX_VALUE
                : Long.parseLong(paging.get().after());
        var part = administration.auditBefore(before, paging.get().part(), ROWS + 1);
        var sheet = new Sheet(request, Navigation.AUDIT, "Audit", paging.get().search(request, "Subject has"));
        return new AuditPage(request, paging.get(), sheet).page(part, verified);
    }

    private PageReply page(AuditPart found, Optional<AuditVerification.Outcome> verified) {
        sheet.part("chain", "full", "Chain of hashes", chain(verified));
        boolean hasMore = found.entries().size() > ROWS;
        var entries = hasMore ? found.entries().subList(0, ROWS) : found.entries();
        boolean isAll = paging.part().isEmpty();
        var links = isAll ? new Html() : sheet.link(request.target(), "Show all");
        var next = hasMore ? Optional.of(Long.toString(entries.get(ROWS - 1).number())) : Optional.<String>empty();
        sheet.list(
                Sheet.count(found.found(), "entry", "entries") + (isAll ? "" : " found") + ", the latest first",
                links.add(sheet.link("api/audit?format=csv", "CSV of all")),
                table(entries),
                paging.links(sheet, request.target(), next));
        return sheet.reply(200);
    }

    private Html chain(Optional<AuditVerification.Outcome> verified) {
        var unfinished = verified.filter(AuditVerification.Outcome::isUnfinished);
        var fields = unfinished.map(outcome -> Html.all(
                Html.hidden(AuditVerification.NUMBER, Long.toString(outcome.number())),
                Html.hidden(AuditVerification.HASH, outcome.hash())));
        var button = Html.of("<button>{}</button>", unfinished.isPresent() ? "Continue" : "Verify");
        return Html.all(verified.map(AuditPage::outcome), sheet.form(request.target(), fields, button));
    }

    private static Html outcome(AuditVerification.Outcome outcome) {
        String intact = outcome.isUnfinished()
                ? "Intact so far; there are further entries."
                : outcome.number() == 0 ? "There is no entry." : "All entries are intact.";
        String last = outcome.number() == 0 ? "-" : Long.toString(outcome.number());
        var result = outcome.problem()
                .map(problem -> Html.of("<p class=\"bad\" role=\"alert\">The audit is not intact: {}.</p>\n", problem))
                .orElseGet(() -> Html.of("<p class=\"good\" role=\"status\">{}</p>\n", intact));
        return result.add(Sheet.facts(
                Sheet.fact("Last verified entry", last),
                Sheet.fact("Its hash", Html.of("<code>{}</code>", outcome.hash()))));
    }

    private static Html table(List<AuditEntry> entries) {
        var table = Table.with("Entry", "Time (UTC)", "Who", "From", "Action", "Subject", "What");
        for (var entry : entries) {
            table.row(
                    Cell.number(Long.toString(entry.number()), ""),
                    Cell.whole(Sheet.time(entry.at().toString())),
                    Cell.whole(entry.actor().name()),
                    Cell.whole(entry.actor().address()),
                    Cell.whole(entry.item().action()),
                    Cell.text(entry.item().subject()),
                    new Cell(Difference.of(entry), "", "what"));
        }
        return table.list("list", "Changes");
    }

    /** The change of an entry of the audit, folded. */
    static final class Difference {
        /** The most characters of one content; the export has the rest. */
        private static final int LONGEST = 4000;

        private Difference() {}

        static Html of(AuditEntry entry) {
            String before = entry.item().before();
            String after = entry.item().after();
            var html = new Html();
            String summary;
            if (before.isEmpty() || after.isEmpty()) {
                summary = before.isEmpty() ? "New content" : "Old content";
                content(html, before.isEmpty() ? "ins" : "del", PrettyJson.of(before + after));
            } else {
                var one = JsonTree.parseObject(before).orElse(JsonObject.EMPTY_JSON_OBJECT);
                var other = JsonTree.parseObject(after).orElse(JsonObject.EMPTY_JSON_OBJECT);
                var members = members(one, other);
                summary = DefinitionText.cut(members.isEmpty() ? "No difference" : String.join(", ", members));
                members.forEach(member -> change(html, member, one, other));
            }
            return Html.of("<details id=\"e{}\"><summary>{}</summary>\n{}</details>", entry.number(), summary, html);
        }

        private static List<String> members(JsonObject before, JsonObject after) {
            var names = new TreeSet<>(before.keySet());
            names.addAll(after.keySet());
            names.removeIf(name -> Objects.equals(before.get(name), after.get(name)));
            return List.copyOf(names);
        }

        private static void change(Html html, String member, JsonObject before, JsonObject after) {
            html.markup("<b>{}</b>\n", DefinitionText.cut(member));
            Optional.<JsonValue>ofNullable(before.get(member))
                    .ifPresent(value -> content(html, "del", PrettyJson.of(value)));
            Optional.<JsonValue>ofNullable(after.get(member))
                    .ifPresent(value -> content(html, "ins", PrettyJson.of(value)));
        }

        private static void content(Html html, String element, String text) {
            boolean isLong = text.length() > LONGEST;
            String shown = isLong ? text.substring(0, LONGEST) + "\u2026" : text;
            html.markup("<{}>{}</{}>\n", element, shown, element);
            html.add(Html.when(isLong, "<p class=\"none\">The CSV has the rest.</p>\n"));
        }
    }
}
