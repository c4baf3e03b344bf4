package dev.warder.observe;

import dev.warder.http.AsyncOutcome;
import dev.warder.http.AsyncReply;
import dev.warder.http.ErrorReply;
import dev.warder.http.OwnResponse;
import dev.warder.record.RequestEnd;
import dev.warder.record.RequestRecord;
import jakarta.servlet.http.HttpServletResponse;

/** A refusal that is sent later, and ends the record of its request. Thread-safe. */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record DelayedRefusal(RequestRecord record, ErrorReply reply, byte[] body) implements AsyncReply, AsyncOutcome {
    static DelayedRefusal of(RequestRecord record, ErrorReply reply) {
        var call = record.call();
        return new DelayedRefusal(record, reply, call.dialect().body(reply, call.id()));
    }

    @Override
    public void head(HttpServletResponse response) {
        OwnResponse.head(response, reply, record.call().dialect(), record.call().id());
    }

    @Override
    public void written() {
        record.end(RequestEnd.REFUSED, reply.status(), body.length);
    }

    @Override
    public void ended(End how) {
        record.end(how);
    }
}
