/**
 * The ledger: what each request to the upstream consumed and cost, kept across restarts and failures.
 *
 * <p>{@link dev.warder.ledger.Ledger} observes completed requests. Their rows ({@link dev.warder.usage.UsageRow}) go to a
 * thread of the ledger, never to the database by a thread that serves requests. Where there is a database, a row is stored
 * under its key (try, part), once, however often it is written: what is there already is skipped. Without a database the last
 * 10,000 rows are kept in memory.
 *
 * <p>Before a request is sent, a note of it is made durable, its {@code Intent}: a gate delays the request until then. With
 * {@code data.dir} it is appended to the {@code Journal}, a sequence of files, and forced to the disk together with the notes
 * of other requests. Rows go to the journal too, and from there to the database, in order; a file is deleted when all of it is
 * stored. After a kill, the next start reads the files again: rows are stored, and each intent without a row becomes a row
 * that ended as {@code unknown}. Without {@code data.dir} the intents are rows of {@code warder_intent}, which any node turns
 * into such rows after the node that wrote them has not been seen for a minute.
 *
 * <pre>
 *  gate ── intent ──►┐                         ┌──► file ──► file ──► reader ──► warder_ledger
 *                    ├─ queue ─► journal thread┤  (force, if it has intents)
 *  observer ─ rows ─►┘                         └──► the gate goes on
 * </pre>
 *
 * <p>A ledger that cannot be written stops no request: after a limit, rows are lost and counted, and health shows the count.
 */
@NullMarked
package dev.warder.ledger;

import org.jspecify.annotations.NullMarked;
