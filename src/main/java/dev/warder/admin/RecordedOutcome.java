package dev.warder.admin;

import dev.warder.http.AsyncOutcome;
import dev.warder.http.AsyncReply;
import dev.warder.http.ErrorReply;
import dev.warder.record.RequestRecord;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Optional;

/** Ends the record of a request to {@code /admin} with the outcome of its response. Thread-safe. */
public record RecordedOutcome(RequestRecord record) implements AsyncOutcome {
    public AsyncReply of(AdminReply reply) {
        return reply.rest()
                .<AsyncReply>map(rest -> new ExportReply(reply, rest, record))
                .orElseGet(() -> new Reply(reply, reply.bytes(), record));
    }

    @Override
    public Optional<AsyncReply> late() {
        var timeout = ErrorReply.timeout("The response did not come in time.");
        return Optional.of(of(AdminReply.error(timeout, record.call().id())));
    }

    @Override
    public void ended(End how) {
        record.end(how);
    }

    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record Reply(AdminReply reply, byte[] body, RequestRecord record) implements AsyncReply {
        @Override
        public void head(HttpServletResponse response) {
            reply.head(response, record.call(), body.length);
        }

        @Override
        public void written() {
            reply.note(record, body.length);
        }
    }
}
