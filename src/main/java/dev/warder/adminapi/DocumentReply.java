package dev.warder.adminapi;

import dev.warder.http.AsyncReply;
import dev.warder.http.Dialect;
import dev.warder.http.ErrorReply;
import dev.warder.http.OwnResponse;
import dev.warder.json.JsonDocuments;
import dev.warder.json.JsonText;
import dev.warder.principal.ApiReply;
import dev.warder.record.RequestEnd;
import dev.warder.record.RequestRecord;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Optional;

/** A page or an error, which ends the record of its request. */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record DocumentReply(RequestRecord record, Optional<ErrorReply> error, byte[] body) implements AsyncReply {
    static DocumentReply of(RequestRecord record, Record page) {
        return new DocumentReply(record, Optional.empty(), JsonDocuments.bytes(page));
    }

    static DocumentReply of(RequestRecord record, ApiReply reply) {
        return reply.refusal()
                .map(error -> of(record, error))
                .orElseGet(() -> new DocumentReply(record, Optional.empty(), JsonText.utf8(reply.body())));
    }

    static DocumentReply of(RequestRecord record, ErrorReply error) {
        return new DocumentReply(
                record,
                Optional.of(error),
                Dialect.ANTHROPIC.body(error, record.call().id()));
    }

    private int status() {
        return error.map(ErrorReply::status).orElse(HttpServletResponse.SC_OK);
    }

    @Override
    public void head(HttpServletResponse response) {
        String id = record.call().id();
        response.setStatus(status());
        response.setContentType("application/json");
        response.setContentLength(body.length);
        response.setHeader("Cache-Control", "no-store");
        response.setHeader(OwnResponse.REQUEST_ID, id);
        response.setHeader("request-id", id);
        error.ifPresent(each -> each.fields().forEach(field -> response.setHeader(field.name(), field.value())));
    }

    @Override
    public void written() {
        error.ifPresent(record::error);
        record.end(error.isEmpty() ? RequestEnd.OK : RequestEnd.REFUSED, status(), body.length);
    }
}
