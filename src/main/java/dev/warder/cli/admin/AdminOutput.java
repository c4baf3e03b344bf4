package dev.warder.cli.admin;

import dev.warder.cli.Console;
import jakarta.json.JsonObject;
import java.util.List;
import java.util.function.Function;

/** Prints documents for people or for scripts. One thread at a time. */
final class AdminOutput {
    private final Console console;
    private final boolean json;

    /** @param json whether documents are printed as they are */
    AdminOutput(Console console, boolean json) {
        this.console = console;
        this.json = json;
    }

    /** Prints a list: a table, or an array with one document a line. */
    void list(List<JsonObject> documents, List<String> headings, Function<JsonObject, List<List<String>>> rows) {
        if (json) {
            print(documents.stream().map(AdminOutput::ascii).toList());
        } else {
            var table = new TextTable(headings);
            documents.forEach(document -> rows.apply(document).forEach(table::add));
            console.out().print(table.text());
        }
    }

    private void print(List<String> documents) {
        console.out().println(documents.isEmpty() ? "[]" : "[\n" + String.join(",\n", documents) + "\n]");
    }

    /** Prints one document, with a line for each member. */
    void show(JsonObject document, Function<JsonObject, String> text) {
        console.out().print(json ? ascii(document) + "\n" : text.apply(document));
    }

    /** Prints what was done, or the document that results from it. */
    void done(String words, JsonObject document) {
        console.out().println(json ? ascii(document) : words.replaceAll("\\p{C}", "?"));
    }

    /**
     * Prints a value that a script reads, with an explanation for people that is not a part of it.
     *
     * @param document the JSON document that has the value
     */
    void value(String value, String words, String document) {
        if (json) {
            console.out().println(ascii(document));
        } else {
            console.err().println(words.replaceAll("\\p{C}", "?"));
            console.out().println(value);
        }
    }

    /** Prints a document as one line. */
    void line(JsonObject document) {
        console.out().println(ascii(document));
    }

    static String ascii(JsonObject document) {
        return ascii(document.toString());
    }

    /** JSON in ASCII, since the terminal may have another character set than UTF-8. */
    private static String ascii(String document) {
        var text = new StringBuilder();
        for (int i = 0; i < document.length(); i++) {
            char c = document.charAt(i);
            text.append(c < 0x7f ? String.valueOf(c) : "\\u%04x".formatted((int) c));
        }
        return text.toString();
    }
}
