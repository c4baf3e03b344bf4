package dev.warder.config;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** All files that are re-read when they change. Thread-safe. */
public final class FileWatch {
    private final List<WatchedFile<?>> files = new CopyOnWriteArrayList<>();

    /**
     * Reads a file now, and again whenever {@link #poll} finds that it has changed.
     *
     * @param setting the name of the setting that refers to the file, for the log
     * @throws InvalidValueException with the reason why the file cannot be used now
     */
    public <T> WatchedFile<T> watch(String setting, Path path, WatchedFile.Parser<T> parser)
            throws InvalidValueException {
        var file = new WatchedFile<>(setting, path, parser);
        files.add(file);
        return file;
    }

    public long reloads() {
        return files.stream().mapToLong(WatchedFile::reloads).sum();
    }

    /** How often a changed file could not be used, which was logged. */
    public long refusals() {
        return files.stream().mapToLong(WatchedFile::refusals).sum();
    }

    /** Checks every file; to be called every 2 s, on any thread that may wait for a disk. */
    public void poll() {
        files.forEach(WatchedFile::check);
    }
}
