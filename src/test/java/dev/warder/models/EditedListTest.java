package dev.warder.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EditedListTest {
    @ParameterizedTest
    @CsvSource({
        "/v1/models, /v1/models?limit=1000",
        "/v1/models?, /v1/models?limit=1000",
        "/v1/models?limit=3, /v1/models?limit=1000",
        "/v1/models?limit=3&limit=4&limit, /v1/models?limit=1000",
        "/v1/models?limit=2&after_id=x&beta=true, /v1/models?after_id=x&beta=true&limit=1000",
        "/v1/models?limited=1, /v1/models?limited=1&limit=1000"
    })
    void asksForTheWholeListForAReaderThatIsLimited(String asked, String sent) {
        assertThat(new EditedList(Map.of(), Optional.of(any -> true)).target(asked))
                .isEqualTo(sent);
    }

    @Test
    void leavesTheTargetOfAnyOtherReaderAsItIs() {
        assertThat(new EditedList(Map.of("fast", "claude-haiku-4-5"), Optional.empty()).target("/v1/models?limit=3"))
                .isEqualTo("/v1/models?limit=3");
    }
}
