package dev.warder.admin.page;

import dev.warder.http.Form;
import dev.warder.policy.AuditChain;
import dev.warder.principal.Administration;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

/**
 * Verifies the whole audit in small pieces, so that it needs little memory, and a thread is free for others after each of them. It
 * ends after 15 seconds; then the next one can continue. One thread at a time.
 */
public final class AuditVerification {
    public static final String NUMBER = "number";
    public static final String HASH = "hash";

    private static final int PIECE = 100;

    /** The response has a limit of 30 seconds. */
    private static final Duration LONGEST = Duration.ofSeconds(15);

    private static final Pattern HASH_FORM = Pattern.compile("[0-9a-f]{64}");

    private final Administration administration;
    private final AuditChain chain;
    private final LongSupplier nanoTime;
    private final long began;

    /** Verifies what follows the entry that the form names. */
    public AuditVerification(Administration administration, Form form, LongSupplier nanoTime) {
        this.administration = administration;
        this.nanoTime = nanoTime;
        began = nanoTime.getAsLong();
        String number = form.value(NUMBER);
        String hash = form.value(HASH);
        boolean continues = ObjectForms.NUMBER.matcher(number).matches()
                && HASH_FORM.matcher(hash).matches();
        chain = continues ? new AuditChain(Long.parseLong(number), hash) : new AuditChain();
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

    /** Verifies the next piece; empty if another one is to follow. Waits for the database. */
    public Optional<Outcome> next() throws SQLException {
        var piece = administration.auditAfter(chain.length(), PIECE);
        for (var entry : piece) {
            var problem = chain.add(entry);
            if (problem.isPresent()) {
                return Optional.of(new Outcome(chain.length(), chain.hash(), problem, false));
            }
        }
        boolean isUnfinished = piece.size() == PIECE;
        return isUnfinished && nanoTime.getAsLong() - began < LONGEST.toNanos()
                ? Optional.empty()
                : Optional.of(found(isUnfinished));
    }

    /** The finding of the pieces so far, for a next one that gets no thread; empty before the first. */
    public Optional<Outcome> soFar() {
        return Optional.of(found(true)).filter(outcome -> outcome.number() > 0);
    }

    private Outcome found(boolean isUnfinished) {
        return new Outcome(chain.length(), chain.hash(), Optional.empty(), isUnfinished);
    }
}
