package dev.warder.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which model is requested for which name, and the patterns of names. */
class ModelMapTest {
    @ParameterizedTest
    @CsvSource({
        "gpt-4o,        claude-opus-5",
        "gpt-4o-mini,   claude-haiku-5-5",
        "o3-mini,       claude-haiku-5-5",
        "gpt-5,         claude-sonnet-5-5",
        "gpt-4o[1m],    claude-opus-5[1m]",
        "own[1m],       claude-own",
        "o12,           claude-fable-5",
        "bench-1,       bench-1",
        "claude-x,      claude-x",
        "xxmidxx,       m",
    })
    void takesTheFirstEntryThatMatches(String name, String model) throws Exception {
        var map = ModelMap.parse(
                "gpt-4o=claude-opus-5; *-mini = claude-haiku-5-5;gpt-*=claude-sonnet-5-5;; /o[0-9]+/=claude-fable-5;"
                        + " bench-*=*; *mid*=m; own[1m]=claude-own;",
                Optional.empty());
        assertThat(map.resolve(name)).contains(model);
        assertThat(map.resolve("llama")).isEmpty();
        assertThat(map.aliases()).containsExactly("gpt-4o", "own[1m]");
    }

    @Test
    void letsAnEntryStandOverClaudesNames() throws Exception {
        assertThat(ModelMap.parse("claude-*=x", Optional.empty()).resolve("claude-a"))
                .contains("x");
        var all = ModelMap.parse("*=x", Optional.empty());
        assertThat(all.resolve("any")).contains("x");
        assertThat(all.resolve("any[1m]")).contains("x[1m]");
        assertThat(all.resolve("any[thinking]")).contains("x");
    }

    @Test
    void fallsBackToTheDefaultModel() {
        var map = ModelMap.of(Optional.of("d"));
        assertThat(map.resolve("claude-a")).contains("claude-a");
        assertThat(map.resolve("gpt")).contains("d");
        assertThat(map.resolve("g".repeat(257))).isEmpty();
        assertThat(map.resolve(" ")).isEmpty();
    }

    @Test
    void looksElsewhereBeforeClaudesNamesAndTheDefault() throws Exception {
        var map = ModelMap.parse("a=1; c=*", Optional.of("d"))
                .or(name -> name.endsWith("b") ? Optional.of("2") : Optional.empty());
        assertThat(map.resolve("a")).contains("1");
        assertThat(map.resolve("claude-b")).contains("2");
        assertThat(map.resolve("c")).contains("c");
        assertThat(map.resolve("claude-a")).contains("claude-a");
        assertThat(map.resolve("other")).contains("d");
        assertThat(map.resolve("b".repeat(257))).isEmpty();
    }

    @Test
    void readsAFileByLines() throws Exception {
        var map = ModelMap.parseFile("# models\r\ngpt-*=a\n\n  # more\n/x;y/=b", Optional.empty());
        assertThat(map.resolve("gpt-1")).contains("a");
        assertThat(map.resolve("x;y")).contains("b");
    }

    @Test
    void tellsEveryProblemByItsNumber() {
        assertThatThrownBy(() -> ModelMap.parse("a=b; c; d*e=f; /(/=g; h=i*; =j", Optional.empty()))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContainingAll("entry 2: ", "entry 3: ", "entry 4: ", "entry 5: ", "entry 6: ")
                .hasMessageNotContaining("entry 1");
        assertThatThrownBy(() -> ModelMap.parseFile("#\nx", Optional.empty())).hasMessageContaining("line 2: ");
    }

    @Test
    @Timeout(10)
    void givesUpOnAnExpressionThatBacktracksWithoutEnd() throws Exception {
        var map = ModelMap.parse("/((a+)\\2?)+b/=x", Optional.of("d"));
        assertThat(map.resolve("a".repeat(200))).contains("d");
        assertThat(map.resolve("aab")).contains("x");
    }

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
    void aPatternMatchesEachForm(String pattern, String model, boolean matches) throws Exception {
        assertThat(ModelPattern.parse(pattern).matches(model)).isEqualTo(matches);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a*b", "*a*b", "a**", "***", "/(/"})
    void aPatternHasNoStarInsideAndNoBrokenExpression(String pattern) {
        assertThatThrownBy(() -> ModelPattern.parse(pattern)).isInstanceOf(InvalidValueException.class);
    }

    /** Where an expression is no form, a slash has no meaning. */
    @Test
    void aPatternMayBeANameOrAPrefixAlone() {
        assertThat(ModelPattern.nameOrPrefix("/a/")).contains(new ModelPattern.Exact("/a/"));
        assertThat(ModelPattern.nameOrPrefix("a*")).contains(new ModelPattern.Prefix("a"));
        assertThat(ModelPattern.nameOrPrefix("*")).contains(ModelPattern.ANY);
        assertThat(ModelPattern.nameOrPrefix("*a")).isEmpty();
        assertThat(ModelPattern.nameOrPrefix("**")).isEmpty();
    }
}
