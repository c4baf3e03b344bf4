package dev.warder.admin.page;

import dev.warder.http.ErrorReply;
import dev.warder.http.Form;
import dev.warder.json.JsonTree;
import dev.warder.policy.PolicyKind;
import dev.warder.policy.PolicyName;
import dev.warder.principal.Administration;
import dev.warder.principal.ObjectDocument;
import dev.warder.principal.PrincipalApi;
import dev.warder.principal.PrincipalView;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/** Serves the pages on the thread of the API. Thread-safe; no method waits. */
public final class PrincipalPages {
    private final PrincipalApi api;
    private final InstantSource clock;
    private final LongSupplier nanoTime;

    /**
     * Creates them.
     *
     * @param clock decides whether a token is shown as expired
     * @param nanoTime limits how long the audit is verified
     */
    public PrincipalPages(PrincipalApi api, InstantSource clock, LongSupplier nanoTime) {
        this.api = api;
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    public CompletableFuture<PageReply> reply(PageRequest request) {
        if (request.target() instanceof PageTarget.Audit && request.form().isPresent()) {
            return AuditVerification.begin(api, request.form().get(), nanoTime)
                    .thenCompose(result -> verified(request, result));
        }
        return api.run(administration -> page(request, administration), refusal -> failed(request, refusal));
    }

    public static PageReply withoutDatabase(PageRequest request) {
        var sheet = new Sheet(request, AwayPage.place(request.target()), "No database", Optional.empty());
        sheet.warning("There is no database: bind jdbc/warder, or with java -jar set data.dir or database.url.");
        return new PageReply.Shown(200, sheet.page());
    }

    private CompletableFuture<PageReply> verified(PageRequest request, AuditVerification.Result result) {
        if (result.refusal().isPresent()) {
            return CompletableFuture.completedFuture(
                    new PageReply.Refused(result.refusal().get()));
        }
        return api.run(
                administration -> AuditPage.of(request, administration, result.outcome()), PageReply.Refused::new);
    }

    private PageReply page(PageRequest request, Administration administration) throws SQLException {
        var target = request.target();
        if (target instanceof PageTarget.OneObject one) {
            return new ObjectForms(administration, request, clock.instant()).reply(one.name());
        }
        if (target instanceof PageTarget.NewObject made) {
            return new ObjectForms(administration, request, clock.instant()).create(made.kind());
        }
        if (target instanceof PageTarget.OneToken one) {
            return new TokenForms(administration, request, clock.instant()).reply(one.id());
        }
        if (target instanceof PageTarget.Audit) {
            return AuditPage.of(request, administration, Optional.empty());
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

    private static PageReply failed(PageRequest request, ErrorReply refusal) {
        return request.form()
                .filter(form -> !request.field(ObjectForms.ACTION).isEmpty())
                .<PageReply>map(form -> AwayPage.of(request, form, refusal))
                .orElseGet(() -> new PageReply.Refused(refusal));
    }

    /** The page for a form that could not be handled now, which can be sent again as it is. */
    static final class AwayPage {
        private AwayPage() {}

        static PageReply of(PageRequest request, Form form, ErrorReply refusal) {
            var sheet = new Sheet(request, place(request.target()), "Not done", Optional.empty());
            sheet.error(refusal.message());
            sheet.begin("again", "wider", "What you sent");
            sheet.beginForm(request.target());
            for (var field :
                    List.of(ObjectForms.REVISION, ObjectForms.TOKEN_NAME, ObjectForms.EXPIRES, JsonField.SURE)) {
                if (!form.value(field).isEmpty()) {
                    sheet.hidden(field, form.value(field));
                }
            }
            for (var field : List.of(ObjectForms.DEFINITION, ObjectForms.TERMS)) {
                if (!form.value(field).isEmpty()) {
                    JsonField.add(sheet, field, "JSON", PrettyJson.visible(form.value(field)), "It can be sent again.");
                }
            }
            sheet.html()
                    .markup("<p><button class=\"first\" name=\"action\"")
                    .attribute("value", request.field(ObjectForms.ACTION))
                    .markup(">Send again</button></p></form>\n");
            sheet.end();
            return new PageReply.Shown(refusal.status(), sheet.page());
        }

        static Navigation place(PageTarget target) {
            if (target instanceof PageTarget.Objects objects) {
                return ObjectList.place(objects.kind());
            }
            if (target instanceof PageTarget.Limits) {
                return Navigation.LIMITS;
            }
            if (target instanceof PageTarget.Audit) {
                return Navigation.AUDIT;
            }
            if (target instanceof PageTarget.OneObject one) {
                return ObjectList.place(one.name().kind());
            }
            return target instanceof PageTarget.NewObject made ? ObjectList.place(made.kind()) : Navigation.TOKENS;
        }
    }

    /** The page with the rate limits of all owners. One thread at a time. */
    static final class LimitList {
        private static final String LIMITS = "limits";

        private final PageRequest request;
        private final PrincipalView view;
        private final Paging paging;

        private LimitList(PageRequest request, PrincipalView view, Paging paging) {
            this.request = request;
            this.view = view;
            this.paging = paging;
        }

        static PageReply of(PageRequest request, PrincipalView view, boolean inUse) {
            return Paging.of(request.query(), "")
                    .<PageReply>map(
                            paging -> new PageReply.Shown(200, new LimitList(request, view, paging).page(inUse)))
                    .orElseGet(Paging::refusal);
        }

        private String page(boolean inUse) {
            var found = view.objects(this::isFound, PolicyName.parse(paging.after()), Paging.ROWS);
            var search = new Sheet.Search("Owner has", request.target(), paging.part());
            var sheet = new Sheet(request, Navigation.LIMITS, "Limits", Optional.of(search));
            PageTexts.notInUse(sheet, inUse);
            String counts = Sheet.count(found.found(), "owner with limits", "owners with limits")
                    + (paging.part().isEmpty() ? "" : " found");
            sheet.begin("list", "full", counts, () -> links(sheet));
            if (!found.items().isEmpty()) {
                table(sheet, found.items());
            }
            paging.links(sheet, request.target(), "", found.last());
            sheet.end();
            return sheet.page();
        }

        private void links(Sheet sheet) {
            if (!paging.part().isEmpty()) {
                sheet.link(LIMITS, "Show all");
            }
            sheet.link("budgets", "Budgets");
            for (var kind : List.of(PolicyKind.ORGANIZATION, PolicyKind.MODEL, PolicyKind.TAG, PolicyKind.SESSIONS)) {
                String reference = PageTarget.plural(kind);
                sheet.link(reference, reference.substring(0, 1).toUpperCase(Locale.ROOT) + reference.substring(1));
            }
        }

        private boolean isFound(PolicyName name) {
            String document = view.document(name);
            return document.contains(LIMITS)
                    && (paging.part().isEmpty() || paging.finds(List.of(name.text())))
                    && JsonTree.parseObject(document)
                            .filter(definition -> definition.containsKey(LIMITS))
                            .isPresent();
        }

        private static void table(Sheet sheet, List<ObjectDocument> items) {
            sheet.beginTable(
                    "list",
                    "Rate limits",
                    "Owner",
                    "Kind",
                    "#Requests a minute",
                    "#Input tokens a minute",
                    "#Output tokens a minute",
                    "#At the same time");
            for (var item : items) {
                var kind = PolicyKind.of(item.type()).orElseThrow();
                var name = new PolicyName(kind, item.name());
                sheet.row(
                        new PageTarget.OneObject(name).reference(),
                        kind.single() ? "All clients together" : name.name());
                sheet.whole(kind.word());
                var limits = JsonTree.object(item.definition(), LIMITS);
                DefinitionText.kindsOfLimits().forEach(member -> sheet.number(DefinitionText.limit(limits, member)));
                sheet.endRow();
            }
            sheet.endTable();
        }
    }
}
