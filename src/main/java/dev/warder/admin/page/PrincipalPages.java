package dev.warder.admin.page;

import dev.warder.config.InvalidValueException;
import dev.warder.http.ErrorReply;
import dev.warder.json.JsonTree;
import dev.warder.policy.PolicyKind;
import dev.warder.policy.PolicyName;
import dev.warder.principal.Administration;
import dev.warder.principal.ObjectDocument;
import dev.warder.principal.PrincipalView;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Serves the pages. Waits for the database. Thread-safe.
 *
 * @param clock decides whether a token is shown as expired
 */
public record PrincipalPages(Administration administration, InstantSource clock) {
    public static final String NO_DATABASE =
            "There is no database: bind jdbc/warder, or with java -jar set data.dir or database.url.";

    public static PageReply withoutDatabase(PageRequest request) {
        return PageReply.shown(200, "noDatabase", request);
    }

    /**
     * The page that was asked for, or the outcome of its form.
     *
     * @param verified the outcome of a verification of the audit; empty if none was asked for
     * @throws InvalidValueException if the range of a list is wrong, with the reason for the caller
     */
    public PageReply reply(PageRequest request, Optional<AuditVerification.Outcome> verified)
            throws InvalidValueException, SQLException {
        var target = request.target();
        var forms = new ObjectForms(administration, request, clock.instant());
        if (target instanceof PageTarget.OneObject one) {
            return forms.object(one.name());
        }
        if (target instanceof PageTarget.NewObject made) {
            return forms.create(made.kind());
        }
        if (target instanceof PageTarget.OneToken one) {
            return forms.token(one.id());
        }
        if (target instanceof PageTarget.Audit) {
            return AuditPage.of(request, administration, verified);
        }
        var view = administration.view();
        boolean inUse = administration.isInUse();
        if (target instanceof PageTarget.Objects objects) {
            return ObjectList.of(request, view, objects.kind(), inUse);
        }
        return target instanceof PageTarget.Tokens
                ? TokenList.of(request, view, clock.instant(), inUse)
                : LimitList.of(request, view, inUse);
    }

    /**
     * The reply if the database cannot be used now, or too many requests wait for it. A form is shown again, so that it can be sent
     * again as it is.
     */
    public static PageReply failed(PageRequest request, ErrorReply refusal) {
        return request.field(ObjectForms.ACTION).isEmpty()
                ? new PageReply.Refused(refusal)
                : new PageReply.Shown(
                        refusal.status(),
                        Templates.of("again", Map.of("request", request, "error", refusal.message())));
    }

    /** The page with the rate limits of all owners. Immutable. */
    public record LimitList(
            PageRequest request, Paging paging, PrincipalView.Page<ObjectDocument> found, boolean inUse) {
        /** The kinds whose definitions have no page with a link of its own. */
        public static final List<PolicyKind> KINDS =
                List.of(PolicyKind.ORGANIZATION, PolicyKind.MODEL, PolicyKind.TAG, PolicyKind.SESSIONS);

        private static final String LIMITS = "limits";

        static PageReply of(PageRequest request, PrincipalView view, boolean inUse) throws InvalidValueException {
            var paging = Paging.of(request, "");
            var found =
                    view.objects(name -> isFound(view, paging, name), PolicyName.parse(paging.after()), Paging.ROWS);
            return PageReply.shown(200, LIMITS, new LimitList(request, paging, found, inUse));
        }

        private static boolean isFound(PrincipalView view, Paging paging, PolicyName name) {
            String document = view.document(name);
            return document.contains(LIMITS)
                    && (paging.part().isEmpty() || paging.finds(name.text()))
                    && JsonTree.parseObject(document)
                            .filter(definition -> definition.containsKey(LIMITS))
                            .isPresent();
        }

        public String counts() {
            return Shown.count(found.found(), "owner with limits", "owners with limits")
                    + (paging.part().isEmpty() ? "" : " found");
        }
    }
}
