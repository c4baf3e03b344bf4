package dev.warder.json;

import dev.warder.body.Bodies;
import dev.warder.body.Chunks;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Writes down what a scanner reports, each position replaced by the text that lies there. */
final class Recorder implements JsonScanner.Handler {
    final List<String> events = new ArrayList<>();
    private final Chunks body;

    Recorder(Chunks body) {
        this.body = body;
    }

    static Chunks body(byte[] bytes) {
        return Bodies.of(bytes);
    }

    static Chunks body(String text) {
        return Bodies.of(text);
    }

    static String text(Chunks body) {
        return Bodies.text(body);
    }

    /** The events of a document fed in pieces that end at the cuts. */
    static List<String> events(byte[] document, int... cuts) throws JsonException {
        Recorder recorder = new Recorder(body(document));
        JsonScanner scanner = new JsonScanner(recorder);
        int from = 0;
        for (int cut : cuts) {
            scanner.feed(document, from, cut - from);
            from = cut;
        }
        scanner.feed(document, from, document.length - from);
        scanner.finish();
        return recorder.events;
    }

    static boolean accepts(byte[] document, int... cuts) {
        try {
            events(document, cuts);
            return true;
        } catch (JsonException refused) {
            return false;
        }
    }

    @Override
    public void open(JsonKind kind, long at) {
        events.add("open " + (char) body.at(at));
    }

    @Override
    public void close(JsonKind kind, long at) {
        events.add("close " + (char) body.at(at));
    }

    @Override
    public void name(long from, long to) {
        events.add("name " + new JsonText(body, from, to).value());
    }

    @Override
    public void scalar(JsonKind kind, long from, long to) {
        String text = kind == JsonKind.STRING
                ? new JsonText(body, from, to).value()
                : new String(body.copy(from, to), StandardCharsets.UTF_8);
        events.add(kind + " " + text);
    }
}
