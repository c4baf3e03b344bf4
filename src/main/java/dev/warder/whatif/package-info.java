/** What a budget would have refused in a month that is over, by the sums of the ledger. */
@NullMarked
package dev.warder.whatif;

import org.jspecify.annotations.NullMarked;
