package dev.warder.edit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which model an alias stands for (rule "Aliases of models"). */
class ModelAliasesTest {
    private static final String ENTRIES =
            "fast=claude-haiku-4-5; big=claude-opus-5[1m]; /claude-.+-keep/=*; *-mini[2m]=exactly;"
                    + " special[1m]=claude-special; *-mini=claude-haiku-5-5; /x[0-9]+/=claude-x; gpt-*=claude-sonnet-5-5;"
                    + " special=claude-late; same=same";

    @ParameterizedTest
    @CsvSource({
        "fast,             claude-haiku-4-5",
        "fast[1m],         claude-haiku-4-5[1m]",
        "gpt-4o,           claude-sonnet-5-5",
        "gpt-4o[1m],       claude-sonnet-5-5[1m]",
        "gpt-[a][b],       claude-sonnet-5-5",
        "gpt-4o[thinking], claude-sonnet-5-5",
        "o3-mini[1m],      claude-haiku-5-5[1m]",
        "o3-mini[2m],      exactly",
        "x12[1m],          claude-x[1m]",
        "big,              claude-opus-5[1m]",
        "big[1m],          claude-opus-5[1m]",
        "big[2m],          claude-opus-5[1m]",
        "special[1m],      claude-special",
        "special[2m],      claude-late[2m]",
        "claude-a-keep,    claude-a-keep",
        "claude-keep[1m],  claude-keep[1m]",
        "claude-x-keep[1], claude-x-keep[1]",
    })
    void standForTheModelOfTheFirstEntryThatMatches(String alias, String model) throws Exception {
        assertThat(ModelAliases.parse(ENTRIES).resolve(alias)).isEqualTo(model);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Fast", "fas", "fast[1m", "fast[1m]x", "fast[]", "[1m]", "[fast]", "claude-opus-5", "", " "})
    void leaveOtherNamesAlone(String name) throws Exception {
        var aliases = ModelAliases.parse(ENTRIES);
        assertThat(aliases.find(name)).isEmpty();
        assertThat(aliases.resolve(name)).isEqualTo(name);
    }

    @Test
    void haveNamesOf256CharactersAtMost() throws Exception {
        var aliases = ModelAliases.parse("*=m");
        assertThat(aliases.find("a".repeat(256))).contains("m");
        assertThat(aliases.find("a".repeat(257))).isEmpty();
    }

    @Test
    void areListedIfTheyArePlainNamesOfAnotherModel() throws Exception {
        assertThat(ModelAliases.parse(ENTRIES + "; fast=late").exact())
                .containsExactly(
                        entry("fast", "claude-haiku-4-5"),
                        entry("big", "claude-opus-5[1m]"),
                        entry("special[1m]", "claude-special"),
                        entry("special", "claude-late"));
        assertThat(ModelAliases.NONE.exact()).isEmpty();
        assertThat(ModelAliases.NONE.isEmpty()).isTrue();
    }
}
