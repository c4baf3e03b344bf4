package dev.warder.admin;

import dev.warder.admin.request.AdminReply;
import dev.warder.admin.session.AdminCookies;
import dev.warder.admin.session.OwnSession;
import dev.warder.admin.session.OwnSession.SignedIn;
import dev.warder.admin.session.Seal;
import dev.warder.config.InvalidValueException;
import dev.warder.html.Page;
import dev.warder.http.Call;
import dev.warder.http.ErrorReply;
import dev.warder.http.ErrorType;
import dev.warder.http.Field;
import dev.warder.http.Form;
import dev.warder.http.SmallBodies;
import dev.warder.organization.spendlimit.OwnUsage;
import dev.warder.ownpage.OwnForms;
import dev.warder.ownpage.OwnPage;
import dev.warder.ownpage.OwnView;
import dev.warder.principal.Administration;
import dev.warder.principal.RefusedChangeException;
import dev.warder.principal.api.PrincipalApi;
import dev.warder.spendlimit.IncreaseForm;
import dev.warder.spendlimit.IncreaseQuery;
import dev.warder.spendlimit.IncreaseRequest;
import dev.warder.spendlimit.Increases;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The responses of {@code /me}. Immutable; no method waits.
 *
 * @param api empty without a database, which has the requests
 * @param usage empty without a database
 * @param from the address of the caller
 * @param ownPage whether no header field shows that another site's page sent the request
 */
record OwnPageReplies(
        OwnSession sessions,
        Optional<PrincipalApi> api,
        Optional<OwnUsage> usage,
        Call call,
        AdminCookies cookies,
        String from,
        boolean ownPage) {
    private static final int MOST_REQUESTS = 20;

    /** Whose share of the memory for bodies is used. */
    SmallBodies.Caller bodyCaller() {
        return sessions.of(cookies, call, from)
                .session()
                .map(session -> SmallBodies.Caller.client(session.client().name()))
                .orElse(SmallBodies.Caller.STRANGERS);
    }

    /** @param form the content of the body; empty if it cannot be read */
    CompletionStage<AdminReply> reply(Optional<Form> form) {
        boolean isForm = call.method().equals("POST");
        if (isForm && form.isEmpty()) {
            return now(page(ErrorReply.tooLarge("The form is too large or malformed.")));
        }
        if (isForm && !ownPage) {
            return now(page(foreign()));
        }
        String action = form.filter(any -> isForm)
                .map(fields -> fields.value(OwnForms.ACTION))
                .orElse("");
        if (action.equals(OwnForms.SIGN_IN)) {
            return now(signIn(form.orElseThrow().value(OwnForms.TOKEN).strip()));
        }
        var found = sessions.of(cookies, call, from);
        if (found.refusal().isPresent()) {
            return now(page(found.refusal().get()));
        }
        var session = found.session();
        if (!isForm) {
            return show(session.get(), 200, "", Form.NONE);
        }
        if (!Seal.same(session.get().formToken(), form.orElseThrow().value(OwnForms.FORM_TOKEN))) {
            return now(page(foreign()));
        }
        return switch (action) {
            case OwnForms.SIGN_OUT -> now(back().with(sessions.signOut(cookies, session.get())));
            case OwnForms.ASK -> ask(session.get(), form.orElseThrow());
            default -> show(session.get(), 200, "", Form.NONE);
        };
    }

    private AdminReply signIn(String token) {
        var refusal = sessions.refusal(token, call, from);
        return refusal.isPresent() ? page(refusal.get()) : back().with(sessions.cookie(cookies, token));
    }

    private CompletionStage<AdminReply> ask(SignedIn session, Form form) {
        var client = session.client();
        if (api.isEmpty() || client.principal().isEmpty()) {
            return show(session, 404, OwnPage.NO_REQUESTS, form);
        }
        IncreaseForm asked;
        try {
            asked = OwnForms.asked(client.name(), form);
        } catch (InvalidValueException wrong) {
            return show(session, 400, wrong.reason() + ".", form);
        }
        return api.get()
                .own()
                .run(client.name(), administration -> submit(administration, asked), Optional::of)
                .thenCompose(refusal -> refusal.isEmpty()
                        ? now(back())
                        : show(session, refusal.get().status(), refusal.get().message(), form));
    }

    private static Optional<ErrorReply> submit(Administration administration, IncreaseForm asked) throws SQLException {
        try {
            new Increases(administration).submit(asked, Optional.empty());
            return Optional.empty();
        } catch (RefusedChangeException refused) {
            return Optional.of(new ErrorReply(409, ErrorType.INVALID_REQUEST, refused.text(), List.of()));
        }
    }

    private CompletionStage<AdminReply> show(SignedIn session, int status, String problem, Form form) {
        String client = session.client().name();
        var numbers = usage.map(each -> each.of(client).handle((found, failed) -> Optional.ofNullable(found)))
                .orElseGet(() -> CompletableFuture.completedFuture(Optional.empty()));
        return requests(client).thenCombine(numbers, (made, used) -> {
            var view = new OwnView(session.client(), used, api.isPresent(), made);
            return html(status, List.of(), OwnPage.of(view, session.formToken(), problem, form));
        });
    }

    private CompletableFuture<Optional<List<IncreaseRequest>>> requests(String client) {
        var query = IncreaseQuery.of(Set.of(client), Set.of(), Long.MAX_VALUE, MOST_REQUESTS);
        return api.isEmpty()
                ? CompletableFuture.completedFuture(Optional.empty())
                : api.get()
                        .own()
                        .run(
                                client,
                                administration -> Optional.of(new Increases(administration).own(query, client)),
                                away -> Optional.empty());
    }

    private AdminReply page(ErrorReply refusal) {
        return html(refusal.status(), refusal.fields(), OwnForms.signIn(refusal.message()));
    }

    private static AdminReply html(int status, List<Field> more, String html) {
        var fields = new ArrayList<>(more);
        fields.addAll(Page.fields());
        return AdminReply.page(status, fields, html);
    }

    private static AdminReply back() {
        return AdminReply.seeOther(OwnPage.REFERENCE);
    }

    private static ErrorReply foreign() {
        return ErrorReply.forbidden("This form does not come from a page that was loaded since you signed in.");
    }

    private static CompletionStage<AdminReply> now(AdminReply reply) {
        return CompletableFuture.completedFuture(reply);
    }
}
