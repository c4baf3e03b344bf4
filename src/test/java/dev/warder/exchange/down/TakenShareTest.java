package dev.warder.exchange.down;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TakenShareTest {
    private final TakenShare share = new TakenShare();

    @Test
    void countsWhatPassesUnchangedByteForByte() {
        share.read(100);
        share.took(30, 100);
        assertThat(share.collect()).isEqualTo(30);
        share.read(50);
        share.took(120, 120);
        assertThat(share.collect()).isEqualTo(120);
        assertThat(share.collect()).isZero();
    }

    @Test
    void countsWhatIsTranslatedInProportion() {
        share.read(100);
        share.took(150, 300);
        assertThat(share.collect()).isEqualTo(50);
        share.took(150, 150);
        assertThat(share.collect()).isEqualTo(50);
    }

    @Test
    void countsWhatBecomesNothingAsTaken() {
        share.read(70);
        share.tookAll();
        assertThat(share.collect()).isEqualTo(70);
    }

    /** Whatever the pieces: once nothing waits, not a byte is owed to the upstream. */
    @Test
    void owesNothingInTheEnd() {
        long collected = 0;
        for (int piece = 1; piece <= 1000; piece++) {
            share.read(piece);
            share.took(piece % 7 + 1, 3L * piece + 7);
            collected += share.collect();
        }
        share.tookAll();
        assertThat(collected + share.collect()).isEqualTo(500_500);
    }
}
