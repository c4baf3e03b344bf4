package dev.warder.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.json.JsonTree;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The sample of {@code conf/} and the page that describes the file. */
class PolicyPageTest {
    private static final Path SAMPLE = Path.of("conf/policy.json");
    private static final Path PAGE = Path.of("src/site/markdown/policy.md");

    @Test
    void theSampleIsAPolicyThatNeedsNoDefault() throws Exception {
        var policy = PolicyFile.parse(Files.readAllBytes(SAMPLE), Optional.empty());
        assertThat(policy.principals()).extracting(Principal::name).containsExactly("ada", "grace", "payments-ci");
        assertThat(policy.enforces()).as("the gateway refuses it").isFalse();
        assertThat(policy.budgetsByKey()).hasSize(8);
    }

    @Test
    void theExampleOfThePageIsAPolicy() throws Exception {
        var example = Pattern.compile("(?m)^    \\{\n(?:     .*\n)+    }$").matcher(page());
        assertThat(example.find()).isTrue();
        var policy = PolicyFile.parse(example.group().getBytes(StandardCharsets.UTF_8), Optional.empty());
        assertThat(policy.principal("nightly").map(Principal::name)).contains("build");
    }

    /** The sample has every member that there is. */
    @Test
    void thePageDescribesEveryMember() throws IOException {
        Set<String> names = new TreeSet<>();
        addNames(JsonTree.parse(Files.readString(SAMPLE)).orElseThrow(), names);
        assertThat(names).hasSize(24);
        assertThat(page())
                .contains(names.stream().map(name -> "| `" + name + "` |").collect(Collectors.toSet()));
        for (var period : Period.values()) {
            assertThat(page()).contains("`" + period.word() + "`");
        }
    }

    private static void addNames(JsonValue value, Set<String> names) {
        if (value instanceof JsonObject object) {
            object.forEach((name, member) -> {
                names.add(name);
                addNames(member, names);
            });
        } else if (value instanceof JsonArray array) {
            array.forEach(item -> addNames(item, names));
        }
    }

    private static String page() throws IOException {
        return Files.readString(PAGE);
    }
}
