package dev.warder.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.ledger.store.Charged;
import dev.warder.ledger.store.Column;
import dev.warder.ledger.store.Intent;
import dev.warder.ledger.store.Journal;
import dev.warder.ledger.store.Journal.HeldInstead;
import dev.warder.ledger.store.PeriodKey;
import dev.warder.ledger.store.RecordCodec;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RecordCodecTest {
    /** Where the bits of the columns are, in a record without an intent: after the kind, a flag and the number of rows. */
    private static final int COLUMNS = 6;

    private static final Charged CHARGED = new Charged(
            Rows.id(),
            List.of(
                    new PeriodKey("client/build/day", Rows.NOON),
                    new PeriodKey("organization/lifetime", Instant.EPOCH)));

    @Test
    void readsWhatItWrites() throws Exception {
        var intent = Rows.intent();
        var rows = List.of(
                Rows.settled(Rows.of("blue", Rows.row())).rows().get(0),
                intent.unknown(Rows.NOON).rows().get(0));
        for (var to : List.of(Optional.<Charged>empty(), Optional.of(CHARGED), Optional.of(Rows.charged()))) {
            isReadAsWritten(new Intent.Settled(Optional.of(Rows.id()), rows, to));
            isReadAsWritten(new Intent.Settled(Optional.empty(), List.of(), to));
        }
        isReadAsWritten(intent);
    }

    private static void isReadAsWritten(Journal.Entry entry) throws Exception {
        assertThat(RecordCodec.decode(RecordCodec.encode(entry))).isEqualTo(entry);
    }

    /** An intent that holds nothing is written as before. */
    @Test
    void readsWhatRequestsHold() throws Exception {
        var intent = Rows.holding(Rows.intent(), Rows.charged("client/build/day"), 1234);
        var bytes = RecordCodec.encode(intent);
        assertThat(bytes[0]).isEqualTo((byte) 4);
        assertThat(RecordCodec.decode(bytes)).isEqualTo(intent);
        assertThat(RecordCodec.encode(Rows.intent())[0]).isEqualTo((byte) 1);
        var instead = new HeldInstead(intent.id(), Long.MAX_VALUE);
        assertThat(RecordCodec.decode(RecordCodec.encode(instead))).isEqualTo(instead);
        assertThat(RecordCodec.isOfIntent(RecordCodec.encode(instead))).isTrue();
        assertThat(RecordCodec.isOfIntent(bytes)).isTrue();
    }

    @Test
    void cutsWhatIsCutInTheTableToo() throws Exception {
        var row = Rows.row(Rows.id(), 0, Rows.NOON, "\u20ac".repeat(100_000));
        var bytes = RecordCodec.encode(Rows.settled(row));
        assertThat(bytes).hasSizeLessThan(4000);
        var read = (Intent.Settled) RecordCodec.decode(bytes);
        assertThat(read.rows().get(0).text(Column.MODEL_ASKED)).isEqualTo("\u20ac".repeat(256));
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        var settled = Rows.settled(Rows.of("blue", Rows.row()));
        refusesParts(RecordCodec.encode(settled), 7);
        refusesParts(RecordCodec.encode(new Intent.Settled(Optional.empty(), settled.rows(), Optional.of(CHARGED))), 1);
        assertThatThrownBy(() -> RecordCodec.decode(new byte[] {99, 1, 2})).isInstanceOf(IOException.class);
        var newer = RecordCodec.encode(settled);
        newer[COLUMNS] |= (byte) 0x80;
        assertThatThrownBy(() -> RecordCodec.decode(newer)).isInstanceOf(IOException.class);
    }

    private static void refusesParts(byte[] bytes, int step) {
        for (int cut = 1; cut < bytes.length; cut += step) {
            var part = Arrays.copyOf(bytes, bytes.length - cut);
            assertThatThrownBy(() -> RecordCodec.decode(part)).isInstanceOf(IOException.class);
        }
    }
}
