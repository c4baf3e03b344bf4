package dev.warder.ledger;

import dev.warder.config.Secret;
import dev.warder.database.Checkpoint;
import dev.warder.database.DatabaseSettings;
import dev.warder.http.Dialect;
import dev.warder.ledger.journal.Journal;
import dev.warder.ledger.journal.LedgerEnvironment;
import dev.warder.ledger.store.Intent;
import dev.warder.usage.UsageRow;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.h2.jdbcx.JdbcDataSource;

/** A process with a ledger in an H2 below a folder, which notes and ends requests until it is killed, or stores all that is left. */
final class LedgerNode {
    private static final int THREADS = 4;

    /** Files that are deleted long before a kill. */
    private static final Journal.Limits SMALL = new Journal.Limits(50_000, 256L << 20, Duration.ofMillis(100));

    private LedgerNode() {}

    /** {@code arguments} are the folder, a prefix for the ids of requests, and whether only to store what is left. */
    public static void main(String[] arguments) throws Exception {
        endWithTheParent();
        var source = database(Path.of(arguments[0]));
        var place = new DatabaseSettings(
                Optional.empty(), Optional.empty(), Optional.<Secret>empty(), Optional.of(Path.of(arguments[0])));
        var around = new LedgerEnvironment(Thread::new, InstantSource.system(), System::nanoTime, SMALL);
        var parts = LedgerParts.inDatabase(new LedgerSettings(Duration.ofDays(400_000)), place, source, around);
        if (Boolean.parseBoolean(arguments[2])) {
            while (!parts.writer().tick()) {
                // There is more.
            }
            new Checkpoint(source).run();
            System.exit(0);
        }
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < THREADS; i++) {
            String prefix = arguments[1] + "-" + i + "-";
            var journal = parts.journal().orElseThrow();
            threads.add(new Thread(() -> work(journal, prefix)));
        }
        threads.forEach(Thread::start);
        while (threads.stream().allMatch(Thread::isAlive)) {
            parts.writer().tick();
        }
    }

    /** The pipe from the process that started this one ends with it. */
    private static void endWithTheParent() {
        var thread = new Thread(() -> {
            try {
                while (System.in.read() >= 0) {
                    // Nothing is sent.
                }
            } catch (IOException ended) {
                // The same.
            }
            Runtime.getRuntime().halt(2);
        });
        thread.setDaemon(true);
        thread.start();
    }

    /** It keeps commits in memory for an hour, unless it is told to write them: rows of deleted files would be lost. */
    static JdbcDataSource database(Path folder) {
        var source = new JdbcDataSource();
        source.setURL("jdbc:h2:file:" + folder.resolve("warder")
                + ";WRITE_DELAY=3600000;DB_CLOSE_DELAY=-1;DB_CLOSE_ON_EXIT=FALSE");
        source.setUser("warder");
        source.setPassword("");
        return source;
    }

    private static void work(Journal journal, String prefix) {
        var random = new Random(prefix.hashCode());
        try {
            for (int i = 0; ; i++) {
                var intent = new Intent(
                        UUID.randomUUID(),
                        Instant.now(),
                        new UsageRow.Caller(
                                prefix + i,
                                Optional.of("build"),
                                Optional.empty(),
                                Optional.empty(),
                                Dialect.ANTHROPIC),
                        Optional.of("claude-x"),
                        Optional.empty());
                if (!journal.note(intent).get(20, TimeUnit.SECONDS)) {
                    continue;
                }
                System.out.println(intent.caller().requestId());
                if (random.nextInt(10) > 0) {
                    journal.add(Intent.Settled.withIdOfIntent(
                            intent.id(), List.of(Rows.ofRequest(intent.caller().requestId())), Optional.empty()));
                }
            }
        } catch (Exception failed) {
            failed.printStackTrace();
            System.exit(1);
        }
    }
}
