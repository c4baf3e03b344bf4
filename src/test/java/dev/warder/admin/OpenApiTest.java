package dev.warder.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.auth.Right;
import dev.warder.http.ErrorType;
import dev.warder.ledger.store.Column;
import dev.warder.policy.Budget;
import dev.warder.policy.Period;
import dev.warder.policy.Principal.PrincipalKind;
import dev.warder.policy.TokenTerms;
import dev.warder.testkit.OpenApiDocument;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.util.Arrays;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The OpenAPI document against the code. {@code OpenApiDocumentTest} has it against the specification. */
class OpenApiTest {
    private static final OpenApiDocument DOCUMENT = OpenApiDocument.read();
    private static final JsonObject SCHEMAS =
            DOCUMENT.root().value().getJsonObject("components").getJsonObject("schemas");

    /** The words of the code, and no others. */
    @Test
    void listsTheWordsOfTheCode() {
        assertThat(words("Right")).isEqualTo(all(Right.values(), Right::word));
        assertThat(words("Budget", "period")).isEqualTo(all(Period.values(), Period::word));
        assertThat(words("Budget", "mode")).isEqualTo(all(Budget.Mode.values(), OpenApiTest::word));
        assertThat(words("Budget", "on_exhausted")).isEqualTo(all(Budget.OnExhausted.values(), OpenApiTest::word));
        assertThat(words("ClientDefinition", "kind")).isEqualTo(all(PrincipalKind.values(), OpenApiTest::word));
        assertThat(members("TokenTerms")).isEqualTo(new TreeSet<>(TokenTerms.MEMBERS));
        assertThat(members("LedgerRow")).isEqualTo(all(Column.values(), Column::title));
        var errors = words(SCHEMAS.getJsonObject("Error")
                .getJsonObject("properties")
                .getJsonObject("error")
                .getJsonObject("properties")
                .getJsonObject("type"));
        // Nothing here costs money.
        errors.add(ErrorType.BILLING.word());
        assertThat(errors).isEqualTo(all(ErrorType.values(), ErrorType::word));
    }

    private static <T> SortedSet<String> all(T[] values, Function<T, String> word) {
        return Arrays.stream(values).map(word).collect(Collectors.toCollection(TreeSet::new));
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static SortedSet<String> members(String schema) {
        return new TreeSet<>(
                SCHEMAS.getJsonObject(schema).getJsonObject("properties").keySet());
    }

    private static SortedSet<String> words(String schema) {
        return words(SCHEMAS.getJsonObject(schema));
    }

    private static SortedSet<String> words(String schema, String member) {
        return words(SCHEMAS.getJsonObject(schema).getJsonObject("properties").getJsonObject(member));
    }

    private static SortedSet<String> words(JsonObject schema) {
        return schema.getJsonArray("enum").getValuesAs(JsonString::getString).stream()
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
