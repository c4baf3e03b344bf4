package dev.warder.admin;

import dev.warder.admin.AdminRequest.Caller;
import dev.warder.admin.page.Dashboard;
import dev.warder.admin.page.DashboardPage;
import dev.warder.admin.page.Panel;
import dev.warder.admin.page.View;
import dev.warder.http.ErrorReply;
import dev.warder.http.Field;
import dev.warder.ledger.Ledger;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The page {@code /admin/}, its panels, their CSV, its style sheet and its script. All need an administrator, and none is kept by
 * the browser. Thread-safe.
 *
 * @param dashboard empty only in tests of other actions
 */
record DashboardReplies(Optional<Dashboard> dashboard) {
    private static final Logger LOG = LoggerFactory.getLogger(DashboardReplies.class);
    private static final String PANELS = "/admin/panels";
    private static final String CSV = ".csv";

    static boolean serves(String path) {
        return switch (path) {
            case "/admin", "/admin/", PANELS, "/admin/page.css", "/admin/page.js" -> true;
            default -> panel(path).isPresent();
        };
    }

    CompletionStage<AdminReply> reply(AdminRequest request) {
        String path = request.call().target().path();
        return switch (path) {
            case "/admin" -> now(AdminReply.seeOther("admin/"));
            case "/admin/page.css" -> now(file("text/css;charset=utf-8", DashboardPage.style()));
            case "/admin/page.js" -> now(file("text/javascript;charset=utf-8", DashboardPage.script()));
            default -> view(request, path);
        };
    }

    private CompletionStage<AdminReply> view(AdminRequest request, String path) {
        var view = View.of(request.call().target().query().orElse(""));
        if (dashboard.isEmpty() || view.isEmpty()) {
            return now(request.refusal(
                    dashboard.isEmpty()
                            ? ErrorReply.notFound()
                            : ErrorReply.invalidRequest(
                                    "range: must be hour, day, week or month; nodes: must be this or all")));
        }
        var panel = panel(path);
        if (panel.isPresent()) {
            return dashboard.get().csv(panel.get(), view.get()).thenApply(csv -> csv.map(text -> csv(panel.get(), text))
                    .orElseGet(() -> unreadable(request)));
        }
        if (path.equals(PANELS)) {
            return dashboard.get().panels(view.get()).thenApply(DashboardReplies::html);
        }
        return request.call().method().equals("HEAD")
                ? now(html(dashboard.get().begin(view.get(), formToken(request)))
                        .followedBy(DashboardReplies::nothing))
                : page(request, dashboard.get().page(view.get(), formToken(request)));
    }

    /** In two pieces, if the second one takes time. */
    private static CompletionStage<AdminReply> page(AdminRequest request, Dashboard.Page page) {
        if (page.rest().isDone()) {
            return page.rest().thenApply(rest -> html(page.begin() + rest));
        }
        var rest = page.rest().exceptionally(fault -> {
            LOG.error("request {} failed", request.call().id(), fault);
            return page.broken();
        });
        var pieces = List.of(rest, nothing()).iterator();
        return now(html(page.begin() + page.waiting()).followedBy(pieces::next));
    }

    private static CompletableFuture<String> nothing() {
        return CompletableFuture.completedFuture("");
    }

    private static AdminReply html(String text) {
        return AdminReply.page(200, DashboardPage.fields(), text);
    }

    private AdminReply unreadable(AdminRequest request) {
        return request.refusal(
                dashboard.orElseThrow().hasLedger()
                        ? ErrorReply.overloaded("The ledger cannot be read now: the database does not respond.", 5)
                        : ErrorReply.notFound(Ledger.MISSING));
    }

    private static AdminReply csv(Panel panel, String text) {
        var name = new Field("Content-Disposition", "attachment; filename=\"warder-" + panel.word() + CSV + "\"");
        return file("text/csv;charset=utf-8", text).with(name);
    }

    private static AdminReply file(String type, String text) {
        return new AdminReply(200, type, List.of(new Field("X-Content-Type-Options", "nosniff")), text);
    }

    private static String formToken(AdminRequest request) {
        return request.caller() instanceof Caller.Session session ? session.formToken() : "";
    }

    private static Optional<Panel> panel(String path) {
        return path.startsWith(PANELS + "/") && path.endsWith(CSV)
                ? Panel.named(path.substring(PANELS.length() + 1, path.length() - CSV.length()))
                : Optional.empty();
    }

    private static CompletionStage<AdminReply> now(AdminReply reply) {
        return CompletableFuture.completedFuture(reply);
    }
}
