/**
 * The files below {@code data.dir} that have what a database has not stored yet. {@link dev.warder.ledger.journal.Journal} is
 * a {@link dev.warder.ledger.store.Backlog}; the package {@code ledger}
 * defines what is durable, and when.
 *
 * <p>{@code JournalWriter} and {@code JournalAppender} append to the newest file, and {@code JournalSync} forces files to the disk.
 */
@NullMarked
package dev.warder.ledger.journal;

import org.jspecify.annotations.NullMarked;
