package dev.warder.admin;

import static dev.warder.admin.BudgetDocument.all;
import static dev.warder.admin.BudgetDocument.dollars;

import dev.warder.json.JsonTree;
import dev.warder.ledger.CsvText;
import dev.warder.reconcile.ReconciliationDay;
import dev.warder.reconcile.ReconciliationLine;
import dev.warder.reconcile.ReconciliationReport;
import dev.warder.reconcile.Side;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reconciliation for programs, as JSON or as CSV (RFC 4180) with a line of titles. Amounts are US dollars. */
final class ReconciliationDocument {
    private static final String TOKENS = "%s_cost,%s_input,%s_write_5m,%s_write_1h,%s_read,%s_output,%s_searches,";
    private static final String TITLES = "day,model,credential,state,unexplained,rows," + TOKENS.replace("%s", "ledger")
            + TOKENS.replace("%s", "report") + "difference,booked,not_booked,rounding,tokens_differ\r\n";

    /** The members with names that people have chosen. */
    private static final Set<String> NAMES = Set.of("model", "credential");

    private ReconciliationDocument() {}

    static JsonObjectBuilder of(ReconciliationReport report) {
        var document = JsonTree.newObject()
                .add("from", report.from().toString())
                .add("to", report.to().toString());
        report.status().lastLook().ifPresent(time -> document.add("lastLook", time.toString()));
        report.status().failure().ifPresent(reason -> document.add("failure", reason));
        return document.add("days", all(report.days(), ReconciliationDocument::day))
                .add("lines", all(report.lines(), line -> line(report, line)))
                .add("more", report.cut());
    }

    static String csv(ReconciliationReport report) {
        return report.lines().stream()
                .map(line -> line(report, line).build())
                .map(line -> fields(line).collect(Collectors.joining(",", "", "\r\n")))
                .collect(Collectors.joining("", TITLES, report.cut() ? "incomplete\r\n" : ""));
    }

    /** The values of a line and of its sides, in their order. */
    private static Stream<String> fields(JsonObject object) {
        return object.entrySet().stream().flatMap(ReconciliationDocument::fields);
    }

    private static Stream<String> fields(Map.Entry<String, JsonValue> member) {
        if (member.getValue() instanceof JsonObject side) {
            return fields(side);
        }
        String text = member.getValue() instanceof JsonString string
                ? string.getString()
                : member.getValue().toString();
        return Stream.of(NAMES.contains(member.getKey()) ? CsvText.field(text) : text);
    }

    /** A day that was compared, with what the reports have of other keys. */
    private static JsonObjectBuilder day(ReconciliationDay day) {
        return JsonTree.newObject()
                .add("day", day.day().toString())
                .add("settled", day.settled())
                .add("lookedAt", day.lookedAt().toString())
                .add("otherCost", dollars(day.otherNanos()))
                .add("otherTokens", day.otherTokens());
    }

    private static JsonObjectBuilder line(ReconciliationReport report, ReconciliationLine line) {
        var sides = line.sides();
        return JsonTree.newObject()
                .add("day", line.id().day().toString())
                .add("model", line.id().model())
                .add("credential", line.id().credential())
                .add("state", report.state(line))
                .add("unexplained", line.isUnexplained())
                .add("rows", sides.rows())
                .add("ledger", side(sides.ledger()))
                .add("report", side(sides.report()))
                .add("difference", dollars(sides.difference()))
                .add("booked", dollars(line.booked()))
                .add("notBooked", dollars(line.open()))
                .add("rounding", dollars(sides.roundingNanos()))
                .add("tokensDiffer", sides.distance());
    }

    private static JsonObjectBuilder side(Side side) {
        return JsonTree.newObject()
                .add("cost", dollars(side.nanos()))
                .add("input", side.input())
                .add("write5m", side.write5m())
                .add("write1h", side.write1h())
                .add("read", side.read())
                .add("output", side.output())
                .add("searches", side.searches());
    }
}
