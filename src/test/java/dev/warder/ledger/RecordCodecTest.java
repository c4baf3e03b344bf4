package dev.warder.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.ledger.store.Intent;
import dev.warder.ledger.store.RecordCodec;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RecordCodecTest {
    @Test
    void readsWhatItWrites() throws Exception {
        var intent = Rows.intent();
        assertThat(RecordCodec.decode(RecordCodec.encode(intent)).intent()).contains(intent);
        var unknown = intent.unknown(Rows.NOON);
        var settled = new Intent.Settled(
                Optional.of(Rows.id()), List.of(Rows.row(), unknown.rows().get(0)));
        assertThat(RecordCodec.decode(RecordCodec.encode(settled)).settled()).contains(settled);
        var none = new Intent.Settled(Optional.empty(), List.of());
        assertThat(RecordCodec.decode(RecordCodec.encode(none)).settled()).contains(none);
    }

    @Test
    void cutsWhatIsCutInTheTableToo() throws Exception {
        var row = Rows.row(Rows.id(), 0, Rows.NOON, "\u20ac".repeat(100_000));
        var bytes = RecordCodec.encode(Rows.settled(row));
        assertThat(bytes).hasSizeLessThan(4000);
        assertThat(RecordCodec.decode(bytes)
                        .settled()
                        .orElseThrow()
                        .rows()
                        .get(0)
                        .models()
                        .asked())
                .contains("\u20ac".repeat(256));
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        var bytes = RecordCodec.encode(Rows.settled(Rows.row()));
        for (int cut = 1; cut < bytes.length; cut += 7) {
            var part = Arrays.copyOf(bytes, bytes.length - cut);
            assertThatThrownBy(() -> RecordCodec.decode(part)).isInstanceOf(IOException.class);
        }
        assertThatThrownBy(() -> RecordCodec.decode(new byte[] {99, 1, 2})).isInstanceOf(IOException.class);
    }
}
