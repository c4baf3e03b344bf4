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
 * Verifies the whole audit, in small pieces so that it needs little memory. It keeps its thread, one of those for what reads much,
 * for up to 15 seconds; then it ends, and the next one can continue.
 */
public final class AuditVerification {
    public static final String NUMBER = "number";
    public static final String HASH = "hash";

    private static final int PIECE = 100;

    /** The response has a limit of 30 seconds. */
    private static final Duration LONGEST = Duration.ofSeconds(15);

    private static final Pattern HASH_FORM = Pattern.compile("[0-9a-f]{64}");

    private AuditVerification() {}

    /**
     * The finding.
     *
     * @param number of the last entry that is intact; 0 if there is none
     * @param hash of that entry
     * @param problem what is wrong with the next one; empty if nothing is
     * @param isUnfinished whether there are entries after it that were not verified
     */
    public record Outcome(long number, String hash, Optional<String> problem, boolean isUnfinished) {}

    /** Verifies what follows the entry that the form names. Waits for the database. */
    static Outcome of(Administration administration, Form form, LongSupplier nanoTime) throws SQLException {
        String number = form.value(NUMBER);
        String hash = form.value(HASH);
        boolean continues = ObjectForms.NUMBER.matcher(number).matches()
                && HASH_FORM.matcher(hash).matches();
        var chain = continues ? new AuditChain(Long.parseLong(number), hash) : new AuditChain();
        long began = nanoTime.getAsLong();
        int read;
        do {
            var piece = administration.auditAfter(chain.length(), PIECE);
            for (var entry : piece) {
                var problem = chain.add(entry);
                if (problem.isPresent()) {
                    return new Outcome(chain.length(), chain.hash(), problem, false);
                }
            }
            read = piece.size();
        } while (read == PIECE && nanoTime.getAsLong() - began < LONGEST.toNanos());
        return new Outcome(chain.length(), chain.hash(), Optional.empty(), read == PIECE);
    }
}
