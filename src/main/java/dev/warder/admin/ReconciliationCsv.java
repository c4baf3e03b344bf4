package dev.warder.admin;

import dev.warder.ledger.CsvText;
import dev.warder.reconcile.ReconciliationReport;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reconciliation as CSV (RFC 4180), with a line of titles. */
public final class ReconciliationCsv {
    private static final String TOKENS = "_cost,%s_input,%s_write_5m,%s_write_1h,%s_read,%s_output,%s_searches";
    private static final String LINES = "day,model,credential,state,unexplained,rows," + titles("ledger") + ","
            + titles("report") + ",difference,booked,not_booked,rounding,tokens_differ\r\n";
    private static final String MORE = "incomplete\r\n";

    private ReconciliationCsv() {}

    private static String titles(String side) {
        return side + TOKENS.replace("%s", side);
    }

    public static String lines(ReconciliationReport report) {
        var csv = new StringBuilder(LINES);
        for (var each : report.lines()) {
            var line = ReconciliationDocument.Line.of(report, each);
            var fields = Stream.of(
                            Stream.of(
                                    line.day(),
                                    CsvText.field(line.model()),
                                    CsvText.field(line.credential()),
                                    line.state(),
                                    line.unexplained(),
                                    line.rows()),
                            numbers(line.ledger()),
                            numbers(line.report()),
                            Stream.of(
                                    line.difference(),
                                    line.booked(),
                                    line.notBooked(),
                                    line.rounding(),
                                    line.tokensDiffer()))
                    .flatMap(part -> part);
            csv.append(row(fields));
        }
        return csv.append(report.cut() ? MORE : "").toString();
    }

    private static Stream<Object> numbers(ReconciliationDocument.Numbers side) {
        return Stream.of(
                side.cost(), side.input(), side.write5m(), side.write1h(), side.read(), side.output(), side.searches());
    }

    private static String row(Stream<?> fields) {
        return fields.map(String::valueOf).collect(Collectors.joining(",", "", "\r\n"));
    }
}
