package dev.warder.ledger.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.ledger.Rows;
import dev.warder.ledger.store.Journal.HeldInstead;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a journal knows after a kill of what requests held of budgets. */
@Timeout(60)
class KilledHoldsTest {
    private static final Journal.Limits SMALL = new Journal.Limits(2000, 100_000, Duration.ZERO);
    private static final Optional<String> MACHINE = Optional.of("first-start");
    private static final PeriodKey DAY = new PeriodKey("client/build/day", Rows.NOON);
    private static final PeriodKey MONTH = new PeriodKey("organization/month", Rows.NOON);

    private final Charged run = new Charged(Rows.id(), List.of(DAY, MONTH));
    private final FaultyDisk disk = new FaultyDisk();

    @TempDir
    private Path folder = Path.of("");

    private final List<Journal> opened = new ArrayList<>();

    @AfterEach
    void close() {
        opened.forEach(Journal::stopWriting);
        opened.forEach(Journal::close);
    }

    private Journal open(Path place, Optional<String> machine, Journal.Limits limits) throws IOException {
        var around = new LedgerEnvironment(Thread::new, () -> Rows.NOON, System::nanoTime, limits, disk, machine);
        var journal = Journal.open(place, around).orElseThrow();
        opened.add(journal);
        return journal;
    }

    /** The first start, which knows that there is nothing before it. */
    private Journal start() throws IOException {
        var journal = open(folder, MACHINE, SMALL);
        readAll(journal);
        return journal;
    }

    private void end(Journal journal) {
        journal.stopWriting();
        journal.close();
        opened.remove(journal);
    }

    /** Reads and stores all, and returns what it knows of killed runs. */
    private static Map<UUID, Map<PeriodKey, Long>> readAll(Journal journal) throws IOException {
        Map<UUID, Map<PeriodKey, Long>> known = Map.of();
        Backlog.Batch batch;
        do {
            batch = journal.next();
            known = batch.killed().isEmpty() ? known : batch.killed();
            journal.stored();
        } while (!batch.last());
        return known;
    }

    /** No thread of a request waits for that. */
    private void awaitNoMark() {
        while (Files.exists(folder.resolve("holds.complete"))) {
            Thread.onSpinWait();
        }
    }

    private Map<UUID, Map<PeriodKey, Long>> afterKill() throws IOException {
        return readAll(open(JournalTest.copied(folder), MACHINE, SMALL));
    }

    private Intent begin(Journal journal, long nanos) throws Exception {
        var intent = Rows.holding(Rows.intent(), run, nanos);
        assertThat(noted(journal, intent)).isTrue();
        return intent;
    }

    private static boolean noted(Journal journal, Intent intent) throws Exception {
        return journal.note(intent).get(20, TimeUnit.SECONDS);
    }

    private static void hold(Journal journal, Intent intent, long nanos) throws Exception {
        journal.hold(new HeldInstead(intent.id(), nanos));
        // Not before what is in the queue.
        assertThat(noted(journal, Rows.intent())).isTrue();
    }

    private void end(Journal journal, Intent intent) {
        journal.add(Intent.Settled.of(Optional.of(intent.id()), List.of(Rows.row()), Optional.of(run)));
    }

    private Map<UUID, Map<PeriodKey, Long>> held(long nanos) {
        return Map.of(run.run(), Map.of(DAY, nanos, MONTH, nanos));
    }

    @Test
    void knowsWhatOpenRequestsHeldLast() throws Exception {
        var journal = start();
        var first = begin(journal, 100);
        begin(journal, 20);
        var ended = begin(journal, 7000);
        hold(journal, first, 300);
        hold(journal, first, 150);
        hold(journal, ended, 8000);
        end(journal, ended);
        assertThat(afterKill()).isEqualTo(held(170));
    }

    @Test
    void knowsRunsWithoutOpenRequests() throws Exception {
        var journal = start();
        end(journal, begin(journal, 100));
        assertThat(afterKill()).isEqualTo(Map.of(run.run(), Map.of()));
    }

    /** A file is deleted when its rows are stored; a request that lasts longer is written again. */
    @Test
    void knowsWhatLongRequestsHeld() throws Exception {
        var journal = start();
        var open = begin(journal, 100);
        hold(journal, open, 250);
        for (int i = 0; i < 40; i++) {
            end(journal, begin(journal, 1));
        }
        readAll(journal);
        assertThat(journal.keepsStored()).isTrue();
        journal.durable();
        assertThat(afterKill()).isEqualTo(held(250));
    }

    /** Each start reads what the one before it has not stored, and the files stay for a while after that. */
    @Test
    void knowsTheSameAfterAnotherKill() throws Exception {
        begin(start(), 100);
        var copy = JournalTest.copied(folder);
        var second = open(copy, MACHINE, SMALL);
        end(second);
        assertThat(readAll(open(copy, MACHINE, SMALL))).isEqualTo(held(100));
    }

    /** What was appended last may not have been on the disk. */
    @Test
    void knowsNothingAfterAnotherStartOfTheMachine() throws Exception {
        begin(start(), 100);
        for (var machine : List.of(Optional.of("second-start"), Optional.<String>empty())) {
            var place = JournalTest.copied(folder);
            var journal = open(place, machine, SMALL);
            assertThat(readAll(journal)).isEmpty();
            assertThat(journal.keepsStored()).isTrue();
            journal.durable();
        }
    }

