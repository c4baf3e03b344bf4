package dev.warder.admin.page;

import dev.warder.http.ErrorReply;
import dev.warder.ledger.CsvText;
import dev.warder.policy.AuditEntry;
import dev.warder.principal.PrincipalApi;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/**
 * The audit as CSV (RFC 4180), piece by piece, so that its size does not matter. Cells that a spreadsheet would run as a formula
 * have an apostrophe before them. One call of {@link #next} at a time.
 */
public final class AuditExport {
    private static final int PIECE = 100;
    private static final String TITLES =
            "number,made_at,actor,address,request_id,action,subject,before,after,previous_hash,hash\r\n";

    private final PrincipalApi api;
    private long last;
    private boolean begun;
    private boolean ended;
    private volatile Optional<ErrorReply> refusal = Optional.empty();

    public AuditExport(PrincipalApi api) {
        this.api = api;
    }

    /**
     * The next piece of the text; empty after the last one. If the database fails, the last piece is a line that reports it, so
     * that no reader takes a part of the entries for all of them.
     */
    public CompletableFuture<String> next() {
        if (ended) {
            return CompletableFuture.completedFuture("");
        }
        long after = last;
        return api.run(administration -> text(administration.auditAfter(after, PIECE)), this::incomplete);
    }

    public Optional<ErrorReply> refusal() {
        return refusal;
    }

    private String incomplete(ErrorReply reply) {
        refusal = Optional.of(reply);
        ended = true;
        return "incomplete\r\n";
    }

    private String text(List<AuditEntry> entries) {
        var text = new StringBuilder();
        if (!begun) {
            text.append(TITLES);
            begun = true;
        }
        for (var entry : entries) {
            text.append(line(entry));
            last = entry.number();
        }
        ended = entries.size() < PIECE;
        return text.toString();
    }

    private static String line(AuditEntry entry) {
        return entry.texts().stream().map(CsvText::field).collect(Collectors.joining(",", "", "\r\n"));
    }
}
