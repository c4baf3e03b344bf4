package dev.warder.admin;

import dev.warder.admin.AdminActions.Notes;
import dev.warder.admin.page.Navigation;
import dev.warder.admin.page.ObjectForms;
import dev.warder.admin.page.PageReply;
import dev.warder.admin.page.PageRequest;
import dev.warder.admin.page.PageTarget;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/** The pages of clients, teams, tokens, limits and the audit, with their forms. Thread-safe. */
final class PolicyPages {
    /** With the time of waiting for a thread, so that one administrator does not keep those for exports. */
    private static final Duration LONGEST_VERIFICATION = Duration.ofSeconds(3);

    private PolicyPages() {}

    /** @param target makes the page of the name in the path or the query, which is empty for none */
    static Endpoint.Work of(Function<String, PageTarget> target) {
        return request -> {
            var query = request.parameters();
            String name = request.variable().isEmpty() ? query.value(PageTarget.NAME) : request.variable();
            var asked = new PageRequest(
                    target.apply(name),
                    request.up(),
                    query,
                    request.changes() ? Optional.of(request.form()) : Optional.empty(),
                    request.actor(),
                    request.formToken(),
                    Notes.of(request));
            var administration = request.context().administration;
            return administration.isEmpty()
                    ? reply(request, PageReply.withoutDatabase(asked)).now()
                    : reply(
                            request,
                            new ObjectForms(
                                    administration.get(),
                                    asked,
                                    request.context().clock.instant(),
                                    goesOn(request)));
        };
    }

    private static BooleanSupplier goesOn(AdminRequest request) {
        var ended = request.threads().ended();
        long began = System.nanoTime();
        return () -> !ended.getAsBoolean() && System.nanoTime() - began < LONGEST_VERIFICATION.toNanos();
    }

    private static CompletionStage<AdminReply> reply(AdminRequest request, ObjectForms forms) {
        var asked = forms.request();
        Callable<PageReply> page = () -> asked.target().work().reply(forms);
        // The verification of the audit takes seconds.
        boolean isLong = asked.form().isPresent() && asked.target().place() == Navigation.AUDIT;
        return (isLong ? request.threads().export(page) : request.threads().query(page))
                .exceptionally(fault -> PageReply.failed(
                        asked,
                        Failures.refusal(fault).orElseThrow(() -> new CompletionException(Failures.cause(fault)))))
                .thenApply(found -> reply(request, found));
    }

    private static AdminReply reply(AdminRequest request, PageReply reply) {
        if (reply instanceof PageReply.Shown shown) {
            return Notes.shown(request, AdminReply.page(shown.status(), shown.html()));
        }
        if (reply instanceof PageReply.Done done) {
            return AdminReply.seeOther(request.up() + done.reference()).with(Notes.cookie(request, done.note()));
        }
        return request.refusal(((PageReply.Refused) reply).reply());
    }
}
