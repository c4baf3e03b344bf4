package dev.warder.openai.responses;

import dev.warder.json.JsonText;
import dev.warder.json.JsonTree;
import dev.warder.openai.shared.Pieces;
import dev.warder.stream.DeltaKind;
import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An item {@code message}: a run of text blocks, each a part of its content. It begins with the first text; a block without
 * text writes nothing. One thread at a time.
 */
final class MessageItem implements Item {
    private static final byte[] END_OF_DELTA = ",\"logprobs\":[]}\n\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NO_PART = {};

    private final Output output;
    private final EventBuffer events;
    private final Pieces content = new Pieces();

    private final List<String> citations = new ArrayList<>(0);
    private long citationBytes;
    private @Nullable ItemReference reference;
    private DeltaKind kind = DeltaKind.TEXT;

    private boolean isStopped;
    private int parts;
    /** The members that refer to the open part; empty when none is open. */
    private byte[] part = NO_PART;

    private Pieces text = new Pieces();

    MessageItem(Output output) {
        this.output = output;
        this.events = output.events();
    }

    /** A block of text begins, whose deltas are of this kind. */
    void begin(DeltaKind deltas) {
        kind = deltas;
        isStopped = false;
    }

    @Override
    public void piece(DeltaKind delta, byte[] bytes, int from, int to) {
        if (delta != kind) {
            return;
        }
        openPart("output_text", "\"annotations\":[],\"logprobs\":[],\"text\":\"\"");
        text.add(bytes, from + 1, to - 1);
        events.delta(EventName.TEXT_DELTA, part, bytes, from, to, END_OF_DELTA);
    }

    private void openPart(String type, String members) {
        if (part.length > 0) {
            return;
        }
        part = begun().members("content_index", parts++);
        events.write(EventName.PART_ADDED, part, ",\"part\":{\"type\":\"" + type + "\"," + members + "}");
    }

    private ItemReference begun() {
        if (reference == null) {
            reference = output.next("msg_");
            output.added(reference, json(reference, ItemStatus.IN_PROGRESS));
        }
        return reference;
    }

    @Override
    public void citation(JsonObject citation) {
        String url = JsonTree.text(citation, "url");
        if (!url.isEmpty()) {
            String annotation = "{\"type\":\"url_citation\",\"url\":" + JsonText.quote(url) + ",\"title\":"
                    + JsonText.quote(JsonTree.text(citation, "title"));
            citations.add(annotation);
            citationBytes += annotation.length();
        }
    }

    @Override
    public void stop() {
        isStopped = true;
        if (part.length > 0) {
            endText();
        }
        citations.clear();
        citationBytes = 0;
    }

    private void endText() {
        var annotations = annotations();
        events.write(
                EventName.TEXT_DONE, part, new Pieces(",\"text\":\"").add(text).add("\",\"logprobs\":[]"));
        endPart(new Pieces("{\"type\":\"output_text\",\"annotations\":[" + String.join(",", annotations)
                        + "],\"logprobs\":[],\"text\":\"")
                .add(text)
                .add("\"}"));
    }

    private void endPart(Pieces json) {
        events.write(EventName.PART_DONE, part, new Pieces(",\"part\":").add(json));
        content.add(content.isEmpty() ? "" : ",").add(json);
        text = new Pieces();
        part = NO_PART;
    }

    /** The API makes each text that has sources a block of its own, so that they are the sources of the whole part. */
    private List<String> annotations() {
        var annotations = new ArrayList<String>();
        String decoded = citations.isEmpty() ? "" : text.text();
        int end = decoded.codePointCount(0, decoded.length());
        for (String citation : citations) {
            String annotation = citation + ",\"start_index\":0,\"end_index\":" + end + "}";
            String members = ",\"annotation_index\":" + annotations.size() + ",\"annotation\":" + annotation;
            events.write(EventName.ANNOTATION_ADDED, part, members);
            annotations.add(annotation);
        }
        return annotations;
    }

    void refuse(String reason) {
        stop();
        openPart("refusal", "\"refusal\":\"\"");
        String literal = JsonText.quote(reason);
        events.write(EventName.REFUSAL_DELTA, part, ",\"delta\":" + literal);
        events.write(EventName.REFUSAL_DONE, part, ",\"refusal\":" + literal);
        endPart(new Pieces("{\"type\":\"refusal\",\"refusal\":" + literal + "}"));
    }

    @Override
    public boolean isStopped() {
        return isStopped;
    }

    @Override
    public void finish(ItemStatus status) {
        if (reference != null) {
            output.done(reference, json(reference, status));
        }
    }

    @Override
    public long kept() {
        return content.length() + text.length() + citationBytes;
    }

    private Pieces json(ItemReference known, ItemStatus status) {
        return new Pieces(known.head("message") + ",\"role\":\"assistant\",\"content\":[")
                .add(content)
                .add("]" + status.end());
    }
}
