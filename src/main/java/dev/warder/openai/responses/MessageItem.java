package dev.warder.openai.responses;

import dev.warder.json.JsonText;
import dev.warder.json.JsonTree;
import dev.warder.openai.responses.Output.EventName;
import dev.warder.openai.shared.Pieces;
import dev.warder.stream.MessageReader.DeltaKind;
import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * An item {@code message}: a run of text blocks, each a part of its content. It begins with the first text; a block without
 * text writes nothing. One thread at a time.
 */
final class MessageItem extends Item {
    private static final byte[] END_OF_DELTA = ",\"logprobs\":[]}\n\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NO_PART = {};

    private final Pieces content = new Pieces();

    private final List<String> citations = new ArrayList<>(0);
    private long citationBytes;
    private int parts;
    /** The members that refer to the open part; empty when none is open. */
    private byte[] part = NO_PART;

    MessageItem(Output output) {
        super(output, "msg_");
    }

    @Override
    protected void add(byte[] bytes, int from, int to) {
        openPart("output_text", "\"annotations\":[],\"logprobs\":[],\"text\":\"\"");
        super.add(bytes, from, to);
        output.delta(EventName.TEXT_DELTA, part, bytes, from, to, END_OF_DELTA);
    }

    private void openPart(String type, String members) {
        if (part.length > 0) {
            return;
        }
        part = begun().members("content_index", parts++);
        output.write(EventName.PART_ADDED, part, ",\"part\":{\"type\":\"" + type + "\"," + members + "}");
    }

    /** Only a text has sources, not the input of the unwrapped tool. */
    @Override
    void citation(JsonObject citation) {
        String url = JsonTree.text(citation, "url");
        if (kind == DeltaKind.TEXT && !url.isEmpty()) {
            String annotation = "{\"type\":\"url_citation\",\"url\":" + JsonText.quote(url) + ",\"title\":"
                    + JsonText.quote(JsonTree.text(citation, "title"));
            citations.add(annotation);
            citationBytes += annotation.length();
        }
    }

    @Override
    protected void stopped() {
        if (part.length > 0) {
            endText();
        }
        citations.clear();
        citationBytes = 0;
    }

    private void endText() {
        var annotations = annotations();
        output.write(
                EventName.TEXT_DONE, part, new Pieces(",\"text\":\"").add(text).add("\",\"logprobs\":[]"));
        endPart(new Pieces("{\"type\":\"output_text\",\"annotations\":[" + String.join(",", annotations)
                        + "],\"logprobs\":[],\"text\":\"")
                .add(text)
                .add("\"}"));
    }

    private void endPart(Pieces json) {
        output.write(EventName.PART_DONE, part, new Pieces(",\"part\":").add(json));
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
            output.write(EventName.ANNOTATION_ADDED, part, members);
            annotations.add(annotation);
        }
        return annotations;
    }

    void refuse(String reason) {
        stop();
        openPart("refusal", "\"refusal\":\"\"");
        String literal = JsonText.quote(reason);
        output.write(EventName.REFUSAL_DELTA, part, ",\"delta\":" + literal);
        output.write(EventName.REFUSAL_DONE, part, ",\"refusal\":" + literal);
        endPart(new Pieces("{\"type\":\"refusal\",\"refusal\":" + literal + "}"));
    }

    @Override
    long kept() {
        return super.kept() + content.length() + citationBytes;
    }

    @Override
    protected Pieces json(Item.Reference known, Item.Status status) {
        return new Pieces(known.head("message") + ",\"role\":\"assistant\",\"content\":[")
                .add(content)
                .add("]" + status.end());
    }
}
