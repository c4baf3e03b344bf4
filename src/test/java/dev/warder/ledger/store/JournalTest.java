package dev.warder.ledger.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.warder.ledger.Rows;
import dev.warder.ledger.store.JournalFile.Disk;
import dev.warder.testkit.AtOnce;
import dev.warder.testkit.LogCapture;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class JournalTest {
    private static final Journal.Limits SMALL = new Journal.Limits(2000, 100_000, Duration.ZERO);

    @TempDir
    private Path folder = Path.of("");

    private final List<Journal> opened = new ArrayList<>();

    @AfterEach
    void close() {
        opened.forEach(Journal::stopWriting);
        opened.forEach(Journal::close);
    }

    private static LedgerEnvironment around(Journal.Limits limits, Disk disk) {
        return new LedgerEnvironment(Thread::new, () -> Rows.NOON, System::nanoTime, limits, disk);
    }

    private Journal open(Path place, Journal.Limits limits) throws IOException {
        var journal = Journal.open(place, around(limits, Disk.REAL)).orElseThrow();
        opened.add(journal);
        return journal;
    }

    private Journal open() throws IOException {
        return open(folder, SMALL);
    }

    private Path killed() throws IOException {
        return copied(folder);
    }

    /** The files of a folder as a kill would leave them now, in another folder. */
    static Path copied(Path from) throws IOException {
        var copy = from.resolve("copy" + UUID.randomUUID());
        Files.createDirectory(copy);
        try (var all = Files.list(from)) {
            for (var file : all.filter(Files::isRegularFile).toList()) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
        }
        return copy;
    }

    /** The journal's own files, from the oldest on. */
    static List<Path> files(Path place) throws IOException {
        try (var all = Files.list(place)) {
            return all.filter(path -> path.toString().endsWith(".journal"))
                    .sorted()
                    .toList();
        }
    }

    private static boolean noted(Journal journal, Intent intent) throws Exception {
        return journal.note(intent).get(20, TimeUnit.SECONDS);
    }

    /** What a database would have received, after all that was added was written. */
    private static List<String> stored(Journal journal) throws Exception {
        assertThat(noted(journal, Rows.intent())).isTrue();
        var ids = new ArrayList<String>();
        boolean last = false;
        while (!last) {
            var batch = journal.next();
            assertThat(journal.next()).isSameAs(batch);
            batch.settled().forEach(each -> each.rows()
                    .forEach(row -> ids.add(row.text(Column.TRY_ID) + "/" + row.number(Column.PART) + "/"
                            + row.text(Column.ENDED_AS))));
            journal.stored();
            last = batch.last();
        }
        journal.durable();
        return ids;
    }

    private static Intent.Settled ends(Intent intent) {
        return Rows.settled(intent, Rows.row(Rows.id(), 0, Rows.NOON, "m"));
    }

    private static String line(Intent.Settled settled) {
        return settled.rows().get(0).text(Column.TRY_ID) + "/0/complete";
    }

    private static String unknown(Intent intent) {
        return intent.id() + "/0/unknown";
    }

    @Test
    void givesRowsInOrderAndOnce() throws Exception {
        var journal = open();
        var expected = new ArrayList<String>();
        for (int i = 0; i < 50; i++) {
            var settled = Rows.settled(Rows.row());
            expected.add(line(settled));
            assertThat(journal.add(settled)).isTrue();
        }
        assertThat(stored(journal)).isEqualTo(expected);
        assertThat(stored(journal)).isEmpty();
        assertThat(journal.lostLater()).isZero();
    }

    @Test
    void keepsRowsAndOpenIntentsOverAKill() throws Exception {
        var journal = open();
        var open = Rows.intent();
        var ended = Rows.intent();
        noted(journal, open);
        noted(journal, ended);
        var row = ends(ended);
        journal.add(row);
        var last = Rows.intent();
        noted(journal, last);
        var next = open(killed(), SMALL);
        assertThat(next.next().settled().get(0).intent()).contains(ended.id());
        assertThat(stored(next)).containsExactly(line(row), unknown(open), unknown(last));
    }

    @Test
    void doesItAllAgainWhenItIsKilledWhileItReplays() throws Exception {
        var journal = open();
        var intents = new ArrayList<Intent>();
        for (int i = 0; i < 100; i++) {
            intents.add(Rows.intent());
            noted(journal, intents.get(i));
        }
        var first = killed();
        var second = open(first, SMALL);
        second.next();
        second.stored();
        var again = copied(first);
        assertThat(stored(open(again, SMALL)))
                .containsExactlyElementsOf(
                        intents.stream().map(JournalTest::unknown).toList());
    }

    /** What a kill, a full disk or a failure of the machine may leave of the last record. */
    private static Stream<Arguments> incompleteEnds() {
        return Stream.of(
                arguments("a byte less", (UnaryOperator<byte[]>) all -> Arrays.copyOf(all, all.length - 1)),
                arguments("60 bytes less", (UnaryOperator<byte[]>) all -> Arrays.copyOf(all, all.length - 60)),
                arguments("zeros after it", (UnaryOperator<byte[]>) all -> Arrays.copyOf(all, all.length + 4000)),
                arguments("zeros instead of its end", (UnaryOperator<byte[]>)
                        all -> Arrays.copyOf(Arrays.copyOf(all, all.length - 30), all.length + 4000)),
                arguments("a wrong byte", (UnaryOperator<byte[]>) all -> changed(all, all.length - 5, 1)));
    }

    private static byte[] changed(byte[] all, int at, int bits) {
        var copy = all.clone();
        copy[at] ^= (byte) bits;
        return copy;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("incompleteEnds")
    void leavesOutARecordThatWasNotWrittenCompletely(String name, UnaryOperator<byte[]> end) throws Exception {
        var journal = open();
        var first = Rows.settled(Rows.row());
        journal.add(first);
        var last = Rows.settled(Rows.row());
        journal.add(last);
        noted(journal, Rows.intent());
        var whole = name.startsWith("zeros after") ? List.of(line(first), line(last)) : List.of(line(first));
        var copy = killed();
        var file = files(copy).get(0);
        Files.write(file, end.apply(withoutTheIntent(Files.readAllBytes(file))));
        var next = open(copy, SMALL);
        assertThat(stored(next)).as(name).isEqualTo(whole);
        assertThat(next.unreadable()).isZero();
        assertThat(file).doesNotExist();
        assertThat(unreadable(file)).doesNotExist();
    }

    /** The bytes up to the end of the second record. */
    private static byte[] withoutTheIntent(byte[] all) {
        var bytes = ByteBuffer.wrap(all);
        int second = 8 + bytes.getInt(0);
        return Arrays.copyOf(all, second + 8 + bytes.getInt(second));
    }

    private static Path unreadable(Path file) {
        return file.resolveSibling(file.getFileName() + ".unreadable");
    }

    /** The places of a change in the second of three records: its length, its checksum and its content. */
    @ParameterizedTest
    @CsvSource({"1, 8", "2, 16", "0, 64", "5, 1", "20, 4"})
    void keepsAFileWithADamagedRecordInTheMiddle(int at, int bits) throws Exception {
        var journal = open();
        var first = Rows.settled(Rows.row());
        journal.add(first);
        journal.add(Rows.settled(Rows.row()));
        noted(journal, Rows.intent());
        var copy = killed();
        var file = files(copy).get(0);
        var all = Files.readAllBytes(file);
        var damaged = changed(all, 8 + ByteBuffer.wrap(all).getInt(0) + at, bits);
        Files.write(file, damaged);
        var next = open(copy, SMALL);
        try (var log = LogCapture.start()) {
            assertThat(stored(next)).containsExactly(line(first));
            log.await("dev.warder.ledger", text -> text.contains("(a damaged record)"), Duration.ZERO);
        }
        assertThat(next.unreadable()).isEqualTo(1);
        assertThat(file).doesNotExist();
        assertThat(unreadable(file)).hasBinaryContent(damaged);
    }

    @Test
    void keepsADamagedFileUntilWhatIsOpenInItIsStored() throws Exception {
        var journal = open();
        var open = Rows.intent();
        noted(journal, open);
        journal.add(Rows.settled(Rows.row()));
        noted(journal, Rows.intent());
        var first = killed();
        var file = files(first).get(0);
        var all = Files.readAllBytes(file);
        Files.write(file, changed(all, 8 + ByteBuffer.wrap(all).getInt(0) + 20, 1));
        var second = open(first, SMALL);
        second.next();
        second.stored();
        second.next();
        second.durable();
        assertThat(second.unreadable()).isEqualTo(1);
        var again = copied(first);
        assertThat(stored(open(again, SMALL))).containsExactly(unknown(open));
    }

    @Test
    void keepsADamagedFileOfThisRun() throws Exception {
        var journal = open();
        for (int i = 0; i < 3; i++) {
            journal.add(Rows.settled(Rows.row()));
        }
        storeNothing(journal);
        var file = files(folder).get(0);
        var all = Files.readAllBytes(file);
        Files.write(file, changed(all, 20, 1), StandardOpenOption.WRITE);
        while (files(folder).size() == 1) {
            storeNothing(journal);
        }
        storeAndSettle(journal);
        assertThat(journal.unreadable()).isEqualTo(1);
        assertThat(unreadable(file)).exists();
    }

    /** An intent that ends without a row. */
    private static void storeNothing(Journal journal) throws Exception {
        var intent = Rows.intent();
        noted(journal, intent);
        journal.add(Rows.settled(intent));
    }

    @Test
    void deletesFilesThatAreStored() throws Exception {
        var journal = open();
        for (int round = 0; round < 20; round++) {
            for (int i = 0; i < 10; i++) {
                var intent = Rows.intent();
                noted(journal, intent);
                journal.add(ends(intent));
            }
            storeAndSettle(journal);
        }
        assertThat(files(folder)).hasSizeLessThan(4);
        assertThat(journal.bytes()).isLessThan(20_000);
    }

    /** Like {@link #stored}, without an intent that stays open. */
    private static void storeAndSettle(Journal journal) throws Exception {
        storeNothing(journal);
        boolean last = false;
        while (!last) {
            last = journal.next().last();
            journal.stored();
        }
        journal.durable();
    }

    @Test
    void keepsAnIntentThatStaysOpenWithoutKeepingAllFiles() throws Exception {
        var journal = open();
        var open = Rows.intent();
        noted(journal, open);
        for (int round = 0; round < 30; round++) {
            for (int i = 0; i < 10; i++) {
                var intent = Rows.intent();
                noted(journal, intent);
                journal.add(ends(intent));
            }
            storeAndSettle(journal);
        }
        assertThat(files(folder)).hasSizeLessThan(5);
        assertThat(stored(open(killed(), SMALL))).contains(unknown(open));
        var end = ends(open);
        journal.add(end);
        assertThat(stored(journal)).containsExactly(line(end));
    }

    @Test
    void keepsFilesAsLongAsADatabaseMayHaveCommitsInMemory() throws Exception {
        var journal = open(folder, new Journal.Limits(2000, 100_000, Duration.ofHours(1)));
        for (int i = 0; i < 30; i++) {
            journal.add(Rows.settled(Rows.row()));
        }
        assertThat(stored(journal)).hasSize(30);
        assertThat(stored(open(killed(), SMALL))).hasSize(31);
    }

    @Test
    void takesNothingAboveItsLimitUntilSomethingIsStored() throws Exception {
        var journal = open(folder, new Journal.Limits(2000, 10_000, Duration.ZERO));
        int taken = 0;
        while (journal.add(Rows.settled(Rows.row())) && taken < 100_000) {
            taken++;
            if (taken % 10 == 0) {
                noted(journal, Rows.intent());
            }
        }
        assertThat(taken).isBetween(10, 200);
        assertThat(noted(journal, Rows.intent())).isFalse();
        boolean last = false;
        while (!last) {
            last = journal.next().last();
            journal.stored();
        }
        journal.durable();
        assertThat(journal.lostLater()).isZero();
    }

    /** A request that was sent must be able to end. */
    @Test
    void takesEndsOfIntentsAfterItHasRefusedIntents() throws Exception {
        var journal = open(folder, new Journal.Limits(2000, 10_000, Duration.ZERO));
        var open = Rows.intent();
        for (var next = open; noted(journal, next); next = Rows.intent()) {
            open = next;
        }
        assertThat(journal.add(ends(open))).isTrue();
    }

    @Test
    void keepsNoFileForAnIntentWhoseEndItRefused() throws Exception {
        var journal = open(folder, new Journal.Limits(2000, 10_000, Duration.ZERO));
        var intents = new ArrayList<Intent>();
        for (var next = Rows.intent(); noted(journal, next); next = Rows.intent()) {
            intents.add(next);
        }
        while (journal.add(Rows.settled(Rows.row()))) {
            // Until the space of the ends is taken as well.
        }
        intents.forEach(each -> assertThat(journal.add(ends(each))).isFalse());
        while (files(folder).size() > 1) {
            journal.next();
            journal.stored();
            journal.durable();
        }
        assertThat(noted(journal, Rows.intent())).isTrue();
    }

    @Test
    void isOpenOnceAtATime() throws Exception {
        open();
        assertThat(Journal.open(folder, around(SMALL, Disk.REAL))).isEmpty();
    }

    @Test
    void keepsRowsThatADiskDoesNotTake() throws Exception {
        var journal = open(folder, new Journal.Limits(1, 100_000, Duration.ZERO));
        noted(journal, Rows.intent());
        for (var file : files(folder)) {
            Files.delete(file);
        }
        Files.delete(folder.resolve("lock"));
        Files.delete(folder);
        var row = Rows.settled(Rows.row());
        assertThat(journal.add(row)).isTrue();
        assertThat(noted(journal, Rows.intent())).isFalse();
        Files.createDirectory(folder);
        assertThat(noted(journal, Rows.intent())).isTrue();
        assertThat(stored(open(killed(), SMALL))).contains(line(row));
        assertThat(journal.lostLater()).isZero();
    }

    /** No request has to end for it. */
    @Test
    void writesRowsAgainWithoutAnotherRequest() throws Exception {
        var disk = new FaultyDisk();
        var journal = Journal.open(folder, around(Journal.Limits.USUAL, disk)).orElseThrow();
        opened.add(journal);
        var intents = List.of(Rows.intent(), Rows.intent());
        for (var each : intents) {
            assertThat(noted(journal, each)).isTrue();
        }
        disk.failWrites(Integer.MAX_VALUE);
        try (var log = LogCapture.start()) {
            intents.forEach(each -> assertThat(journal.add(ends(each))).isTrue());
            assertThat(stored(open(killed(), SMALL)))
                    .as("until then, a kill ends them as unknown")
                    .containsExactly(unknown(intents.get(0)), unknown(intents.get(1)));
            disk.failWrites(0);
            log.await("dev.warder.ledger", text -> text.contains("is written again"), Duration.ofSeconds(20));
        }
        assertThat(journal.lostLater()).isZero();
        assertThat(stored(open(killed(), SMALL))).hasSize(2).allMatch(row -> row.endsWith("/complete"));
    }

    @Test
    void countsRowsThatFindNoPlaceWhileADiskTakesNothing() throws Exception {
        var disk = new FaultyDisk();
        disk.failWrites(Integer.MAX_VALUE);
        var journal = Journal.open(folder, around(Journal.Limits.USUAL, disk)).orElseThrow();
        opened.add(journal);
        for (int i = 0; i < 10_003; i++) {
            journal.add(Rows.settled(Rows.row()));
        }
        assertThat(noted(journal, Rows.intent())).isFalse();
        assertThat(journal.lostLater()).isEqualTo(3);
        disk.failWrites(0);
        assertThat(stored(journal)).hasSize(10_000);
    }

    @Test
    void appendsOnTheCallingThread() throws Exception {
        var journal = open();
        var intent = Rows.intent();
        Thread.currentThread().interrupt();
        assertThat(journal.note(intent)).isCompletedWithValue(true);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(stored(open(killed(), SMALL))).containsExactly(unknown(intent));
    }

    /** An end in the journal before its intent would be a second, unknown row after a kill. */
    @Test
    void neverHasAnEndBeforeItsIntent() throws Exception {
        int threads = 8;
        int each = 300;
        var large = new Journal.Limits(100_000, 100_000_000, Duration.ofHours(1));
        var journal = open(folder, large);
        var work = AtOnce.run(threads, thread -> {
            boolean taken = true;
            for (int i = 0; i < each; i++) {
                var intent = Rows.intent();
                // Not waited for, like that of a request which has waited for a second.
                var written = journal.note(intent);
                taken &= journal.add(ends(intent)) && written.get(20, TimeUnit.SECONDS);
            }
            return taken;
        });
        assertThat(work).containsOnly(true);
        journal.stopWriting();
        assertThat(stored(open(killed(), large)))
                .hasSize(threads * each)
                .allMatch(row -> row.endsWith("/complete"))
                .doesNotHaveDuplicates();
    }

    @Test
    void forcesToTheDiskWhatWasAppended() throws Exception {
        var files = JournalFiles.in(folder, Disk.REAL);
        var sync = new JournalSync(files, HoldsMark.in(folder, Optional.empty(), 0), Thread::new);
        sync.start();
        var frame = JournalFrames.frame(RecordCodec.encode(Rows.intent()));
        var first = files.newest();
        first.append(frame);
        var second = files.add();
        second.append(frame);
        assertThat(second.isForced()).isFalse();
        sync.appended();
        sync.stop();
        assertThat(first.isForced()).isTrue();
        assertThat(second.isForced()).isTrue();
        assertThatThrownBy(() -> first.append(frame)).isInstanceOf(IOException.class);
        second.close();
    }

    /** The system may have dropped what it could not write, and report success for the rest. */
    @Test
    void countsNothingAsForcedAfterAFailure() throws Exception {
        var disk = new FaultyDisk();
        disk.failForce(1);
        var files = JournalFiles.in(folder, disk);
        var sync = new JournalSync(files, HoldsMark.in(folder, Optional.empty(), 0), Thread::new);
        sync.start();
        var file = files.newest();
        file.append(JournalFrames.frame(RecordCodec.encode(Rows.intent())));
        sync.appended();
        sync.stop();
        assertThat(sync.failures()).isEqualTo(1);
        file.force();
        assertThat(file.isForced()).isFalse();
        file.close();
    }

    @Test
    void writesOpenIntentsAgainAfterADiskHasNotTakenThem() throws Exception {
        var disk = new FaultyDisk();
        disk.failForce(1);
        var journal = Journal.open(folder, around(Journal.Limits.USUAL, disk)).orElseThrow();
        opened.add(journal);
        var first = Rows.intent();
        try (var log = LogCapture.start()) {
            noted(journal, first);
            log.await("dev.warder.ledger", text -> text.contains("cannot be forced"), Duration.ofSeconds(20));
        }
        var second = Rows.intent();
        noted(journal, second);
        assertThat(journal.unforced()).isEqualTo(1);
        assertThat(files(folder)).hasSize(2);
        var copy = killed();
        Files.delete(files(copy).get(0));
        assertThat(stored(open(copy, SMALL))).containsExactly(unknown(first), unknown(second));
    }

    @Test
    void countsWhatAnErrorHasLost() throws Exception {
        var disk = new FaultyDisk();
        var journal = Journal.open(folder, around(SMALL, disk)).orElseThrow();
        opened.add(journal);
        var open = Rows.intent();
        noted(journal, open);
        long bytes = journal.bytes();
        disk.failWrite(new OutOfMemoryError("as if"));
        assertThatThrownBy(() -> journal.add(ends(open))).isInstanceOf(OutOfMemoryError.class);
        assertThat(journal.lostLater()).isEqualTo(1);
        assertThat(journal.bytes()).isEqualTo(bytes);
        var row = Rows.settled(Rows.row());
        assertThat(journal.add(row)).isTrue();
        assertThat(stored(journal)).as("nothing follows half a record").containsExactly(line(row));
    }
}
