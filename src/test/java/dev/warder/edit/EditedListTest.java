package dev.warder.edit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.http.Form;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EditedListTest {
    @ParameterizedTest
    @CsvSource({
        "/v1/models, /v1/models?limit=1000",
        "/v1/models?, /v1/models?limit=1000",
        "/v1/models?limit=3, /v1/models?limit=1000",
        "/v1/models?l%69mit=3&after_id=a%5B1m%5D, /v1/models?limit=1000",
        "/v1/models?limit=2&after_id=x&before_id=y&beta=true, /v1/models?beta=true&limit=1000",
        "/v1/models?limited=1, /v1/models?limited=1&limit=1000"
    })
    void asksForTheWholeList(String asked, String sent) {
        assertThat(target(asked)).isEqualTo(sent);
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=0", "limit=1001", "limit=x", "limit=", "limit=3&limit=4", "after_id=%zz"})
    void leavesAQueryThatTheApiRefusesToTheApi(String query) {
        assertThat(target("/v1/models?" + query)).isEqualTo("/v1/models?" + query);
    }

    private static String target(String asked) {
        var query = asked.replaceFirst("[^?]*\\??", "");
        return new EditedList(Form.parse(query).flatMap(ListPage::of), Map.of(), Optional.empty()).target(asked);
    }
}
