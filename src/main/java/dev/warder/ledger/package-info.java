/**
 * The ledger: what each request to the upstream consumed and cost, kept across restarts and failures.
 *
 * <p>{@link dev.warder.ledger.Ledger} observes completed requests. Their rows ({@link dev.warder.usage.UsageRow}) go to a
 * thread of the ledger, never to the database by a thread that serves requests. A row is stored under its key (try, part),
 * once, however often it is written: what is there already is skipped. Without a database there is no ledger.
 * The same transaction adds the rows to sums by minute and hour, from which reports of long periods are read.
 *
 * <p>Before a request is sent, a note of it is made durable, its {@code Intent}: a gate delays the request until then. It is
 * appended to the {@code Journal}, a sequence of files. Rows go to the journal too, and from there to the database, in order and
 * in large transactions; a file is deleted when all of it is stored and the database has forced it to the disk. After a kill,
 * the next start reads the files again: rows are stored, and each intent without a row becomes a row that ended as {@code
 * unknown}. Without {@code data.dir} there are no intents, and rows wait in memory. Older versions had a table of intents then,
 * {@code warder_intent}; those that are left there become such rows.
 *
 * <pre>
 *  gate ── intent ──►┐                        ┌──► file ──► file ──► reader ──► warder_ledger ──► checkpoint
 *                    ├─ append, or queue ─────┤     └──► forced 10 times a second          (deletes files)
 *  observer ─ rows ─►┘                        └──► the gate goes on
 * </pre>
 *
 * <p><b>What durable means.</b> A request waits until its intent is written to the file, and not until the disk has it. A
 * process that is killed, whatever the signal, loses nothing, since the operating system has what was written. A machine that
 * fails (power, kernel) loses the intents and rows of the last tenth of a second. To wait for the disk would add 0.1 to 10 ms
 * to each request, and cost more CPU than all else that the ledger does for it. The files are written and not mapped into
 * memory: both survive a kill, but a full disk is then an exception that is counted, and not a fault of the virtual
 * machine, no disk space stays in use until a garbage collection unmaps a deleted file, and Windows can delete it.
 *
 * <p>{@link dev.warder.ledger.store} defines what is stored and reported, and has the files and the accounts of budgets, which
 * rows are charged to in the same transaction; this package writes, exports and reports.
 *
 * <p>A ledger that cannot be written stops no request: after a limit, rows are lost and counted, and health shows the count.
 */
@NullMarked
package dev.warder.ledger;

import org.jspecify.annotations.NullMarked;
