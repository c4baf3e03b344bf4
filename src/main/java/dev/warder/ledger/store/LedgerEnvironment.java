package dev.warder.ledger.store;

import dev.warder.ledger.store.JournalFile.Disk;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.function.LongSupplier;

/**
 * The surroundings of a ledger. Immutable.
 *
 * @param threads makes its threads
 * @param clock the time of day
 * @param nanoTime a clock that never goes back, in nanoseconds
 * @param limits those of a journal
 * @param disk the disk of a journal
 * @param machine identifies this start of the machine; empty where that is not known
 */
public record LedgerEnvironment(
        ThreadFactory threads,
        InstantSource clock,
        LongSupplier nanoTime,
        Journal.Limits limits,
        Disk disk,
        Optional<String> machine) {
    public LedgerEnvironment(ThreadFactory threads, InstantSource clock, LongSupplier nanoTime) {
        this(threads, clock, nanoTime, Journal.Limits.USUAL, Disk.REAL);
    }

    public LedgerEnvironment(
            ThreadFactory threads, InstantSource clock, LongSupplier nanoTime, Journal.Limits limits, Disk disk) {
        this(threads, clock, nanoTime, limits, disk, HoldsMark.machine());
    }
}
