package dev.warder.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.GatewaySettings;
import dev.warder.admin.page.Dashboard;
import dev.warder.admin.page.Snapshot;
import dev.warder.adminapi.Administration;
import dev.warder.adminapi.RateLimitLists;
import dev.warder.adminapi.Reports;
import dev.warder.adminapi.SpendLimits;
import dev.warder.auth.AdmissionChecks;
import dev.warder.auth.ClientAuthFilter;
import dev.warder.auth.ClientDirectory;
import dev.warder.auth.IssuedTokens;
import dev.warder.auth.TokenThrottle;
import dev.warder.config.FileWatch;
import dev.warder.config.SettingReader;
import dev.warder.config.SettingReader.ConfigSources;
import dev.warder.credential.CredentialSource;
import dev.warder.credential.CredentialState;
import dev.warder.health.HealthServlet;
import dev.warder.http.Application;
import dev.warder.http.Attributes;
import dev.warder.http.Readiness;
import dev.warder.http.Routing;
import dev.warder.http.SmallBodies;
import dev.warder.oauth.CredentialControl;
import dev.warder.quota.BudgetReports;
import dev.warder.reconcile.Reconciliation;
import dev.warder.record.AccessLog;
import dev.warder.record.LogSettings;
import dev.warder.record.RequestObservers;
import dev.warder.testkit.Chromium;
import dev.warder.testkit.PageLook;
import dev.warder.testkit.ScriptedControl;
import dev.warder.testkit.TestApplication;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** The servlets of this package behind the first filter, at {@code /gw} of a real server, with one credential of each kind. */
final class AdminSite {
    static final String TOKEN = "admin-" + "operator".repeat(4);
    static final String HOSTILE = "<script>alert('x')</script>\"&";
    static final Instant BEGIN = Instant.parse("2026-11-21T00:00:00Z");

    static final CredentialState BENCHED = new CredentialState(
            "team",
            CredentialSource.Kind.API_KEY,
            false,
            Optional.of("benched after 429"),
            Optional.of(Duration.ofSeconds(90)),
            List.of(),
            false,
            Optional.empty());

    final AtomicReference<Instant> now = new AtomicReference<>(BEGIN);
    final AtomicReference<List<CredentialState>> states = new AtomicReference<>(List.of(
            new CredentialState(
                    "main",
                    CredentialSource.Kind.OAUTH,
                    true,
                    Optional.empty(),
                    Optional.empty(),
                    List.of(),
                    false,
                    Optional.empty()),
            BENCHED));
    final AtomicLong nanos = new AtomicLong();
    final TokenThrottle throttle = new TokenThrottle(nanos::get, "admin.token");
    final AtomicReference<Optional<String>> databaseProblem = new AtomicReference<>(Optional.empty());
    final Readiness readiness = new Readiness(
            Optional.empty(),
            Optional.empty(),
            List.of(new Readiness.Check("database", databaseProblem::get, () -> true)));
    final ScriptedControl control;
    private final GatewaySettings settings = settings();
    private final AdminThreads threads = new AdminThreads(Thread::new);
    private final Server server = new Server();

    AdminSite(URI authorizeUrl) throws Exception {
        this(authorizeUrl, parts -> {});
    }

    /** Parts that only some pages need. */
    static final class Parts {
        Optional<Dashboard> dashboard = Optional.empty();
        Optional<BudgetReports> budgets = Optional.empty();
        Optional<Reconciliation> reconciliation = Optional.empty();
        Optional<Administration> administration = Optional.empty();
    }

    /** @param set sets further parts of the application */
    AdminSite(URI authorizeUrl, Consumer<Parts> set) throws Exception {
        control = new ScriptedControl(authorizeUrl, status());
        var parts = new Parts();
        set.accept(parts);
        var admin = context(parts);
        var connector = new ServerConnector(server, 1, 1);
        connector.setHost(InetAddress.getLoopbackAddress().getHostAddress());
        server.addConnector(connector);
        var context = new ServletContextHandler("/gw", ServletContextHandler.NO_SESSIONS);
        var application = TestApplication.of(joining -> join(joining, admin), readiness);
        Attributes.put(context.getServletContext(), Application.class, application);
        add(context, new ClientAuthFilter());
        var servlet = new ServletHolder(new AdminServlet());
        servlet.setAsyncSupported(true);
        context.addServlet(servlet, "/admin/*");
        var health = new ServletHolder(new HealthServlet());
        health.setAsyncSupported(true);
        context.addServlet(health, "/health/*");
        server.setHandler(context);
        server.start();
    }

