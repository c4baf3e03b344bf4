package dev.warder.usage;

import dev.warder.config.InvalidValueException;
import dev.warder.config.LiveText;
import dev.warder.json.JsonTree;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads a file of price rows, {@code {"rows": [{…}, …]}}, or reports everything that is wrong with it. */
final class PriceFile {
    private static final int MOST_PROBLEMS = 20;

    private final List<PriceRow> rows = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private final Map<String, Integer> scopes = new HashMap<>();

    private PriceFile() {}

    /**
     * The rows of a file.
     *
     * @throws InvalidValueException with all problems; each names the row, counted from 1, and its member
     */
    static List<PriceRow> parse(byte[] content) throws InvalidValueException {
        var file = new PriceFile();
        file.read(document(LiveText.decode(content)));
        file.requireNoProblem();
        return List.copyOf(file.rows);
    }

    private static JsonArray document(String text) throws InvalidValueException {
        // The first reading refuses text after the document, the second one two members of one name.
        Optional<JsonObject> document = JsonTree.parse(text).flatMap(whole -> JsonTree.parseDistinctObject(text));
        if (document.isEmpty()) {
            throw new InvalidValueException("is not one JSON object, or has two members of one name");
        }
        if (document.get().size() != 1 || !(document.get().get("rows") instanceof JsonArray rows)) {
            throw new InvalidValueException("must have one member, the array rows");
        }
        return rows;
    }

    private void read(JsonArray array) {
        int number = 0;
        for (JsonValue value : array) {
            number++;
            if (value instanceof JsonObject object) {
                read(number, new PriceRowReader(object));
            } else {
                problems.add("row " + number + ": must be an object");
            }
        }
    }

    private void read(int number, PriceRowReader reader) {
        Optional<PriceRow> read = reader.read();
        String name = "row " + number + ": ";
        reader.problems().forEach(problem -> problems.add(name + problem));
        if (read.isPresent()) {
            Integer before = scopes.putIfAbsent(read.get().scope(), number);
            if (before != null) {
                problems.add(name + "has the model, from, minPrompt, tier, speed and geo of row " + before);
            }
            rows.add(read.get());
        }
    }

    private void requireNoProblem() throws InvalidValueException {
        int more = problems.size() - MOST_PROBLEMS;
        if (!problems.isEmpty()) {
            throw new InvalidValueException(
                    String.join("; ", problems.subList(0, Math.min(problems.size(), MOST_PROBLEMS)))
                            + (more > 0 ? "; and " + more + " more problems" : ""));
        }
    }
}
