package dev.warder.observe;

import dev.warder.admin.AdminRequest.Caller.Stranger;
import dev.warder.admin.BearerGuard;
import dev.warder.http.AsyncReply;
import dev.warder.http.AsyncReply.AsyncOutcome;
import dev.warder.http.AsyncResponse;
import dev.warder.http.Attributes;
import dev.warder.http.Caller;
import dev.warder.http.ErrorReply;
import dev.warder.http.GatewayServlet;
import dev.warder.http.OwnResponse;
import dev.warder.record.RequestEnd;
import dev.warder.record.RequestRecord;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * {@code GET /metrics}: all metrics as Prometheus text, for callers with {@code metrics.token} or {@code admin.token}, or for
 * every caller if {@code metrics.open} is set. Nothing is served if none of these is set. It is served while the node drains
 * and while settings are missing. No thread waits for the caller.
 */
public final class MetricsServlet extends GatewayServlet<MetricsServlet.Parts> {
    public record Parts(Metrics metrics, MetricsSettings settings, BearerGuard guard) {}

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        var record = Attributes.get(request, RequestRecord.class);
        if (!parts().settings.open()) {
            var guard = parts().guard;
            if (guard.accepted().isEmpty()) {
                record.refuse(request, response, ErrorReply.notFound());
                return;
            }
            var refusal = guard.refusal(request);
            if (refusal.isPresent()) {
                refuse(record, request, response, refusal.get());
                return;
            }
            Attributes.put(request, Caller.class, () -> "monitor");
        }
        if (!record.refuseMethod(request, response)) {
            send(record, request, response);
        }
    }

    private static void refuse(
            RequestRecord record, HttpServletRequest request, HttpServletResponse response, Stranger refusal)
            throws IOException {
        if (refusal.due().toCompletableFuture().isDone()) {
            record.refuse(request, response, refusal.reply());
            return;
        }
        var reply = DelayedRefusal.of(record, refusal.reply());
        var async = AsyncResponse.begin(request, response, record.call().id(), reply);
        refusal.due().whenComplete((due, never) -> async.send(reply));
    }

    private void send(RequestRecord record, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        byte[] body = parts().metrics.scrape().getBytes(StandardCharsets.UTF_8);
        record.respond(request, response, HttpServletResponse.SC_OK, Metrics.TEXT, body);
    }

    /** A refusal that is sent later, and ends the record of its request. Thread-safe. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    record DelayedRefusal(RequestRecord record, ErrorReply reply, byte[] body) implements AsyncReply, AsyncOutcome {
        static DelayedRefusal of(RequestRecord record, ErrorReply reply) {
            var call = record.call();
            return new DelayedRefusal(record, reply, call.dialect().body(reply, call.id()));
        }

        @Override
        public void head(HttpServletResponse response) {
            OwnResponse.head(
                    response, reply, record.call().dialect(), record.call().id());
            response.setContentLength(body.length);
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
}
