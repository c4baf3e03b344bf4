package dev.warder.usage;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Compares the rows of the ledger with what the upstream has sent.
 *
 * @param atAKill whether a request, by its number, was under way when the gateway was killed
 * @param change when prices changed
 */
record SuiteComparison(SuiteUpstream upstream, IntPredicate atAKill, Instant change) {
    private static final List<String> TOKENS = List.of(
            "input_tokens",
            "write_5m_tokens",
            "write_1h_tokens",
            "read_tokens",
            "output_tokens",
            "thinking_tokens",
            "web_searches",
            "cost_nanos");

    void compare(List<JsonObject> rows) {
        assertThat(rows.stream().map(row -> row.getString("try_id") + "/" + row.getInt("part")))
                .as("keys")
                .doesNotHaveDuplicates();
        var byNumber = rows.stream()
                .collect(Collectors.groupingBy(
                        row -> Integer.valueOf(row.getString("session_id")), TreeMap::new, Collectors.toList()));
        assertThat(byNumber.keySet())
                .as("requests with rows")
                .containsAll(upstream.tries().keySet());
        byNumber.forEach(this::compareTries);
        compareContents(rows);
    }

    /** Each try has its rows; of a request under way at a kill either all tries or a single unknown row. */
    private void compareTries(int number, List<JsonObject> rows) {
        long unknown = rows.stream()
                .filter(row -> row.getString("basis").equals("unknown"))
                .count();
        if (unknown > 0) {
            assertThat(atAKill.test(number))
                    .as("%d is unknown, and was not killed", number)
                    .isTrue();
            assertThat(rows).as("%d has one unknown row and no other", number).hasSize(1);
        } else {
            long tries =
                    rows.stream().map(row -> row.getString("try_id")).distinct().count();
            assertThat(tries).as("tries of %d: %s", number, rows).isEqualTo(tries(number, tries));
        }
    }

    /** Of a request under way at a kill the upstream may not have received the last try. */
    private long tries(int number, long found) {
        long known = upstream.tries().getOrDefault(number, 0);
        return atAKill.test(number) && found > known ? found : known;
    }

    private void compareContents(List<JsonObject> rows) {
        Map<String, List<JsonObject>> byId = rows.stream()
                .filter(row -> !row.isNull("upstream_request_id"))
                .collect(Collectors.groupingBy(row -> row.getString("upstream_request_id")));
        var expected = new long[TOKENS.size()];
        var found = new long[TOKENS.size()];
        var compared = new ArrayList<String>();
        var cases = new HashSet<SuiteCase>();
        var prices = new HashSet<Boolean>();
        upstream.said().forEach((id, each) -> {
            if (each.isExact() && !atAKill.test(Integer.parseInt(id.split("-")[1]))) {
                var own = byId.getOrDefault(id, List.of());
                var lines = expected(each, own);
                assertThat(own.stream().map(SuiteComparison::line)).as(id).containsExactlyInAnyOrderElementsOf(lines);
                lines.forEach(line -> add(expected, line));
                own.forEach(row -> add(found, line(row)));
                compared.add(id);
                cases.add(each);
                if (each.isDated()) {
                    prices.add(isBeforeChange(own));
                }
            }
        });
        assertThat(found).isEqualTo(expected);
        // How many are compared depends on how many were under way at the kills.
        assertThat(cases)
                .as("cases that were compared")
                .containsAll(upstream.said().values().stream()
                        .filter(SuiteCase::isExact)
                        .toList());
        assertThat(cases).as("chat completions").containsAll(upstream.ofChat());
        assertThat(prices).as("prices before and after the change").hasSize(2);
        assertThat(compared).as("failovers").anyMatch(id -> id.endsWith("-2"));
        print(rows, compared.size(), expected);
    }

    /** The prices of the time of admission count. */
    private List<String> expected(SuiteCase each, List<JsonObject> rows) {
        return each.expected().get(isBeforeChange(rows) ? 0 : 1);
    }

    private boolean isBeforeChange(List<JsonObject> rows) {
        return rows.stream()
                .allMatch(row -> Instant.parse(row.getString("admitted_at")).isBefore(change));
    }

    private static String line(JsonObject row) {
        var numbers = TOKENS.stream()
                .map(name -> Long.toString(row.getJsonNumber(name).longValueExact()));
        var model = row.isNull("model_answered") ? "-" : row.getString("model_answered");
        return Stream.of(Stream.of(model), numbers, Stream.of(row.getString("basis")))
                .flatMap(part -> part)
                .collect(Collectors.joining(" "));
    }

    private static void add(long[] sums, String line) {
        var words = line.split(" ");
        for (int i = 0; i < sums.length; i++) {
            sums[i] += Long.parseLong(words[i + 1]);
        }
    }

    private static void print(List<JsonObject> rows, int compared, long[] sums) {
        long unknown = rows.stream()
                .filter(row -> row.getString("basis").equals("unknown"))
                .count();
        System.out.println("ledger suite: " + rows.size() + " rows, " + compared + " responses compared, " + unknown
                + " unknown after kills, difference 0 of " + sums[sums.length - 1] + " nano-dollars");
    }
}
