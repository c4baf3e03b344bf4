/**
 * What each try consumed. {@link dev.warder.usage.UsageRow} is one value for one model in one part of one try: whose
 * request it was, which models, which credential, what was counted, what it costs, and how reliable that is. Observers of
 * requests receive the rows; a ledger stores them under their {@link dev.warder.usage.UsageRow.Key}.
 *
 * <p>Rows have no header field, no content and no secret. Names of models, sessions and agents are as the client or the
 * upstream sent them: what writes them must escape them.
 */
@NullMarked
package dev.warder.usage;

import org.jspecify.annotations.NullMarked;
