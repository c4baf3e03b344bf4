package dev.warder.response;

import dev.warder.json.JsonOutline;
import dev.warder.translation.ContentEdit;
import dev.warder.translation.ResponseEdit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Passes a response on as a filter edits it: an event stream or a JSON document with status 200 and without a content
 * coding. Any other response passes unchanged, and so does one that the edit does not concern.
 */
final class EditStage implements ResponseSink {
    private static final int OK = 200;

    private final ResponseEdit edit;
    private Optional<JsonOutline> request;
    private final ResponseSink next;
    private @Nullable ContentEdit content;

    /** @param request the body that went upstream; empty where it was not collected */
    EditStage(ResponseEdit edit, Optional<JsonOutline> request, ResponseSink next) {
        this.edit = edit;
        this.request = request;
        this.next = next;
    }

    @Override
    public void head(ResponseHead head, Flow flow) {
        content = contentEdit(head).orElse(null);
        // A stream may go on for an hour.
        request = Optional.empty();
        next.head(content == null ? head : head.edited(), flow);
    }

    @Override
    public void piece(byte[] bytes, int read) {
        var editing = content;
        next.piece(editing == null ? bytes : editing.feed(bytes), read);
    }

    @Override
    public void end() {
        var editing = content;
        if (editing != null) {
            next.piece(editing.end(), 0);
        }
        next.end();
    }

    @Override
    public void failed(Failure failure) {
        next.failed(failure);
    }

    @Override
    public void close() {
        next.close();
    }

    private Optional<ContentEdit> contentEdit(ResponseHead head) {
        if (head.status() != OK || !head.coding().isEmpty()) {
            return Optional.empty();
        }
        if (head.eventStream()) {
            return edit.ofStream(request);
        }
        return head.isJson() ? edit.ofDocument(request) : Optional.empty();
    }
}
