package dev.warder.ledger.store;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.ledger.store.JournalFile.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/**
 * The files of a journal in their folder, oldest first: those of earlier runs, and those of this run. The newest one is
 * written. Numbers in their names give the order. Thread-safe; one thread adds files, and another one removes them.
 */
final class JournalFiles {
    /** Follows the name of a file that cannot be read. */
    static final String UNREADABLE = ".unreadable";

    private static final String ENDING = ".journal";
    private static final Pattern NAME = Pattern.compile("[0-9]{1,18}\\.journal(\\.unreadable)?");

    private final Path folder;
    private final Disk disk;

    /** The bytes of the files and of what waits to be appended. */
    private final AtomicLong bytes = new AtomicLong();

    @GuardedBy("files")
    private final Deque<JournalFile> files = new ArrayDeque<>();

    @GuardedBy("files")
    private long number;

    private JournalFiles(Path folder, Disk disk) {
        this.folder = folder;
        this.disk = disk;
    }

    static JournalFiles in(Path folder, Disk disk) throws IOException {
        var all = new JournalFiles(folder, disk);
        all.addEarlier();
        all.add();
        return all;
    }

    private void addEarlier() throws IOException {
        synchronized (files) {
            for (var name : names()) {
                number = Math.max(number, number(name) + 1);
                if (!name.endsWith(UNREADABLE)) {
                    var file = JournalFile.earlier(folder.resolve(name));
                    files.add(file);
                    bytes.addAndGet(file.size());
                }
            }
        }
    }

    private List<String> names() throws IOException {
        try (var all = Files.list(folder)) {
            return all.map(path -> path.getFileName().toString())
                    .filter(NAME.asMatchPredicate())
                    .sorted((one, other) -> Long.compare(number(one), number(other)))
                    .toList();
        }
    }

    private static long number(String name) {
        return Long.parseLong(name.substring(0, name.indexOf('.')));
    }

    JournalFile add() throws IOException {
        synchronized (files) {
            var path = folder.resolve(String.format(Locale.ROOT, "%012d", number) + ENDING);
            // First: a name whose file could not be opened is not tried again.
            number++;
            var file = JournalFile.create(path, disk);
            if (!files.isEmpty()) {
                files.getLast().complete();
            }
            files.add(file);
            return file;
        }
    }

    long oldestNumber() {
        synchronized (files) {
            return number(files.getFirst().name());
        }
    }

    JournalFile newest() {
        synchronized (files) {
            return files.getLast();
        }
    }

    /** The file that was written before the newest one; the newest itself if there is no other. */
    JournalFile newestButOne() {
        synchronized (files) {
            return files.stream()
                    .skip(Math.max(0, files.size() - 2L))
                    .findFirst()
                    .orElseThrow();
        }
    }

    List<JournalFile> oldestFirst() {
        synchronized (files) {
            return List.copyOf(files);
        }
    }

    void delete(JournalFile file) throws IOException {
        remove(file);
        file.delete();
    }

    /**
     * Removes a file that cannot be read to its end and is not the newest, and renames it, so that no later run reads it either.
     *
     * @throws IOException when it cannot be renamed; it is removed nevertheless, until the next start
     */
    void setAside(JournalFile file) throws IOException {
        remove(file);
        file.rename(UNREADABLE);
    }

    private void remove(JournalFile file) {
        synchronized (files) {
            files.remove(file);
        }
        bytes.addAndGet(-file.size());
    }

    /** Counts bytes that wait to be appended, or, below zero, that will not be. */
    void count(long more) {
        bytes.addAndGet(more);
    }

    /** The bytes of all files, and of what waits to be appended. */
    long bytes() {
        return bytes.get();
    }
}
