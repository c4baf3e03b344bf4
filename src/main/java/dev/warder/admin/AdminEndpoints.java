package dev.warder.admin;

import static dev.warder.admin.PolicyApi.LONGEST_OBJECT;

import dev.warder.admin.Endpoint.Kind;
import dev.warder.admin.Endpoint.Work;
import dev.warder.admin.PolicyApi.Task;
import dev.warder.admin.page.Page;
import dev.warder.admin.page.PageTarget;
import dev.warder.adminapi.Reports;
import dev.warder.policy.PolicyName;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** All endpoints. A method that a path does not have is refused with those that it has, and another path is 404. */
final class AdminEndpoints {
    static final String FOLDER = "/admin/";
    static final String API = FOLDER + "api/";
    static final String LEDGER = API + "ledger";
    static final String IMPORT = "import";
    private static final String AUDIT = API + "audit";
    private static final String RECONCILIATION = "reconciliation";

    /** The paths that {@code format=csv} makes an export of. */
    static final Set<String> WITH_CSV = Set.of(AUDIT, API + RECONCILIATION, FOLDER + RECONCILIATION);

    static final String BUDGETS = FOLDER + "budgets";
    static final String OWN = "/me";

    private static final String CREDENTIALS = FOLDER + "credentials";
    private static final String ORGANIZATIONS = "/v1/organizations/";
    private static final String SPEND_LIMITS = ORGANIZATIONS + "spend_limits";

    private static final List<String> READ = List.of("GET", "HEAD");
    private static final List<String> GET = List.of("GET");
    private static final List<String> POST = List.of("POST");
    private static final List<String> DELETE = List.of("DELETE");
    private static final List<String> FORM = List.of("GET", "HEAD", "POST");

    private static final int LONGEST_FORM = 16 * 1024;

    private static final int LONGEST_FORM_OF_STRANGERS = 4 * 1024;

    /** A definition of 64 Ki characters; each may have nine bytes in a form. */
    private static final int LONGEST_DEFINITION = 640 * 1024;

    static final List<Endpoint> ALL = Stream.of(
                    node().stream(),
                    policyPages().stream(),
                    policyApi().stream(),
                    organization().stream(),
                    own().stream())
            .flatMap(each -> each)
            .toList();

    private AdminEndpoints() {}

    /** The numbers, reports and credentials of this node. */
    private static List<Endpoint> node() {
        return List.of(
                read(Kind.PAGE, "/admin", request -> AdminReply.seeOther("admin/")
                        .now()),
                read(Kind.PAGE, FOLDER, ReportReplies::overview),
                read(Kind.PART, FOLDER + "panels", ReportReplies::panels),
                read(Kind.PART, FOLDER + "panels/{panel}.csv", ReportReplies::panel),
                read(Kind.PART, FOLDER + "page.css", file("text/css;charset=utf-8", Page.style())),
                read(Kind.PART, FOLDER + "page.js", file("text/javascript;charset=utf-8", Page.script())),
                read(Kind.PAGE, BUDGETS, ReportReplies::budgets),
                read(Kind.PART, BUDGETS + "/panels", ReportReplies::budgetPanels),
                read(Kind.PAGE, FOLDER + RECONCILIATION, ReportReplies::reconciliation),
                read(Kind.ACTION, API + RECONCILIATION, ReportReplies::reconciliation),
                read(Kind.ACTION, API + "openapi.json", request -> AdminReply.json(200, OpenApi.DOCUMENT)
                        .now()),
                // No HEAD: the length of an export is not known before its end.
                Endpoint.of(Kind.ACTION, GET, LEDGER, 0, ReportReplies::export),
                action("drain", AdminActions::drain),
                Endpoint.of(Kind.ACTION, POST, FOLDER + "login", LONGEST_FORM_OF_STRANGERS, SignInPage::signIn)
                        .open(),
                action("logout", SignInPage::signOut),
                read(Kind.PAGE, CREDENTIALS, AdminActions::show),
                // No HEAD, because this request changes something, as the OAuth protocol defines it.
                Endpoint.of(Kind.ACTION, GET, CREDENTIALS + "/callback", 0, AdminActions::callback)
                        .open(),
                action("credentials/{name}/login", AdminActions.on(AdminActions::login)),
                action("credentials/{name}/refresh", AdminActions.on(AdminActions::refresh)),
                action("credentials/{name}/logout", AdminActions.on(AdminActions::logout)));
    }

