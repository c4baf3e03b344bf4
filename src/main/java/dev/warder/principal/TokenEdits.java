package dev.warder.principal;

import dev.warder.auth.Client;
import dev.warder.auth.IssuedToken;
import dev.warder.config.InvalidValueException;
import dev.warder.json.JsonDocuments;
import dev.warder.json.JsonTree;
import dev.warder.policy.AuditItem;
import dev.warder.policy.PolicyChanges;
import dev.warder.policy.PolicyKind;
import dev.warder.policy.PolicyName;
import dev.warder.policy.StoredPolicy;
import dev.warder.policy.StoredToken;
import dev.warder.policy.TokenTerms;
import dev.warder.principal.RefusedChangeException.Cause;
import jakarta.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Changes of access tokens. */
final class TokenEdits {
    private TokenEdits() {}

    static Edit create(String id, String sha256, String name, String client, JsonObject terms) {
        return (before, revision, at) -> {
            checkTerms(terms, Optional.of(at));
            checkName(id, name, client, before);
            if (!before.objects().containsKey(PolicyName.client(client))) {
                throw new RefusedChangeException(Cause.INVALID, "client: there is no client of this name.");
            }
            var token = StoredToken.created(id, name, client, sha256, terms.toString(), revision, at);
            return edited(token, new AuditItem("create", subject(token), "", TokenDocument.Audited.text(token)), true);
        };
    }

    static Edit merge(String id, JsonObject patch, Condition condition) {
        return (before, revision, at) -> {
            var found = find(before, id);
            condition.require(found.revision());
            if (found.revokedAt().isPresent()) {
                throw new RefusedChangeException(Cause.CLASH, "The token is revoked.");
            }
            var terms = JsonTree.merge(ObjectDocument.definition(found.document()), patch);
            checkTerms(terms, Optional.empty());
            var token = found.with(terms.toString(), revision, at);
            return edited(
                    token,
                    new AuditItem(
                            "change",
                            subject(token),
                            TokenDocument.Audited.text(found),
                            TokenDocument.Audited.text(token)),
                    false);
        };
    }

    static Edit revoke(String id, Condition condition) {
        return (before, revision, at) -> {
            var found = find(before, id);
            condition.check(found.revision());
            if (found.revokedAt().isPresent()) {
                return new Edit.Edited(
                        PolicyChanges.none(before),
                        List.of(),
                        Set.of(),
                        new Result(false, found.revision(), JsonDocuments.text(TokenDocument.of(found))));
            }
            var token = found.revoked(revision, at);
            return edited(token, revocation(token), false);
        };
    }

    static AuditItem revocation(StoredToken token) {
        return new AuditItem("revoke", subject(token), TokenDocument.Audited.text(token), "");
    }

    static AuditItem creation(StoredToken token) {
        return new AuditItem("import", subject(token), "", TokenDocument.Audited.text(token));
    }

    /**
     * Checks the terms of a token.
     *
     * @param at the present moment, which the end of a new token must not precede
     */
    static void checkTerms(JsonObject terms, Optional<Instant> at) throws RefusedChangeException {
        try {
            var read = IssuedToken.read(terms);
            boolean isOver = at.isPresent()
                    && read.expires().filter(end -> !end.isAfter(at.get())).isPresent();
            if (isOver) {
                throw new RefusedChangeException(Cause.INVALID, "expires: must be in the future.");
            }
        } catch (InvalidValueException refused) {
            throw new RefusedChangeException(Cause.INVALID, refused.reason());
        }
    }

    private static void checkName(String id, String own, String client, StoredPolicy before)
            throws RefusedChangeException {
        try {
            TokenTerms.name(own);
        } catch (InvalidValueException refused) {
            throw new RefusedChangeException(Cause.INVALID, "name: " + refused.reason());
        }
        if (own.equalsIgnoreCase(Client.ADMINISTRATOR)) {
            throw new RefusedChangeException(Cause.INVALID, "name: must not be " + Client.ADMINISTRATOR + ".");
        }
        boolean isOther = !own.equalsIgnoreCase(client)
                && before.objects().keySet().stream()
                        .anyMatch(name ->
                                name.kind() == PolicyKind.CLIENT && name.name().equalsIgnoreCase(own));
        if (isOther) {
            throw new RefusedChangeException(Cause.CLASH, "name: is that of another client.");
        }
        for (var token : before.tokens().values()) {
            if (token.revokedAt().isEmpty() && token.name().equalsIgnoreCase(own)) {
                throw new RefusedChangeException(
                        Cause.CLASH,
                        "name: is that of the token " + token.id() + "; revoke it, or choose another name.");
            }
            if (token.id().equals(id)) {
                throw new RefusedChangeException(Cause.CLASH, "id: is that of another token.");
            }
        }
    }

    private static Edit.Edited edited(StoredToken token, AuditItem item, boolean isNew) {
        return new Edit.Edited(
                PolicyChanges.of(token.revision(), List.of(), List.of(), List.of(token)),
                List.of(item),
                Set.of(),
                new Result(isNew, token.revision(), JsonDocuments.text(TokenDocument.of(token))));
    }

    private static StoredToken find(StoredPolicy before, String id) throws RefusedChangeException {
        var found = before.tokens().get(id);
        if (found == null) {
            throw new RefusedChangeException(Cause.NOT_FOUND, "There is no token of this id in the database.");
        }
        return found;
    }

    private static String subject(StoredToken token) {
        return "token/" + token.id();
    }
}
