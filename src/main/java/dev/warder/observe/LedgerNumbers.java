package dev.warder.observe;

import io.micrometer.core.instrument.Tags;
import java.util.function.LongSupplier;

/**
 * The numbers of the ledger, each asked for when it is read, on any thread.
 *
 * @param intentsOpen requests that are noted and have not ended
 * @param rowsStored rows that were stored; never falls
 * @param rowsLost rows that were lost; never falls
 * @param filesUnreadable files of the journal that could not be read; never falls
 * @param filesUnforced files of the journal that the disk did not take completely; never falls
 * @param withoutIntent requests that were sent without being noted durably; never falls
 */
public record LedgerNumbers(
        LongSupplier intentsOpen,
        LongSupplier rowsStored,
        LongSupplier rowsLost,
        LongSupplier filesUnreadable,
        LongSupplier filesUnforced,
        LongSupplier withoutIntent) {
    void register(Instruments instruments) {
        var none = Tags.empty();
        instruments.gauge(MetricName.LEDGER_INTENTS_OPEN, none, intentsOpen::getAsLong);
        instruments.counted(MetricName.LEDGER_ROWS_STORED, none, rowsStored::getAsLong);
        instruments.counted(MetricName.LEDGER_ROWS_LOST, none, rowsLost::getAsLong);
        instruments.counted(MetricName.LEDGER_FILES_UNREADABLE, none, filesUnreadable::getAsLong);
        instruments.counted(MetricName.LEDGER_FILES_UNFORCED, none, filesUnforced::getAsLong);
        instruments.counted(MetricName.LEDGER_WITHOUT_INTENT, none, withoutIntent::getAsLong);
    }
}
