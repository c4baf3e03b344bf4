package dev.warder.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.http.RequestHints;
import dev.warder.ledger.store.Charged;
import dev.warder.ledger.store.Intent;
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
    @Test
    void readsWhatItWrites() throws Exception {
        var intent = Rows.intent();
        assertThat(RecordCodec.decode(RecordCodec.encode(intent))).isEqualTo(intent);
        var unknown = intent.unknown(Rows.NOON);
        var settled = new Intent.Settled(
                Optional.of(Rows.id()), List.of(Rows.row(), unknown.rows().get(0)));
        assertThat(RecordCodec.decode(RecordCodec.encode(settled))).isEqualTo(settled);
        var none = new Intent.Settled(Optional.empty(), List.of());
        assertThat(RecordCodec.decode(RecordCodec.encode(none))).isEqualTo(none);
    }

    @Test
    void readsWhatRowsAreChargedTo() throws Exception {
        var periods = List.of(
                new PeriodKey("client/build/day", Rows.NOON), new PeriodKey("organization/lifetime", Instant.EPOCH));
        for (var charged : List.of(new Charged(Rows.id(), periods), new Charged(Rows.id(), List.of()))) {
            var settled = new Intent.Settled(Optional.of(Rows.id()), List.of(Rows.row()), Optional.of(charged));
            assertThat(RecordCodec.decode(RecordCodec.encode(settled))).isEqualTo(settled);
        }
    }

    @Test
    void readsWhichTeamPays() throws Exception {
        var rows = List.of(Rows.of("blue", Rows.row()), Rows.row());
        var charged = new Charged(Rows.id(), List.of(new PeriodKey("team/blue/day", Rows.NOON)));
        for (var to : List.of(Optional.<Charged>empty(), Optional.of(charged))) {
            var settled = new Intent.Settled(Optional.of(Rows.id()), rows, to);
            var bytes = RecordCodec.encode(settled);
            assertThat(bytes[0]).isEqualTo((byte) (to.isEmpty() ? 6 : 7));
            assertThat(RecordCodec.decode(bytes)).isEqualTo(settled);
        }
    }

    /** A row without hints is written as before. */
    @Test
    void readsTheHintsOfRows() throws Exception {
        var hints = new RequestHints(Optional.of("main"), Optional.empty(), Optional.of("prompt-1"));
        var charged = new Charged(Rows.id(), List.of(new PeriodKey("team/blue/day", Rows.NOON)));
        for (var to : List.of(Optional.<Charged>empty(), Optional.of(charged))) {
            var rows = List.of(Rows.hinted(hints, Rows.of("blue", Rows.row())), Rows.row());
            var settled = new Intent.Settled(Optional.of(Rows.id()), rows, to);
            var bytes = RecordCodec.encode(settled);
            assertThat(bytes[0]).isEqualTo((byte) (to.isEmpty() ? 8 : 9));
            assertThat(RecordCodec.decode(bytes)).isEqualTo(settled);
            refusesParts(bytes, 7);
        }
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
        assertThat(read.rows().get(0).models().asked()).contains("\u20ac".repeat(256));
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        var charged = new Charged(Rows.id(), List.of(new PeriodKey("organization/day", Rows.NOON)));
        refusesParts(RecordCodec.encode(Rows.settled(Rows.row())), 7);
        refusesParts(RecordCodec.encode(Rows.settled(Rows.of("blue", Rows.row()))), 7);
        refusesParts(
                RecordCodec.encode(new Intent.Settled(Optional.empty(), List.of(Rows.row()), Optional.of(charged))), 1);
        assertThatThrownBy(() -> RecordCodec.decode(new byte[] {99, 1, 2})).isInstanceOf(IOException.class);
    }

    private static void refusesParts(byte[] bytes, int step) {
        for (int cut = 1; cut < bytes.length; cut += step) {
            var part = Arrays.copyOf(bytes, bytes.length - cut);
            assertThatThrownBy(() -> RecordCodec.decode(part)).isInstanceOf(IOException.class);
        }
    }
}
