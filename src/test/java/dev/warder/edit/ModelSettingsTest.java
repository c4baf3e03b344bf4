package dev.warder.edit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.warder.config.LogCapture;
import dev.warder.config.Sources;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The aliases of models (rule "Aliases of models"), and the warnings of models that end. */
class ModelSettingsTest {
    private static final String ENTRIES =
            "fast=claude-haiku-4-5; big=claude-opus-5[1m]; /claude-.+-keep/=*; *-mini[2m]=exactly;"
                    + " special[1m]=claude-special; *-mini=claude-haiku-5-5; /x[0-9]+/=claude-x; gpt-*=claude-sonnet-5-5;"
                    + " special=claude-late; same=same";

    @TempDir
    private Path folder = Path.of("");

    @Test
    void haveTheAliasesOfTheSetting() {
        var aliases = aliases(Sources.with("models.aliases", "fast = claude-a; x*=claude-b"));
        assertThat(aliases.resolve("fast")).isEqualTo("claude-a");
        assertThat(aliases.resolve("xy")).isEqualTo("claude-b");
    }

    @Test
    void followTheFile() throws Exception {
        var file = Files.writeString(folder.resolve("aliases"), "# ours\nfast=claude-a\n");
        var sources = Sources.with("models.aliases", "file:" + file);
        var settings = sources.read().models();
        var first = settings.aliases().get();
        assertThat(first.resolve("fast")).isEqualTo("claude-a");
        assertThat(settings.aliases().get()).isSameAs(first);
        Files.writeString(file, "fast=claude-another\n");
        sources.files.poll();
        assertThat(settings.aliases().get().resolve("fast")).isEqualTo("claude-another");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a=b; c; =d | entry 2: must be PATTERN=MODEL; entry 3: needs a pattern and a model",
                "a*b=c      | entry 1: may have * only at the beginning or the end of the pattern",
                "/(/=c      | entry 1: has a regular expression that cannot be read",
                "a=b*       | entry 1: may have no other characters if the model is *",
                "file:none  | file: does not exist",
            })
    void reportEveryProblemByName(String value, String problem) {
        assertThat(Sources.with("models.aliases", value).problem()).startsWith("models.aliases: " + problem);
    }

    @Test
    void warnOfAModelThatEnds() {
        assertThat(warnings(Sources.with("models.aliases", "fast=claude-opus-4-5-20251101[1m]; b=claude-opus-5")))
                .containsExactly(
                        "models.aliases: claude-opus-4-5-20251101[1m] ends on 2027-01-22; choose a newer model");
        assertThat(warnings(Sources.with("models.aliases", "claude-opus-4-5=claude-opus-5; a=claude-opus-4-5-1; x*=*")))
                .isEmpty();
        assertThat(warnings(Sources.with("openai.models", "gpt-*=claude-sonnet-4-5; o3=claude-sonnet-4-5")
                        .set("openai.defaultModel", "claude-mythos-preview")))
                .containsExactly(
                        "openai.models: claude-sonnet-4-5 ends on 2026-11-30; choose a newer model",
                        "openai.defaultModel: claude-mythos-preview ends on 2026-06-30; choose a newer model");
    }

    @Test
    void readAPickersTexts() throws Exception {
        var aliases = ModelAliases.parseFile(
                """
                 [{"name": "claude-fast", "model": "claude-haiku-4-5", "display_name": "Fast", "description": "For a review."},
                  {"name": "old-*", "model": "claude-sonnet-5-5"},
                  {"name": "quick", "model": "claude-opus-4-5", "display_name": "Quick"}]""");
        assertThat(aliases.exact())
                .containsExactly(entry("claude-fast", "claude-haiku-4-5"), entry("quick", "claude-opus-4-5"));
        assertThat(aliases.resolve("old-7")).isEqualTo("claude-sonnet-5-5");
        assertThat(String.valueOf(aliases.shown().get("claude-fast")))
                .isEqualTo("{\"display_name\":\"Fast\",\"description\":\"For a review.\"}");
        var file = Files.writeString(
                folder.resolve("aliases"),
                "[{\"name\":\"quick\",\"model\":\"claude-opus-4-5\",\"display_name\":\"Quick\"}]");
        assertThat(warnings(Sources.with("models.aliases", "file:" + file)))
                .containsExactly(
                        "models.aliases: claude-opus-4-5 ends on 2027-01-22; choose a newer model",
                        "models.aliases: Claude Code hides quick in its picker: a name there contains claude or anthropic");
    }

    @Test
    void warnAfterAChangeOfTheFileToo() throws Exception {
        var file = Files.writeString(folder.resolve("aliases"), "fast=claude-a\n");
        var sources = Sources.with("models.aliases", "file:" + file);
        sources.read();
        Files.writeString(file, "[{\"name\":\"quick\",\"model\":\"claude-opus-4-5\",\"display_name\":\"Quick\"}]");
        try (var log = new LogCapture(ModelSettings.class)) {
            sources.files.poll();
            sources.files.poll();
            assertThat(log.warnings())
                    .containsExactly(
                            "models.aliases: claude-opus-4-5 ends on 2027-01-22; choose a newer model",
                            "models.aliases: Claude Code hides quick in its picker: a name there contains claude or anthropic");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[{} | is not JSON: an array of objects, each name once",
                "[1] | entry 1: must be an object",
                "[{\"name\":\"a\"}] | entry 1: model: is missing",
                "[{\"name\":\"a\",\"model\":7}] | entry 1: model: must be a string",
                "[{\"name\":\"a\",\"model\":\"b\",\"titel\":\"c\"}] | entry 1: titel: unknown member",
                "[{\"name\":\"a*\",\"model\":\"b\",\"description\":\"c\"}] | entry 1: name: must be a plain name where the entry has texts",
                "[{\"name\":\"a\",\"model\":\"b*\"}] | entry 1: name: may have no other characters if the model is *",
                "[{\"name\":\"a\",\"model\":\"b\",\"display_name\":\"\\u0007\"}] | entry 1: display_name: must have 1 to 500 characters and no control characters",
            })
    void refuseAPickersFileByEntry(String content, String problem) {
        assertThatThrownBy(() -> ModelAliases.parseFile(content)).hasMessageContaining(problem);
    }

    private static List<String> warnings(Sources sources) {
        return sources.set("clients.open", "true").warnings().stream()
                .filter(warning -> warning.contains("odel"))
                .toList();
    }

    private static ModelAliases aliases(Sources sources) {
        return sources.read().models().aliases().get();
    }

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