    @Test
    void knowsNothingIfTheMarkIsMissing() throws Exception {
        begin(start(), 100);
        Files.delete(folder.resolve("holds.complete"));
        assertThat(afterKill()).isEmpty();
    }

    @Test
    void knowsNothingIfAFileCannotBeRead() throws Exception {
        var journal = start();
        begin(journal, 100);
        begin(journal, 100);
        var place = JournalTest.copied(folder);
        var file = JournalTest.files(place).get(0);
        var bytes = Files.readAllBytes(file);
        bytes[20]++;
        Files.write(file, bytes);
        var second = open(place, MACHINE, SMALL);
        assertThat(readAll(second)).isEmpty();
        assertThat(second.unreadable()).isEqualTo(1);
    }

    /** Requests go on when the journal is full: what they hold is known nowhere. */
    @Test
    void knowsNothingAfterTheJournalWasFull() throws Exception {
        var journal = open(folder, MACHINE, new Journal.Limits(2000, 3000, Duration.ZERO));
        readAll(journal);
        var intent = Rows.holding(Rows.intent(), run, 100);
        while (noted(journal, intent)) {
            intent = Rows.holding(Rows.intent(), run, 100);
        }
        assertThat(afterKill()).isEmpty();
    }

    @Test
    void knowsNothingAfterTheDiskHasNotTakenSomething() throws Exception {
        var journal = start();
        begin(journal, 100);
        disk.failWrites(1);
        assertThat(noted(journal, Rows.holding(Rows.intent(), run, 100))).isFalse();
        assertThat(afterKill()).isEmpty();
    }

    /** Requests that hold nothing may be unknown. */
    @Test
    void knowsAllWhenOnlyRequestsWithoutBudgetsAreLost() throws Exception {
        var journal = start();
        begin(journal, 100);
        disk.failWrites(1);
        assertThat(noted(journal, Rows.intent())).isFalse();
        assertThat(afterKill()).isEqualTo(held(100));
    }

    /** After a start that has read all, the mark is about the next kill. */
    @Test
    void beginsAgainWhenAllOfAnEarlierStartIsStored() throws Exception {
        begin(start(), 100);
        var place = JournalTest.copied(folder);
        var second = open(place, Optional.of("second-start"), SMALL);
        assertThat(readAll(second)).isEmpty();
        assertThat(second.keepsStored()).isTrue();
        second.durable();
        readAll(second);
        assertThat(Files.readString(place.resolve("holds.complete"))).startsWith("second-start ");
    }

    /** What it has cost is stored nowhere, and its intent is open no longer. */
    @Test
    void knowsNothingAfterTheDiskHasNotTakenWhatARequestCost() throws Exception {
        var journal = start();
        var intent = begin(journal, 100);
        disk.failWrites(1);
        end(journal, intent);
        awaitNoMark();
        assertThat(afterKill()).isEmpty();
    }

    /** The system may have dropped what it could not write. */
    @Test
    void knowsNothingAfterTheDiskWasNotForced() throws Exception {
        var journal = start();
        disk.failForce(1);
        begin(journal, 100);
        while (!journal.isUncertain()) {
            Thread.onSpinWait();
        }
        awaitNoMark();
        assertThat(afterKill()).isEmpty();
    }

    /** The database will never take the row. */
    @Test
    void knowsNothingAfterARowWasRefused() throws Exception {
        var journal = start();
        begin(journal, 100);
        journal.refused();
        readAll(journal);
        assertThat(afterKill()).isEmpty();
    }

    /** As an operator restores a file from a copy. */
    @Test
    void knowsNothingOfFilesThatAreOlderThanTheMark() throws Exception {
        begin(start(), 100);
        var place = JournalTest.copied(folder);
        var file = JournalTest.files(place).get(0);
        var bytes = Files.readAllBytes(file);
        var second = open(place, MACHINE, SMALL);
        readAll(second);
        assertThat(second.keepsStored()).isTrue();
        second.durable();
        readAll(second);
        assertThat(file).doesNotExist();
        end(second);
        Files.write(file, bytes);
        assertThat(readAll(open(place, MACHINE, SMALL))).isEmpty();
    }

    /** Of two files of an earlier start only the second one is left. */
    @Test
    void knowsNothingAfterAKillBetweenTheDeletionOfTwoFiles() throws Exception {
        var journal = start();
        var first = begin(journal, 100);
        for (int i = 0; i < 15; i++) {
            end(journal, begin(journal, 1));
        }
        assertThat(first).isNotNull();
        var place = JournalTest.copied(folder);
        var second = open(place, MACHINE, SMALL);
        assertThat(readAll(second)).isEqualTo(held(100));
        var files = JournalTest.files(place);
        assertThat(files).hasSizeGreaterThan(2);
        var last = Files.readAllBytes(files.get(1));
        assertThat(second.keepsStored()).isTrue();
        second.durable();
        end(second);
        Files.write(files.get(1), last);
        assertThat(readAll(open(place, MACHINE, SMALL))).isEmpty();
    }
}
