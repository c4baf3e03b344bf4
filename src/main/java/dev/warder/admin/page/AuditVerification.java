package dev.warder.admin.page;

import dev.warder.adminapi.Administration;
import dev.warder.http.Form;
import dev.warder.policy.AuditChain;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;

/**
 * The outcome of a verification of the audit.
 *
 * @param number of the last entry that is intact; 0 if there is none
 * @param hash of that entry
 * @param problem what is wrong with the next one, or which later ones the database has lost; empty if nothing is wrong
 * @param isUnfinished whether there are entries after it that were not verified
 */
public record AuditVerification(long number, String hash, Optional<String> problem, boolean isUnfinished) {
    public static final String NUMBER = "number";
    public static final String HASH = "hash";

    private static final int PIECE = 100;

    private static final Pattern HASH_FORM = Pattern.compile("[0-9a-f]{64}");

    /**
     * Verifies what follows the entry that the form names, in small pieces, so that it needs little memory. Waits for the database.
     *
     * @param goesOn whether to verify a further piece; the next verification can continue after the last one
     */
    static AuditVerification of(Administration administration, Form form, BooleanSupplier goesOn) throws SQLException {
        String number = form.value(NUMBER);
        String hash = form.value(HASH);
        boolean continues = ObjectForms.NUMBER.matcher(number).matches()
                && HASH_FORM.matcher(hash).matches();
        var chain = continues ? new AuditChain(Long.parseLong(number), hash) : new AuditChain();
        boolean hasMore;
        do {
            var piece = administration.auditAfter(chain.length(), PIECE);
            for (var entry : piece) {
                var problem = chain.add(entry);
                if (problem.isPresent()) {
                    return new AuditVerification(chain.length(), chain.hash(), problem, false);
                }
            }
            hasMore = piece.size() == PIECE;
        } while (hasMore && goesOn.getAsBoolean());
        var missing = hasMore ? Optional.<String>empty() : administration.auditMissing();
        return new AuditVerification(chain.length(), chain.hash(), missing, hasMore);
    }
}
