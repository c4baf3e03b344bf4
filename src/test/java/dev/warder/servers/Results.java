package dev.warder.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/**
 * Writes {@code target/servers.md}: a row for each server on each Java release, the older rows of others kept. A row says
 * how the run went when it has ended, and until then that it is running.
 */
final class Results implements TestWatcher, AfterAllCallback {
    static final String NO_JDK = "not run: no such JDK here";

    private static final Path FILE = Path.of("target", "servers.md");
    private static final List<String> HEAD =
            List.of("| server | version | JDK | date | result |", "|---|---|---|---|---|");
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(100);

    private final List<String> failed = new ArrayList<>();
    private final List<String> passed = new ArrayList<>();
    private final List<String> skipped = new ArrayList<>();

    /** For JUnit. */
    Results() {}

    /** How long a silent stream is silent. */
    static Duration silence() {
        return Duration.ofSeconds(Long.getLong("warder.servers.silence", LONG_ENOUGH.toSeconds()));
    }

    /** Says how a run stands before its first test. */
    static void note(Run run, String result) {
        write(run, result);
    }

    @Override
    public void testSuccessful(ExtensionContext context) {
        passed.add(context.getRequiredTestMethod().getName());
    }

    @Override
    public void testFailed(ExtensionContext context, @Nullable Throwable cause) {
        failed.add(context.getRequiredTestMethod().getName());
    }

    @Override
    public void testAborted(ExtensionContext context, @Nullable Throwable cause) {
        skipped.add(context.getRequiredTestMethod().getName());
    }

    @Override
    public void testDisabled(ExtensionContext context, Optional<String> reason) {
        skipped.add(context.getRequiredTestMethod().getName());
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        var run = ((ServerContract) context.getRequiredTestInstance()).run();
        if (run.wanted()) {
            write(run, run.possible() ? verdict(context.getExecutionException().isPresent()) : NO_JDK);
        }
    }

    private String verdict(boolean broken) {
        var all = Stream.of(ServerContract.class.getDeclaredMethods())
                .filter(each -> each.isAnnotationPresent(Test.class))
                .map(each -> each.getName())
                .collect(Collectors.toCollection(TreeSet::new));
        var said = new StringBuilder(passed.size() + " of " + all.size() + " passed");
        if (broken) {
            said.append("; failed to start or to stop");
        }
        List.of(passed, failed, skipped).forEach(all::removeAll);
        name(said, "failed", failed);
        name(said, "skipped", skipped);
        name(said, "not run", all);
        if (silence().compareTo(LONG_ENOUGH) < 0) {
            said.append("; with a silence of ").append(silence().toSeconds()).append(" s");
        }
        return said.toString();
    }

    private static void name(StringBuilder said, String what, Iterable<String> names) {
        if (names.iterator().hasNext()) {
            said.append("; ").append(what).append(": ").append(String.join(", ", names));
        }
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
