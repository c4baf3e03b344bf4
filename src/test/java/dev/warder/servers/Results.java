package dev.warder.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/** Writes {@code target/servers.md}: a row for each server on each Java release, the older rows of others kept. */
final class Results implements TestWatcher {
    private static final Path FILE = Path.of("target", "servers.md");
    private static final List<String> HEAD =
            List.of("| server | version | JDK | date | result |", "|---|---|---|---|---|");

    private final Map<String, List<String>> failures = new TreeMap<>();
    private final Map<String, Integer> passed = new TreeMap<>();

    /** For JUnit. */
    Results() {}

    /** Says how a run stands before its first test. */
    static void note(Run run, String result) {
        write(run, result);
    }

    @Override
    public void testSuccessful(ExtensionContext context) {
        passed.merge(run(context).toString(), 1, Integer::sum);
        write(run(context));
    }

    @Override
    public void testFailed(ExtensionContext context, @Nullable Throwable cause) {
        failures.computeIfAbsent(run(context).toString(), name -> new ArrayList<>())
                .add(context.getRequiredTestMethod().getName());
        write(run(context));
    }

    private static Run run(ExtensionContext context) {
        return ((ServerContract) context.getRequiredTestInstance()).run();
    }

    private void write(Run run) {
        var failed = failures.getOrDefault(run.toString(), List.of());
        int good = passed.getOrDefault(run.toString(), 0);
        var names = failed.isEmpty() ? "" : ", failed: " + String.join(", ", failed);
        write(run, good + " of " + (good + failed.size()) + " passed" + names);
    }

    private static synchronized void write(Run run, String result) {
        var begin = "| %s | %s | %d |".formatted(run.server().name(), run.version(), run.jdk());
        var row = "%s %s | %s |".formatted(begin, LocalDate.now(ZoneOffset.UTC), result);
        try {
            var rows = Files.exists(FILE) ? new ArrayList<>(Files.readAllLines(FILE)) : new ArrayList<String>();
            rows.removeAll(HEAD);
            rows.removeIf(line -> line.startsWith(begin));
            rows.add(row);
            rows.sort(null);
            rows.addAll(0, HEAD);
            Files.writeString(FILE, rows.stream().collect(Collectors.joining("\n", "", "\n")));
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
