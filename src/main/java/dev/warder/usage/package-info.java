/**
 * The consumption of each try. {@link dev.warder.usage.UsageRow} is one value for one model in one part of one try: whose
 * request it was, which models, which credential, what was counted, what it costs, and how reliable that is. Observers of
 * requests receive the rows; a ledger stores them under their {@link dev.warder.usage.UsageRow.Key}.
 *
 * <p>{@link dev.warder.usage.RequestUsage.Recorder} begins the usage of a request when it is admitted, with the prices of that
 * moment. {@link dev.warder.usage.TryUsage} belongs to one try. {@link dev.warder.usage.UsageReader} reads its response: the
 * first and the last events of a stream, or a few members of a whole document. At the end {@code Settlement} decides whether
 * the reported counts are final, and sets bounds where they are not; {@code UsageParts} divides them by model, and each part
 * gets its cost.
 *
 * <p>Rows have no content and no secret. Names of models, sessions and agents are as the client or the upstream sent
 * them: what writes them must escape them.
 */
@NullMarked
package dev.warder.usage;

import org.jspecify.annotations.NullMarked;
