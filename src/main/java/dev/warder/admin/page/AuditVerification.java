package dev.warder.admin.page;

import dev.warder.http.ErrorReply;
import dev.warder.http.Form;
import dev.warder.policy.AuditChain;
import dev.warder.policy.AuditEntry;
import dev.warder.principal.PrincipalApi;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

/**
 * Verifies the whole audit, in small pieces between the requests of other administrators. After some seconds it ends, and
 * the next one can continue. The pieces are verified one after the other.
 */
public final class AuditVerification {
    public static final String NUMBER = "number";
    public static final String HASH = "hash";

    private static final int PIECE = 100;

    /** The response has a limit of 30 seconds. */
    private static final Duration LONGEST = Duration.ofSeconds(15);

    private static final Pattern HASH_FORM = Pattern.compile("[0-9a-f]{64}");

    private final PrincipalApi api;
    private final AuditChain chain;
    private final LongSupplier nanoTime;
    private final long began;
    private final CompletableFuture<Result> result = new CompletableFuture<>();

    private AuditVerification(PrincipalApi api, AuditChain chain, LongSupplier nanoTime) {
        this.api = api;
        this.chain = chain;
        this.nanoTime = nanoTime;
        began = nanoTime.getAsLong();
    }

    /**
     * The finding.
     *
     * @param number of the last entry that is intact; 0 if there is none
     * @param hash of that entry
     * @param problem what is wrong with the next one; empty if nothing is
     * @param isUnfinished whether there are entries after it that were not verified
     */
    public record Outcome(long number, String hash, Optional<String> problem, boolean isUnfinished) {}

    /** The finding, or the reason why there is none. */
    record Result(Optional<Outcome> outcome, Optional<ErrorReply> refusal) {}

    static CompletableFuture<Result> begin(PrincipalApi api, Form form, LongSupplier nanoTime) {
        String number = form.value(NUMBER);
        String hash = form.value(HASH);
        boolean continues = ObjectForms.NUMBER.matcher(number).matches()
                && HASH_FORM.matcher(hash).matches();
        var chain = continues ? new AuditChain(Long.parseLong(number), hash) : new AuditChain();
        var verification = new AuditVerification(api, chain, nanoTime);
        verification.next();
        return verification.result;
    }

    private void next() {
        long after = chain.length();
        CompletableFuture<List<AuditEntry>> unused = api.run(
                        administration -> administration.auditAfter(after, PIECE), this::refused)
                .whenComplete(this::verify);
    }

    /** Ends the verification, so that what is found in the empty piece has no effect. */
    private List<AuditEntry> refused(ErrorReply refusal) {
        result.complete(new Result(Optional.empty(), Optional.of(refusal)));
        return List.of();
    }

    private void verify(List<AuditEntry> piece, Throwable fault) {
        if (fault != null) {
            result.completeExceptionally(fault);
            return;
        }
        for (var entry : piece) {
            var problem = chain.add(entry);
            if (problem.isPresent()) {
                end(problem, false);
                return;
            }
        }
        if (piece.size() < PIECE) {
            end(Optional.empty(), false);
        } else if (nanoTime.getAsLong() - began >= LONGEST.toNanos()) {
            end(Optional.empty(), true);
        } else {
            next();
        }
    }

    private void end(Optional<String> problem, boolean isUnfinished) {
        result.complete(new Result(
                Optional.of(new Outcome(chain.length(), chain.hash(), problem, isUnfinished)), Optional.empty()));
    }
}