    private static List<Endpoint> policyPages() {
        var pages = new ArrayList<Endpoint>();
        for (var kind : PolicyName.Kind.values()) {
            String all = FOLDER + PageTarget.plural(kind);
            pages.add(page(FORM, all, name -> PageTarget.of(kind, name)));
            if (!kind.single()) {
                pages.add(page(FORM, all + "/{name*}", name -> PageTarget.of(kind, name)));
                pages.add(page(FORM, FOLDER + PageTarget.NEW + kind.word(), any -> PageTarget.newObject(kind)));
            }
        }
        pages.add(page(READ, FOLDER + "tokens", any -> PageTarget.TOKENS));
        pages.add(page(FORM, FOLDER + "tokens/{id*}", PageTarget::token));
        pages.add(page(READ, FOLDER + "limits", any -> PageTarget.LIMITS));
        pages.add(page(FORM, FOLDER + "audit", any -> PageTarget.AUDIT));
        return pages;
    }

    private static List<Endpoint> policyApi() {
        var api = new ArrayList<Endpoint>();
        for (var kind : PolicyName.Kind.values()) {
            String all = PageTarget.plural(kind);
            String one = kind.single() ? all : all + "/{name*}";
            if (!kind.single()) {
                api.add(api("GET", all, 0, PolicyApi.list(kind)));
                api.add(api("POST", all, LONGEST_OBJECT, PolicyApi.create(kind)));
            }
            var object = PolicyApi.object(kind);
            api.add(api("GET", one, 0, object));
            api.add(api("PUT", one, LONGEST_OBJECT, object));
            api.add(api("PATCH", one, LONGEST_OBJECT, object));
            api.add(api("DELETE", one, 0, object));
        }
        api.add(api("GET", "tokens", 0, PolicyApi::tokens));
        api.add(api("POST", "tokens", LONGEST_OBJECT, PolicyApi::createToken));
        api.add(api("GET", "tokens/{id*}", 0, PolicyApi::token));
        api.add(api("PATCH", "tokens/{id*}", LONGEST_OBJECT, PolicyApi::token));
        api.add(api("DELETE", "tokens/{id*}", 0, PolicyApi::token));
        api.add(api("POST", IMPORT, PolicyApi.LONGEST_FILES, PolicyApi::takeOver));
        api.add(Endpoint.of(Kind.API, GET, AUDIT, 0, PolicyApi::audit));
        return api;
    }

    private static List<Endpoint> organization() {
        return List.of(
                organization(GET, SPEND_LIMITS, 0, PolicyApi.task(OrganizationApi::limits)),
                organization(POST, SPEND_LIMITS, LONGEST_FORM, PolicyApi.task(OrganizationApi::setLimit)),
                organization(GET, SPEND_LIMITS + "/effective", 0, OrganizationApi::effectiveLimits),
                organization(GET, SPEND_LIMITS + "/audit", 0, PolicyApi.task(OrganizationApi::audit)),
                organization(GET, SPEND_LIMITS + "/{id}", 0, PolicyApi.task(OrganizationApi::limit)),
                organization(DELETE, SPEND_LIMITS + "/{id}", 0, PolicyApi.task(OrganizationApi::removeLimit)),
                organization(GET, ORGANIZATIONS + "usage_report/messages", 0, OrganizationApi.report(Reports::usage)),
                organization(GET, ORGANIZATIONS + "cost_report", 0, OrganizationApi.report(Reports::cost)),
                organization(GET, ORGANIZATIONS + "rate_limits", 0, OrganizationApi::rateLimits),
                organization(GET, ORGANIZATIONS + "workspaces/{id}/rate_limits", 0, OrganizationApi::rateLimitsOfTeam));
    }

    private static List<Endpoint> own() {
        return List.of(
                read(Kind.OWN, OWN, OwnPages::show),
                Endpoint.of(Kind.OWN, POST, OWN, LONGEST_FORM_OF_STRANGERS, OwnPages::form)
                        .open());
    }

    private static Endpoint read(Kind kind, String path, Work work) {
        return Endpoint.of(kind, READ, path, 0, work);
    }

    private static Work file(String type, String text) {
        return request -> AdminReply.file(type, text).now();
    }

    private static Endpoint action(String path, Work work) {
        return Endpoint.of(Kind.ACTION, POST, FOLDER + path, LONGEST_FORM, work);
    }

    /** @param target makes the page of the name in the path */
    private static Endpoint page(List<String> methods, String path, Function<String, PageTarget> target) {
        int longest = methods.equals(FORM) ? LONGEST_DEFINITION : 0;
        return Endpoint.of(Kind.PAGE, methods, path, longest, PolicyPages.of(target));
    }

    private static Endpoint api(String method, String path, int longest, Task task) {
        return Endpoint.of(Kind.API, List.of(method), API + path, longest, PolicyApi.task(task));
    }

    private static Endpoint organization(List<String> methods, String path, int longest, Work work) {
        return Endpoint.of(Kind.ORGANIZATION, methods, path, longest, work);
    }
}
