package dev.warder.admin;

import dev.warder.admin.page.PageTarget;
import dev.warder.admin.page.Panel;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The resource under one path below {@code /admin}. Immutable.
 *
 * @param name the name of the credential or of the panel; empty if the action concerns none
 * @param page the page of an object or a list of them; empty for all other actions
 */
record AdminTarget(Action action, String name, Optional<PageTarget> page) {
    private static final String CREDENTIALS = "/admin/credentials";
    private static final String PANELS = "/admin/panels";
    private static final String CSV = ".csv";

    /** The actions, each with its methods, sorted. */
    enum Action {
        DRAIN("POST"),
        SIGN_IN("POST"),
        SIGN_OUT("POST"),
        SHOW("GET", "HEAD"),
        ROOT("GET", "HEAD"),
        OVERVIEW("GET", "HEAD"),
        PANELS("GET", "HEAD"),
        PANEL_CSV("GET", "HEAD"),
        STYLE("GET", "HEAD"),
        SCRIPT("GET", "HEAD"),
        BUDGETS("GET", "HEAD"),
        BUDGET_PANELS("GET", "HEAD"),
        RECONCILIATION("GET", "HEAD"),
        RECONCILIATION_DOCUMENT("GET", "HEAD"),
        /** Some of them have no form, and refuse POST later. */
        PAGE("GET", "HEAD", "POST"),
        DESCRIPTION("GET", "HEAD"),
        /** No HEAD: the length of an export is not known before its end. */
        EXPORT("GET"),
        /** No HEAD, because this request changes something, as the OAuth protocol defines it. */
        CALLBACK("GET"),
        LOGIN("POST"),
        REFRESH("POST"),
        LOGOUT("POST");

        final List<String> methods;

        Action(String... methods) {
            this.methods = List.of(methods);
        }
    }

    static final Map<String, Action> API = Map.of(
            "/admin/api/ledger",
            Action.EXPORT,
            "/admin/api/openapi.json",
            Action.DESCRIPTION,
            "/admin/api/reconciliation",
            Action.RECONCILIATION_DOCUMENT);

    private static final Map<String, Action> PATHS = Map.ofEntries(
            Map.entry("/admin", Action.ROOT),
            Map.entry("/admin/", Action.OVERVIEW),
            Map.entry("/admin/page.css", Action.STYLE),
            Map.entry("/admin/page.js", Action.SCRIPT),
            Map.entry(PANELS, Action.PANELS),
            Map.entry("/admin/budgets", Action.BUDGETS),
            Map.entry("/admin/budgets/panels", Action.BUDGET_PANELS),
            Map.entry("/admin/reconciliation", Action.RECONCILIATION),
            Map.entry("/admin/drain", Action.DRAIN),
            Map.entry("/admin/login", Action.SIGN_IN),
            Map.entry("/admin/logout", Action.SIGN_OUT),
            Map.entry(CREDENTIALS, Action.SHOW),
            Map.entry(CREDENTIALS + "/callback", Action.CALLBACK));

    private static final Map<String, Action> OF_CREDENTIALS =
            Map.of("login", Action.LOGIN, "refresh", Action.REFRESH, "logout", Action.LOGOUT);

    static Optional<AdminTarget> of(String path) {
        return Optional.ofNullable(PATHS.get(path))
                .or(() -> Optional.ofNullable(API.get(path)))
                .map(action -> new AdminTarget(action, "", Optional.empty()))
                .or(() -> PageTarget.of(path).map(page -> new AdminTarget(Action.PAGE, "", Optional.of(page))))
                .or(() -> named(path));
    }

    private static Optional<AdminTarget> named(String path) {
        if (path.startsWith(PANELS + "/") && path.endsWith(CSV)) {
            String panel = path.substring(PANELS.length() + 1, path.length() - CSV.length());
            return Panel.named(panel).map(found -> new AdminTarget(Action.PANEL_CSV, panel, Optional.empty()));
        }
        if (!path.startsWith(CREDENTIALS + "/")) {
            return Optional.empty();
        }
        String[] segments = path.substring(CREDENTIALS.length() + 1).split("/", -1);
        return Optional.of(segments)
                .filter(each -> each.length == 2 && !each[0].isEmpty())
                .map(each -> OF_CREDENTIALS.get(each[1]))
                .map(action -> new AdminTarget(action, segments[0], Optional.empty()));
    }

    boolean isOfCredential() {
        return OF_CREDENTIALS.containsValue(action);
    }
}
