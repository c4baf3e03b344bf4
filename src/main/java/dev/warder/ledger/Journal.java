package dev.warder.ledger;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.database.FolderLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Intents and rows in files below {@code data.dir}, until they are in the database. A thread of the journal appends what
 * others have put into a queue, and forces the disk once for all intents that have come meanwhile; a killed process loses
 * nothing that was appended. The thread that stores reads the files in order. A file is deleted after all earlier ones, when
 * all of it was stored some seconds ago (a database may keep a commit in memory for so long) and none of its intents is open;
 * an intent that stays open for long is written again into a newer file, so that it keeps only that one.
 *
 * <p>Files of earlier runs are read first. What they hold is stored as far as it is not there; their open intents then become
 * rows that ended as unknown. When this run is killed meanwhile, the next one does it all again, with the same rows.
 *
 * <p>Above a limit of bytes no intent is appended, and soon nothing at all, so that rows are lost and requests go on.
 * Thread-safe, except for the methods of {@link Backlog} that one thread at a time calls.
 */
final class Journal implements Backlog, IntentLog, AutoCloseable {
    /**
     * How large it may become.
     *
     * @param file the bytes after which a new file begins
     * @param all the bytes of all files above which no intent is appended; for the ends of intents an eighth more, so that
     *     requests that were sent can end
     * @param kept how long a file stays after all of it was stored
     */
    record Limits(long file, long all, Duration kept) {
        static final Limits USUAL = new Limits(4L << 20, 256L << 20, Duration.ofSeconds(10));
    }

    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);
    private static final int QUEUE = 20_000;
    private static final int GROUP = 1000;

    /** The part of a limit that ends of intents have for themselves. */
    private static final int HEADROOM = 8;

    private static final long POLL_MILLIS = 500;
    private static final String ENDING = ".journal";
    private static final JournalFile.Part NOTHING = new JournalFile.Part(List.of(), 0, false);

    private final Path folder;
    private final FolderLock lock;
    private final Limits limits;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final Thread thread;
    private final BlockingQueue<Item> queue = new ArrayBlockingQueue<>(QUEUE);
    private final AtomicLong lostLater = new AtomicLong();

    /** The bytes of the files and of what waits to be appended. */
    private final AtomicLong bytes = new AtomicLong();

    /** Intents whose end was not taken; they must not keep files. */
    private final Queue<UUID> refused = new ConcurrentLinkedQueue<>();

    private volatile boolean closing;

    /** Oldest first; only the journal's thread appends, and only the thread that stores removes. */
    @GuardedBy("files")
    private final Deque<Stored> files = new ArrayDeque<>();

    /** Open intents of this run, each with the file that has it. Used by the journal's thread. */
    private final Map<UUID, Open> open = new LinkedHashMap<>();

    /** Open intents of earlier runs, as far as they have been read. Used by the thread that stores. */
    private final Map<UUID, Intent> left = new LinkedHashMap<>();

    /** The next number of a file. Used by the journal's thread. */
    private long number;

    /**
     * The bytes of intents that were written again into the newest file. They do not count: many open intents would otherwise
     * fill each file at once. Used by the journal's thread.
     */
    private long again;

    /** What {@link #next} has returned. Used by the thread that stores. */
    private Optional<Reading> reading = Optional.empty();

    /**
     * Something to be appended.
     *
     * @param ended the intent that it ends
     * @param rows how many rows are lost if it is
     * @param durable completes when the disk has it
     */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record Item(
            byte[] frame,
            Optional<Intent> intent,
            Optional<UUID> ended,
            int rows,
            Optional<CompletableFuture<Boolean>> durable) {}

    private record Open(Intent intent, Stored file) {}

    /** A batch that is being stored; {@code end} is its end in the file. */
    private record Reading(Stored file, long end, Batch batch, boolean leaves) {}

    /** A file with what is known of it. */
    private static final class Stored {
        private final JournalFile file;
        private final boolean earlier;
        private int open;
        private boolean complete;
        private long read;
        private long readAt;

        /** Whether no record follows: the file is complete and read, or what follows cannot be read. */
        private boolean finished;

        Stored(JournalFile file, boolean earlier) {
            this.file = file;
            this.earlier = earlier;
            this.complete = earlier;
        }
    }

    private Journal(
            Path folder,
            FolderLock lock,
            Limits limits,
            ThreadFactory threads,
            InstantSource clock,
            LongSupplier nanoTime) {
        this.folder = folder;
        this.lock = lock;
        this.limits = limits;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.thread = threads.newThread(this::run);
    }

    /**
     * Opens the journal in this folder and starts its thread.
     *
     * @return empty when another process uses the folder
     * @throws IOException when the folder cannot be used
     */
    static Optional<Journal> open(
            Path folder, Limits limits, ThreadFactory threads, InstantSource clock, LongSupplier nanoTime)
            throws IOException {
        var lock = FolderLock.of(folder);
        if (lock.isEmpty()) {
            return Optional.empty();
        }
        var journal = new Journal(folder, lock.get(), limits, threads, clock, nanoTime);
        try {
            journal.begin();
        } catch (IOException | RuntimeException unusable) {
            lock.get().close();
            throw unusable;
        }
        return Optional.of(journal);
    }

    private void begin() throws IOException {
        synchronized (files) {
            for (long each : numbers()) {
                var file = JournalFile.earlier(path(each));
                files.add(new Stored(file, true));
                bytes.addAndGet(file.size());
                number = each + 1;
            }
        }
        addFile();
        thread.start();
    }

    private List<Long> numbers() throws IOException {
        try (var all = Files.list(folder)) {
            return all.map(path -> path.getFileName().toString())
                    .filter(name -> name.matches("[0-9]{1,18}\\" + ENDING))
                    .map(name -> Long.parseLong(name.substring(0, name.length() - ENDING.length())))
                    .sorted()
                    .toList();
        }
    }

    private Path path(long each) {
        return folder.resolve(String.format(Locale.ROOT, "%012d", each) + ENDING);
    }

    @Override
    public CompletableFuture<Boolean> note(Intent intent) {
        var durable = new CompletableFuture<Boolean>();
        var frame = JournalFile.frame(RecordCodec.encode(intent));
        if (!offer(new Item(frame, Optional.of(intent), Optional.empty(), 0, Optional.of(durable)))) {
            durable.complete(false);
        }
        return durable;
    }

    @Override
    public boolean add(Intent.Settled settled) {
        var frame = JournalFile.frame(RecordCodec.encode(settled));
        boolean taken = offer(new Item(
                frame, Optional.empty(), settled.intent(), settled.rows().size(), Optional.empty()));
        if (!taken && !closing) {
            settled.intent().ifPresent(refused::add);
        }
        return taken;
    }

    /** Ends of intents have more space than intents. */
    private boolean offer(Item item) {
        boolean begins = item.intent().isPresent();
        long all = begins ? limits.all() : limits.all() + limits.all() / HEADROOM;
        boolean full = bytes.get() >= all || begins && queue.remainingCapacity() <= QUEUE / HEADROOM;
        if (closing || full) {
            return false;
        }
        bytes.addAndGet(item.frame().length);
        boolean taken = queue.offer(item);
        if (!taken) {
            bytes.addAndGet(-item.frame().length);
        }
        return taken;
    }

    @Override
    public long lostLater() {
        return lostLater.get();
    }

    /** The bytes of all files, and of what waits to be appended. */
    long bytes() {
        return bytes.get();
    }

    private void run() {
        try {
            while (!closing || !queue.isEmpty()) {
                var first = queue.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
                if (first != null) {
                    var group = new ArrayList<Item>(List.of(first));
                    queue.drainTo(group, GROUP);
                    append(group);
                }
                endRefused();
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } catch (Throwable fault) {
            LOG.error("The journal of the ledger has ended", fault);
            closing = true;
        }
    }

    /** Only after all that waits is appended: an intent may wait longer than its request lasts. */
    private void endRefused() {
        int count = refused.size();
        if (queue.isEmpty()) {
            for (int i = 0; i < count; i++) {
                end(refused.remove());
            }
        }
    }

    private void append(List<Item> group) {
        boolean force = group.stream().anyMatch(each -> each.intent().isPresent());
        boolean done = appended(group.stream().map(Item::frame).toList(), force);
        if (!done) {
            bytes.addAndGet(
                    -group.stream().mapToLong(each -> each.frame().length).sum());
            group.forEach(each -> lostLater.addAndGet(each.rows()));
        }
        for (var each : group) {
            if (done) {
                follow(each);
            } else {
                // Its rows are lost; the intent must not stay open for it.
                each.ended().ifPresent(this::end);
            }
        }
        group.forEach(each -> each.durable().ifPresent(durable -> complete(durable, done)));
    }

    private static void complete(CompletableFuture<Boolean> durable, boolean done) {
        try {
            durable.complete(done);
        } catch (RuntimeException | Error fault) {
            LOG.error("A request did not go on after its intent was written", fault);
        }
    }

    /** Whether the frames are in the newest file. After a failure that file ends, so that nothing follows half a record. */
    private boolean appended(List<byte[]> frames, boolean force) {
        try {
            if (newest().complete || newest().file.size() - again >= limits.file()) {
                addFile();
                writeAgain();
                again = newest().file.size();
            }
            newest().file.append(frames, force);
            return true;
        } catch (IOException failed) {
            LOG.warn(
                    "The journal of the ledger cannot be written: {}",
                    failed.getClass().getSimpleName());
            synchronized (files) {
                files.getLast().complete = true;
            }
            return false;
        }
    }

    private Stored newest() {
        synchronized (files) {
            return files.getLast();
        }
    }

    private void addFile() throws IOException {
        var file = JournalFile.create(path(number));
        number++;
        synchronized (files) {
            if (!files.isEmpty()) {
                files.getLast().complete = true;
                files.getLast().file.close();
            }
            files.add(new Stored(file, false));
        }
    }

    /** Writes intents that have been open for longer than one file again, into the newest one. */
    private void writeAgain() throws IOException {
        var newest = newest();
        var old = new ArrayList<Open>();
        synchronized (files) {
            var before = files.stream().skip(Math.max(0, files.size() - 2L)).findFirst();
            for (var each : open.values()) {
                if (each.file() != newest
                        && before.filter(file -> file == each.file()).isEmpty()) {
                    old.add(each);
                }
            }
        }
        if (old.isEmpty()) {
            return;
        }
        var frames = old.stream()
                .map(each -> JournalFile.frame(RecordCodec.encode(each.intent())))
                .toList();
        newest.file.append(frames, false);
        bytes.addAndGet(frames.stream().mapToLong(frame -> frame.length).sum());
        old.forEach(each -> {
            end(each.intent().id());
            begin(each.intent());
        });
    }

    private void follow(Item item) {
        item.intent().ifPresent(this::begin);
        item.ended().ifPresent(this::end);
    }

    private void begin(Intent intent) {
        synchronized (files) {
            var file = files.getLast();
            file.open++;
            open.put(intent.id(), new Open(intent, file));
        }
    }

    private void end(UUID intent) {
        var ended = open.remove(intent);
        if (ended != null) {
            synchronized (files) {
                ended.file().open--;
            }
        }
    }

    @Override
    public Batch next() throws IOException {
        if (reading.isEmpty()) {
            reading = Optional.of(read());
        }
        return reading.get().batch();
    }

    @Override
    public void stored() throws IOException {
        if (reading.isPresent()) {
            var done = reading.get();
            done.file().read = done.end();
            if (done.leaves()) {
                left.clear();
            }
            reading = Optional.empty();
        }
        deleteOld();
    }

    /** The first records that are not stored; after those of earlier runs, what those have left open. */
    private Reading read() throws IOException {
        for (var each : snapshot()) {
            if (!each.earlier && !left.isEmpty()) {
                return new Reading(each, each.read, new Batch(unknown(), false), true);
            }
            // Asked before the reading: what is appended in between would be missed.
            boolean complete = complete(each);
            var part = each.finished ? NOTHING : each.file.read(each.read);
            if (!part.records().isEmpty()) {
                return new Reading(each, part.end(), new Batch(decoded(part.records(), each.earlier), false), false);
            }
            if (!complete) {
                break;
            }
            finish(each, part.broken());
        }
        var last = newest();
        return new Reading(last, last.read, new Batch(List.of(), true), false);
    }

    private void finish(Stored file, boolean broken) {
        if (broken) {
            LOG.warn("The journal of the ledger ends with a record that was not written completely");
        }
        if (!file.finished) {
            file.finished = true;
            file.readAt = nanoTime.getAsLong();
        }
    }

    private List<Intent.Settled> unknown() {
        Instant now = clock.instant();
        return left.values().stream().map(intent -> intent.unknown(now)).toList();
    }

    private List<Stored> snapshot() {
        synchronized (files) {
            return List.copyOf(files);
        }
    }

    private boolean complete(Stored file) {
        synchronized (files) {
            return file.complete;
        }
    }

    private List<Intent.Settled> decoded(List<byte[]> records, boolean earlier) {
        var settled = new ArrayList<Intent.Settled>();
        for (var each : records) {
            try {
                var decoded = RecordCodec.decode(each);
                decoded.settled().ifPresent(settled::add);
                if (earlier) {
                    decoded.intent().ifPresent(intent -> left.put(intent.id(), intent));
                    decoded.settled().flatMap(Intent.Settled::intent).ifPresent(left::remove);
                }
            } catch (IOException unreadable) {
                lostLater.incrementAndGet();
                LOG.warn("The journal of the ledger has a record that this version cannot read");
            }
        }
        return settled;
    }

    private void deleteOld() throws IOException {
        long now = nanoTime.getAsLong();
        for (var each : snapshot()) {
            synchronized (files) {
                boolean done = each.finished
                        && each.open == 0
                        && (!each.earlier || left.isEmpty())
                        && now - each.readAt >= limits.kept().toNanos();
                if (!done) {
                    return;
                }
                files.remove(each);
            }
            bytes.addAndGet(-each.file.size());
            each.file.delete();
        }
    }

    /**
     * Appends what has been added, ends the thread, and waits for that for at most 5 s. What is not stored stays for the next
     * start.
     */
    void stopWriting() {
        closing = true;
        try {
            thread.join(TimeUnit.SECONDS.toMillis(5));
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends it. To be called after {@link #stopWriting}. */
    @Override
    public void close() {
        newest().file.close();
        lock.close();
    }
}
