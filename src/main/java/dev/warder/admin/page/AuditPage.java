package dev.warder.admin.page;

import dev.warder.json.JsonTree;
import dev.warder.policy.AuditEntry;
import dev.warder.principal.Administration;
import dev.warder.principal.AuditTrail;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The page of the audit. One thread at a time. */
final class AuditPage {
    /** Fewer than in other lists: an entry may have two definitions. */
    private static final int ROWS = 50;

    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

    private final PageRequest request;
    private final Paging paging;

    private AuditPage(PageRequest request, Paging paging) {
        this.request = request;
        this.paging = paging;
    }

    /**
     * The page. Waits for the database.
     *
     * @param verified the outcome of a verification; empty if none was asked for
     */
    static PageReply of(
            PageRequest request, Administration administration, Optional<AuditVerification.Outcome> verified)
            throws SQLException {
        var paging = Paging.of(request.query(), "")
                .filter(each ->
                        each.after().isEmpty() || NUMBER.matcher(each.after()).matches());
        if (paging.isEmpty()) {
            return Paging.refusal();
        }
        long before = paging.get().after().isEmpty()
                ? Long.MAX_VALUE
                : Long.parseLong(paging.get().after());
        var part = administration.audit().before(before, paging.get().part(), ROWS + 1);
        return new PageReply.Shown(200, new AuditPage(request, paging.get()).page(part, verified));
    }

    private String page(AuditTrail.Part found, Optional<AuditVerification.Outcome> verified) {
        var search = new Sheet.Search("Subject has", request.target(), paging.part());
        var sheet = new Sheet(request, Navigation.AUDIT, "Audit", Optional.of(search));
        chain(sheet, verified);
        var entries = found.entries().subList(0, Math.min(ROWS, found.entries().size()));
        String counts = Sheet.count(found.found(), "entry", "entries")
                + (paging.part().isEmpty() ? "" : " found")
                + ", the latest first";
        sheet.begin("list", "full", counts, () -> {
            if (!paging.part().isEmpty()) {
                sheet.link("audit", "Show all");
            }
            sheet.link("api/audit?format=csv", "CSV of all");
        });
        if (!entries.isEmpty()) {
            table(sheet, entries);
        }
        paging.links(
                sheet,
                request.target(),
                "",
                found.entries().size() > ROWS
                        ? Optional.of(Long.toString(entries.get(ROWS - 1).number()))
                        : Optional.empty());
        sheet.end();
        return sheet.page();
    }

    private void chain(Sheet sheet, Optional<AuditVerification.Outcome> verified) {
        sheet.begin("chain", "full", "Chain of hashes");
        verified.ifPresent(outcome -> outcome(sheet, outcome));
        sheet.beginForm(request.target());
        boolean goesOn =
                verified.filter(AuditVerification.Outcome::isUnfinished).isPresent();
        if (goesOn) {
            sheet.hidden(AuditVerification.NUMBER, Long.toString(verified.get().number()));
            sheet.hidden(AuditVerification.HASH, verified.get().hash());
        }
        sheet.html()
                .markup(goesOn ? "<button>Continue</button>" : "<button>Verify</button>")
                .markup("</form>\n");
        sheet.end();
    }

    private static void outcome(Sheet sheet, AuditVerification.Outcome outcome) {
        var html = sheet.html();
        if (outcome.problem().isPresent()) {
            html.markup("<p class=\"bad\" role=\"alert\">The audit is not intact: ")
                    .text(outcome.problem().get())
                    .markup(".</p>\n");
        } else {
            html.markup("<p class=\"good\" role=\"status\">")
                    .text(
                            outcome.isUnfinished()
                                    ? "Intact so far; there are further entries."
                                    : outcome.number() == 0 ? "There is no entry." : "All entries are intact.")
                    .markup("</p>\n");
        }
        html.markup("<dl class=\"about\"><div><dt>Last verified entry</dt><dd>")
                .text(outcome.number() == 0 ? "-" : Long.toString(outcome.number()))
                .markup("</dd></div><div><dt>Its hash</dt><dd><code>")
                .text(outcome.hash())
                .markup("</code></dd></div></dl>\n");
    }

    private static void table(Sheet sheet, List<AuditEntry> entries) {
        sheet.beginTable("list", "Changes", "#Entry", "Time (UTC)", "Who", "From", "Action", "Subject", "What");
        for (var entry : entries) {
            sheet.html().markup("<tr>");
            sheet.number(Long.toString(entry.number()));
            sheet.whole(Sheet.time(entry.at().toString()));
            sheet.whole(entry.actor().name());
            sheet.whole(entry.actor().address());
            sheet.whole(entry.item().action());
            sheet.cell(entry.item().subject());
            sheet.html().markup("<td class=\"what\">");
            Difference.add(sheet.html(), entry);
            sheet.html().markup("</td>");
            sheet.endRow();
        }
        sheet.endTable();
    }

    /** The change of an entry of the audit, folded. */
    static final class Difference {
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
}
