package dev.warder.admin.page;

import dev.warder.adminapi.PrincipalView;
import dev.warder.adminapi.PrincipalView.TokenDocument;
import dev.warder.config.InvalidValueException;
import dev.warder.json.JsonTree;
import dev.warder.policy.StoredPolicy.StoredToken;
import dev.warder.policy.TokenTerms;
import jakarta.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;

/**
 * The page with all access tokens. Immutable.
 *
 * @param revoked whether those that are revoked are shown too
 */
public record TokenList(
        PageRequest request,
        Paging paging,
        boolean revoked,
        PrincipalView.Page<TokenDocument> found,
        Instant now,
        boolean inUse) {
    private static final String SHOW = "show";

    static PageReply of(PageRequest request, PrincipalView view, Instant now, boolean inUse)
            throws InvalidValueException {
        var paging = Paging.of(request, "revoked");
        boolean revoked = paging.other().equals(SHOW);
        Predicate<StoredToken> isFound = token -> (revoked || token.revokedAt().isEmpty())
                && (paging.part().isEmpty() || paging.finds(token.name(), token.id(), token.client()));
        var found = view.tokens(isFound, TokenList::order, paging.after(), Paging.ROWS);
        return PageReply.shown(200, "tokens", new TokenList(request, paging, revoked, found, now, inUse));
    }

    static String order(StoredToken token) {
        return token.name() + "/" + token.id();
    }

    public String counts() {
        return Shown.count(found.found(), "token", "tokens")
                + (paging.part().isEmpty() ? "" : " found")
                + (revoked ? ", with those that are revoked" : ", without those that are revoked");
    }

    public static String limitedTo(JsonObject terms) {
        var parts = List.of("models", "paths", "networks", "tags").stream()
                .filter(terms::containsKey)
                .map(member -> member + " " + DefinitionText.list(terms, member, ""))
                .toList();
        return parts.isEmpty() ? "-" : String.join("; ", parts);
    }

    public static String state(TokenDocument token, Instant now) {
        if (token.revokedAt().isPresent()) {
            return "revoked";
        }
        return isOver(JsonTree.text(token.terms(), "expires"), now) ? "expired" : "active";
    }

    private static boolean isOver(String time, Instant now) {
        try {
            return !time.isEmpty() && !TokenTerms.time(time).isAfter(now);
        } catch (InvalidValueException noTime) {
            return false;
        }
    }
}
