package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.Deployment;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.TokenServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.logging.Level;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The recipes of the page about moving from other gateways: their settings, and each request that they list. */
class MigratingContract extends OAuthGroundContract {
    private static final String MODEL = "claude-sonnet-5-5";

    static Stream<Recipe> recipes() throws IOException {
        return Recipe.ofPage().stream();
    }

    @Test
    void hasARecipeForEachKindOfGateway() throws Exception {
        assertThat(recipes()).hasSize(4).allSatisfy(recipe -> {
            assertThat(recipe.settings()).hasSizeGreaterThanOrEqualTo(4);
            assertThat(recipe.rows()).hasSizeGreaterThanOrEqualTo(5);
        });
    }

    @ParameterizedTest
    @MethodSource("recipes")
    void behavesAsThePageSays(Recipe recipe) throws Exception {
        var name = "recipe-" + recipe.name().toLowerCase(Locale.ROOT).replaceAll("\\W+", "-");
        store(name, login(1, FAR));
        var container = deploy(name, deployment(recipe, name));
        for (var row : recipe.rows()) {
            upstream.clear();
            log.clear();
            upstream.script(json(200, Messages.message("Hello")));
            check(container, row);
        }
    }

    private Deployment deployment(Recipe recipe, String name) {
        var deployment = ground.bare();
        for (var setting : recipe.settings()) {
            var value = setting.value()
                    .replace("env:WARDER_TOKEN", "jndi:warder/secret.token")
                    .replace("env:ANTHROPIC_KEY", "jndi:warder/secret.key")
                    .replace(
                            "https://login.example.com/oauth/token",
                            server.url().toString())
                    .replace("file:/var/lib/warder/login", "file:" + store(name));
            deployment = deployment.with(setting.name(), value);
        }
        return deployment.withJndi("warder/secret.token", ACCESS_TOKEN).withJndi("warder/secret.key", MANAGED_KEY);
    }

    private void check(Container container, Recipe.Row row) throws Exception {
        var answer = send(container, request(container, row));
        var result = row.result();
        if (result.matches("\\d{3}")) {
            assertThat(answer.status()).as("%s: %s", row, answer).isEqualTo(Integer.parseInt(result));
            assertThat(upstream.requests()).isEmpty();
            return;
        }
        assertStatus(200, answer);
        var sent = upstream.take();
        assertThat(sent.target()).as("%s", row).isEqualTo("/v1/messages");
        if (result.startsWith("model ")) {
            assertThat(sent.text()).as("%s", row).contains("\"model\":\"" + result.substring(6) + "\"");
        } else {
            var field = Recipe.Named.parse(result, ": ");
            var other = field.name().equals("x-api-key") ? "authorization" : "x-api-key";
            assertThat(sent.fields().values(field.name())).as("%s", row).containsExactly(value(field.value()));
            assertThat(sent.fields().has(other)).as("%s", row).isFalse();
        }
        assertThat(sent.fields().values("Host")).containsExactly(upstream.uri().getAuthority());
        line(Level.FINE, row.log() + " for request " + id(answer));
    }

    private RawRequest request(Container container, Recipe.Row row) {
        var request = request(container, row.method(), row.path());
        row.fields().forEach(field -> request.field(field.name(), value(field.value())));
        var model = row.model().orElse(MODEL);
        return row.method().equals("GET")
                ? request
                : request.json("{\"model\":\"" + model
                        + "\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}");
    }

    /** The page's word for a credential, as one. */
    private static String value(String text) {
        return text.replace("OWN_KEY", OWN_KEY)
                .replace("OWN_LOGIN", OWN_OAUTH)
                .replace("MANAGED_KEY", MANAGED_KEY)
                .replace("STORED_LOGIN", TokenServer.foreign(1))
                .replace("TOKEN", ACCESS_TOKEN);
    }

    /**
     * One recipe of {@code migrating.md}: an indented block of settings below the word "Recipe:", and the table after it.
     *
     * @param name the heading of its section
     */
    private record Recipe(String name, List<Named> settings, List<Row> rows) {
        private static final Path PAGE = Path.of("src/site/markdown/migrating.md");

        private static final Pattern CODE = Pattern.compile("`([^`]*)`");

        /** A setting or a field with its value. */
        record Named(String name, String value) {
            static Named parse(String text, String separator) {
                int at = text.indexOf(separator);
                return new Named(text.substring(0, at), text.substring(at + separator.length()));
            }
        }

        /**
         * A request and what becomes of it.
         *
         * @param model what the request asks for, where the row says it
         * @param result the credential field that goes up, {@code model NAME}, or a status
         * @param log how the line at FINE begins
         */
        record Row(String method, String path, Optional<String> model, List<Named> fields, String result, String log) {
            static Row parse(String line) {
                var cells = line.substring(1, line.length() - 1).split("\\|");
                var request = codes(cells[0]);
                var words = request.get(0).split(" ");
                var model = request.stream().skip(1).findFirst();
                var fields = codes(cells[1]).stream()
                        .map(text -> Named.parse(text, ": "))
                        .toList();
                return new Row(
                        words[0],
                        words[1],
                        model,
                        fields,
                        cells[2].strip().replace("`", ""),
                        cells[3].strip().replace("`", ""));
            }
        }

        static List<Recipe> ofPage() throws IOException {
            var recipes = new ArrayList<Recipe>();
            var name = "";
            var settings = new ArrayList<Named>();
            var rows = new ArrayList<Row>();
            var inside = false;
            for (var line : Files.readAllLines(PAGE)) {
                if (line.startsWith("## ")) {
                    name = line.substring(3);
                } else if (line.equals("Recipe:")) {
                    inside = true;
                } else if (inside && line.startsWith("    ")) {
                    settings.add(Named.parse(line.strip(), "="));
                } else if (inside && line.startsWith("| `")) {
                    rows.add(Row.parse(line));
                } else if (!rows.isEmpty()) {
                    recipes.add(new Recipe(name, List.copyOf(settings), List.copyOf(rows)));
                    settings.clear();
                    rows.clear();
                    inside = false;
                }
            }
            if (!rows.isEmpty()) {
                recipes.add(new Recipe(name, List.copyOf(settings), List.copyOf(rows)));
            }
            return recipes;
        }

        private static List<String> codes(String cell) {
            return CODE.matcher(cell).results().map(found -> found.group(1)).toList();
        }

        @Override
        public String toString() {
            return name;
        }
    }
}
