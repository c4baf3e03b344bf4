package dev.warder.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelPatternTest {
    @ParameterizedTest
    @CsvSource({
        "gpt-4,     gpt-4,  true",
        "gpt-4,     gpt-4o, false",
        "gpt-*,     gpt-4,  true",
        "gpt-*,     a-gpt-, false",
        "*-mini,    o-mini, true",
        "*-mini,    -mini2, false",
        "*id*,      amidb,  true",
        "*id*,      ib,     false",
        "*,         any,    true",
        "**,        any,    true",
        "/,         /,      true",
        "/o[13]/,   o1,     true",
        "/o[13]/,   o1x,    false",
        "/a*/,      aaa,    true",
    })
    void matchesEachForm(String pattern, String model, boolean matches) throws Exception {
        assertThat(ModelPattern.parse(pattern).matches(model)).isEqualTo(matches);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a*b", "*a*b", "a**", "***", "/(/"})
    void refusesAStarInsideAndABrokenExpression(String pattern) {
        assertThatThrownBy(() -> ModelPattern.parse(pattern)).isInstanceOf(InvalidValueException.class);
    }

    /** Where an expression is no form, a slash has no meaning. */
    @Test
    void readsANameOrAPrefixAlone() {
        assertThat(ModelPattern.nameOrPrefix("/a/")).contains(new ModelPattern.Exact("/a/"));
        assertThat(ModelPattern.nameOrPrefix("a*")).contains(new ModelPattern.Prefix("a"));
        assertThat(ModelPattern.nameOrPrefix("*")).contains(ModelPattern.ANY);
        assertThat(ModelPattern.nameOrPrefix("*a")).isEmpty();
        assertThat(ModelPattern.nameOrPrefix("**")).isEmpty();
    }
}
