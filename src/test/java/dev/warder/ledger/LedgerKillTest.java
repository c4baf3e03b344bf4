package dev.warder.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Limit;
import dev.warder.testkit.Turns;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A ledger whose process is killed while it works: each request that was noted has one row afterwards. */
@Timeout(600)
@Tag("turn-2")
class LedgerKillTest {
    private static final int KILLS = Boolean.getBoolean("warder.long") ? 20 : Turns.of(1, 3);

    @TempDir
    private Path folder = Path.of("");

    @Test
    void losesAndDoublesNothingOverKills() throws Exception {
        Set<String> sent = new HashSet<>();
        for (int round = 0; round < KILLS; round++) {
            sent.addAll(killedAfter(round, 200 + 700 * round));
        }
        var rest = start("rest", true);
        assertThat(rest.waitFor(Limit.seconds(60).toSeconds(), TimeUnit.SECONDS))
                .isTrue();
        assertThat(rest.exitValue()).isZero();
        var rows = rows();
        assertThat(rows.keySet()).as("requests without a row").containsAll(sent);
        assertThat(rows).as("requests with several rows").allSatisfy((request, count) -> assertThat(count)
                .isEqualTo(1));
        System.out.println(KILLS + " kills, " + sent.size() + " requests sent, " + rows.size() + " rows");
    }

    /** Such a process must not go on forever when the test that started it was killed. */
    @Test
    void endsWithTheProcessThatStartedIt() throws Exception {
        var process = start("alone", false);
        try {
            assertThat(process.inputReader().readLine()).startsWith("alone");
            process.getOutputStream().close();
            process.getInputStream().close();
            assertThat(process.waitFor(Limit.seconds(30).toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
            assertThat(process.exitValue()).isEqualTo(2);
        } finally {
            process.destroyForcibly();
        }
    }

    private Process start(String prefix, boolean rest) throws Exception {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LedgerNode.class.getName(),
                        folder.toString(),
                        prefix,
                        Boolean.toString(rest))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** The requests that a process sent until it was killed, after at least {@code count}. */
    private List<String> killedAfter(int round, int count) throws Exception {
        var process = start("round" + round, false);
        try (BufferedReader out = process.inputReader()) {
            var sent = new ArrayList<String>();
            while (sent.size() < count) {
                var line = out.readLine();
                assertThat(line).as("the process runs").isNotNull();
                sent.add(line);
            }
            // By its handle: Process.destroyForcibly closes the pipe, whose rest is needed.
            assertThat(process.toHandle().destroyForcibly()).isTrue();
            for (var line = out.readLine(); line != null; line = out.readLine()) {
                if (line.matches("round[0-9]+-[0-9]+-[0-9]+")) {
                    sent.add(line);
                }
            }
            assertThat(process.waitFor(Limit.seconds(30).toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
            // The last line may be half of one.
            return sent.subList(0, sent.size() - 1);
        }
    }

    private Map<String, Integer> rows() throws Exception {
        var rows = new TreeMap<String, Integer>();
        try (var connection = LedgerNode.database(folder).getConnection();
                var statement = connection.createStatement();
                var result =
                        statement.executeQuery("SELECT request_id, COUNT(*) FROM warder_ledger GROUP BY request_id")) {
            while (result.next()) {
                rows.put(result.getString(1), result.getInt(2));
            }
        }
        return rows;
    }
}
