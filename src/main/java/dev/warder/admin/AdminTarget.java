package dev.warder.admin;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The resource under one path below {@code /admin}.
 *
 * @param name the name of the credential; empty if the action concerns none
 */
record AdminTarget(Action action, String name) {
    private static final String CREDENTIALS = "/admin/credentials";

    /** The actions, each with its methods, sorted. */
    enum Action {
        DRAIN("POST"),
        SIGN_IN("POST"),
        SIGN_OUT("POST"),
        SHOW("GET", "HEAD"),
        DASHBOARD("GET", "HEAD"),
        BUDGETS("GET", "HEAD"),
        RECONCILIATION("GET", "HEAD"),
        /** Some of them have no form, and refuse POST later. */
        PAGES("GET", "HEAD", "POST"),
        DESCRIPTION("GET", "HEAD"),
        /** No HEAD: the length of an export is not known before its end. */
        EXPORT("GET"),
        /** No HEAD, because this request changes something, as the OAuth protocol defines it. */
        CALLBACK("GET"),
        LOGIN("POST"),
        REFRESH("POST"),
        LOGOUT("POST");

        private final List<String> methods;

        Action(String... methods) {
            this.methods = List.of(methods);
        }

        List<String> methods() {
            return methods;
        }
    }

    static final Map<String, Action> API = Map.of(
            "/admin/api/ledger",
            Action.EXPORT,
            "/admin/api/openapi.json",
            Action.DESCRIPTION,
            "/admin/api/reconciliation",
            Action.RECONCILIATION);

    static Optional<AdminTarget> of(String path) {
        return switch (path) {
            case "/admin/drain" -> about(Action.DRAIN);
            case "/admin/login" -> about(Action.SIGN_IN);
            case "/admin/logout" -> about(Action.SIGN_OUT);
            case CREDENTIALS -> about(Action.SHOW);
            case CREDENTIALS + "/callback" -> about(Action.CALLBACK);
            case ReconciliationReplies.PAGE -> about(Action.RECONCILIATION);
            default -> api(path).or(() -> page(path)).or(() -> below(path));
        };
    }

    private static Optional<AdminTarget> api(String path) {
        return Optional.ofNullable(API.get(path)).flatMap(AdminTarget::about);
    }

    private static Optional<AdminTarget> page(String path) {
        if (BudgetReplies.serves(path)) {
            return about(Action.BUDGETS);
        }
        if (PageReplies.serves(path)) {
            return about(Action.PAGES);
        }
        return DashboardReplies.serves(path) ? about(Action.DASHBOARD) : Optional.empty();
    }

    private static Optional<AdminTarget> below(String path) {
        return path.startsWith(CREDENTIALS + "/") ? ofCredential(path) : Optional.empty();
    }

    private static Optional<AdminTarget> ofCredential(String path) {
        String[] segments = path.substring(CREDENTIALS.length() + 1).split("/", -1);
        if (segments.length != 2 || segments[0].isEmpty()) {
            return Optional.empty();
        }
        return switch (segments[1]) {
            case "login" -> Optional.of(new AdminTarget(Action.LOGIN, segments[0]));
            case "refresh" -> Optional.of(new AdminTarget(Action.REFRESH, segments[0]));
            case "logout" -> Optional.of(new AdminTarget(Action.LOGOUT, segments[0]));
            default -> Optional.empty();
        };
    }

    private static Optional<AdminTarget> about(Action action) {
        return Optional.of(new AdminTarget(action, ""));
    }
}
