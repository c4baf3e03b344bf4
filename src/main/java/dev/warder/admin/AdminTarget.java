package dev.warder.admin;

import dev.warder.admin.page.PageTarget;
import dev.warder.admin.page.Panel;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The resource under one path below {@code /admin}. Immutable.
 *
 * @param name the name of the credential or of the panel; empty if the action concerns none
 * @param page the page of an object or a list of them; empty for all other actions
 */
record AdminTarget(Action action, String name, Optional<PageTarget> page) {
    private static final String CREDENTIALS = "/admin/credentials";
    private static final String PANELS = "/admin/panels/";
    private static final String CSV = ".csv";

    /** The actions, each with its path, which is empty where it has a name in it, and its methods, sorted. */
    enum Action {
        DRAIN("/admin/drain", "POST"),
        SIGN_IN("/admin/login", "POST"),
        SIGN_OUT("/admin/logout", "POST"),
        SHOW(CREDENTIALS, "GET", "HEAD"),
        ROOT("/admin", "GET", "HEAD"),
        OVERVIEW("/admin/", "GET", "HEAD"),
        PANELS("/admin/panels", "GET", "HEAD"),
        PANEL_CSV("", "GET", "HEAD"),
        STYLE("/admin/page.css", "GET", "HEAD"),
        SCRIPT("/admin/page.js", "GET", "HEAD"),
        BUDGETS("/admin/budgets", "GET", "HEAD"),
        BUDGET_PANELS("/admin/budgets/panels", "GET", "HEAD"),
        RECONCILIATION("/admin/reconciliation", "GET", "HEAD"),
        RECONCILIATION_DOCUMENT("/admin/api/reconciliation", "GET", "HEAD"),
        /** Some of them have no form, and refuse POST later. */
        PAGE("", "GET", "HEAD", "POST"),
        DESCRIPTION("/admin/api/openapi.json", "GET", "HEAD"),
        /** No HEAD: the length of an export is not known before its end. */
        EXPORT("/admin/api/ledger", "GET"),
        /** No HEAD, because this request changes something, as the OAuth protocol defines it. */
        CALLBACK(CREDENTIALS + "/callback", "GET"),
        LOGIN("", "POST"),
        REFRESH("", "POST"),
        LOGOUT("", "POST");

        final String path;
        final List<String> methods;

        Action(String path, String... methods) {
            this.path = path;
            this.methods = List.of(methods);
        }
    }

    private static final Map<String, Action> PATHS = Stream.of(Action.values())
            .filter(action -> !action.path.isEmpty())
            .collect(Collectors.toUnmodifiableMap(action -> action.path, action -> action));

    private static final Map<String, Action> OF_CREDENTIALS =
            Map.of("login", Action.LOGIN, "refresh", Action.REFRESH, "logout", Action.LOGOUT);

    static Optional<AdminTarget> of(String path) {
        return Optional.ofNullable(PATHS.get(path))
                .map(action -> new AdminTarget(action, "", Optional.empty()))
                .or(() -> PageTarget.of(path).map(page -> new AdminTarget(Action.PAGE, "", Optional.of(page))))
                .or(() -> named(path));
    }

    private static Optional<AdminTarget> named(String path) {
        if (path.startsWith(PANELS) && path.endsWith(CSV)) {
            String panel = path.substring(PANELS.length(), path.length() - CSV.length());
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