    static CredentialControl.Status status() {
        return new CredentialControl.Status(
                "main",
                "oauth",
                "file " + HOSTILE,
                Optional.of("sk-planted…t9Kw"),
                Optional.of("account " + HOSTILE),
                List.of("user:inference", HOSTILE),
                Optional.of(BEGIN.plus(Duration.ofMinutes(125))),
                Optional.of(BEGIN.minus(Duration.ofMinutes(3))),
                Optional.of("the token endpoint said " + HOSTILE),
                Optional.empty());
    }

    URI uri(String path) {
        var connector = (ServerConnector) server.getConnectors()[0];
        return URI.create("http://127.0.0.1:" + connector.getLocalPort() + "/gw" + path);
    }

    /** Opens a page, signs in there, and awaits this heading. */
    void signIn(Chromium browser, String page, String heading) throws IOException, InterruptedException {
        browser.open(uri(page));
        browser.awaitFocus("textbox", "Administrator's token (admin.token)");
        browser.type(TOKEN);
        browser.press(Chromium.Key.ENTER);
        browser.await("heading", heading);
    }

    /** Looks at a page everywhere, to which the browser came by signing in. */
    static void look(Chromium browser, String name) throws IOException {
        PageLook.everywhere(browser, name);
        PageLook.look(browser, name + "-phone-dark", PageLook.PHONE, true);
        assertThat(browser.complaints())
                .allSatisfy(complaint -> assertThat(complaint).contains("the server responded with a status of 401"));
    }

    private AdminContext context(Parts parts) {
        var clients =
                ClientDirectory.of(settings.clients(), Optional.empty(), new IssuedTokens(), new FileWatch(), now::get);
        var account = new AdminContext.Account(
                Optional.empty(),
                parts.budgets,
                parts.reconciliation,
                Optional.empty(),
                new Reports(Optional.empty(), settings.prices().book(), now::get, nanos::get),
                new SpendLimits(Optional.empty(), Optional.empty(), now::get),
                new RateLimitLists(Optional.empty()));
        return new AdminContext(
                new AdminContext.Access(
                        settings.admin(),
                        clients,
                        throttle,
                        threads,
                        new SmallBodies(Runtime.getRuntime().maxMemory())),
                account,
                parts.administration,
                new ManagedCredentials(states::get, List.of(control), Optional.of(URI.create("http://login.example"))),
                idle(),
                parts.dashboard.orElseGet(
                        () -> new Dashboard(Optional.empty(), threads::shared, AdminSite::unused, now::get)),
                now::get);
    }

    private static Snapshot.Node unused() {
        throw new AssertionError("this site has no overview");
    }

    private void join(Object joining, AdminContext admin) {
        var clients = admin.access.clients();
        if (joining instanceof ClientAuthFilter filter) {
            var observers = new RequestObservers(List.of(new AccessLog(LogSettings.Format.TEXT)));
            var checks = new AdmissionChecks(new Routing(true), settings.clients(), clients, readiness);
            filter.use(new ClientAuthFilter.Parts(checks, observers));
        } else if (joining instanceof AdminServlet servlet) {
            servlet.use(admin);
        } else if (joining instanceof HealthServlet servlet) {
            var details = new HealthServlet.DetailRule(
                    settings.admin(), throttle, clients, settings.clients().header());
            servlet.use(new HealthServlet.Parts(
                    readiness, admin.gateway, states::get, settings.managed().passthrough(), details));
        }
    }

    private static void add(ServletContextHandler context, Filter filter) {
        var holder = new FilterHolder(filter);
        holder.setAsyncSupported(true);
        context.addFilter(holder, "/*", EnumSet.of(DispatcherType.REQUEST));
    }

    private static GatewaySettings settings() {
        var entries = Map.<String, Object>of(
                "warder/upstream.url",
                "http://127.0.0.1:1",
                "warder/clients.open",
                "true",
                "warder/passthrough",
                "false",
                "warder/admin.token",
                "env:A");
        var sources = new ConfigSources(
                name -> Optional.ofNullable(entries.get(name)), Map.of(), Map.of(), name -> Optional.of(TOKEN));
        return GatewaySettings.read(new SettingReader(sources, new FileWatch(), 1L << 30, 0));
    }

    void stop() throws Exception {
        server.stop();
        threads.close();
    }

    /** A gateway with nothing to do. */
    private static GatewayMXBean idle() {
        var draining = new AtomicBoolean();
        var type = GatewayMXBean.class;
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> switch (method.getReturnType().getName()) {
                    case "int" -> 0;
                    case "long" -> 0L;
                    case "boolean" -> draining.get();
                    default -> {
                        draining.set(true);
                        yield null;
                    }
                }));
    }
}
