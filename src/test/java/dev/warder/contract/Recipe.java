package dev.warder.contract;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One recipe of {@code migrating.md}: an indented block of settings below the word "Recipe:", and the table after it.
 *
 * @param name the heading of its section
 */
record Recipe(String name, List<Named> settings, List<Row> rows) {
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
