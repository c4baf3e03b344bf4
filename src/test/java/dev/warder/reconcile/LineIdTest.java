package dev.warder.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LineIdTest {
    @ParameterizedTest
    @CsvSource({
        "claude-opus-5-5, claude-opus-5-5",
        "claude-opus-5-5-20261101, claude-opus-5-5",
        "claude-opus-5-5-20261101x, claude-opus-5-5-20261101x",
        "'claude-opus-5-5 ', claude-opus-5-5",
        "'\u200bclaude-opus-5-5-20261101\u00a0', claude-opus-5-5",
        "'a\n\tb', a b",
        "x -20261101, x",
        "' ', (none)",
        "'', (none)",
        "-20261101, (none)"
    })
    void aModelIsComparedWithoutItsDateAndWhatIsInvisible(String sent, String compared) {
        assertThat(LineId.modelName(sent)).isEqualTo(compared);
    }

    @ParameterizedTest
    @CsvSource({"256, 256", "257, 256"})
    void aModelHasAtMostAsManyCharactersAsItsColumn(int sent, int kept) {
        assertThat(LineId.modelName("m".repeat(sent))).hasSize(kept);
    }
}
