package dev.warder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.admin.OrganizationFilter;
import dev.warder.auth.AdmissionChecks;
import dev.warder.auth.ClientAuthFilter;
import dev.warder.auth.ClientDirectory;
import dev.warder.auth.IssuedTokens;
import dev.warder.config.FileWatch;
import dev.warder.config.SettingReader;
import dev.warder.config.SettingReader.ConfigSources;
import dev.warder.contract.Eventually;
import dev.warder.edit.ModelAliasFilter;
import dev.warder.edit.PromptInjectionFilter;
import dev.warder.http.Application;
import dev.warder.http.Attributes;
import dev.warder.http.Readiness;
import dev.warder.http.Routing;
import dev.warder.openai.OpenAiFilter;
import dev.warder.record.RequestObservers;
import dev.warder.testkit.TestApplication;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.http.HttpTester;
import org.eclipse.jetty.server.LocalConnector;
import org.eclipse.jetty.server.Server;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests between the filters while Jetty, which does not wait for them, takes the application down; without a network. */
class TakeDownTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final Readiness readiness = new Readiness(Optional.empty(), Optional.empty(), List.of());
    private final Server server = new Server();
    private final LocalConnector connector = new LocalConnector(server);
    private final CountDownLatch inside = new CountDownLatch(1);
    private final CountDownLatch onward = new CountDownLatch(1);

    @AfterEach
    void stop() throws Exception {
        onward.countDown();
        server.stop();
    }

    static List<Filter> lastFilters() {
        return List.of(
                new PromptInjectionFilter(), new OpenAiFilter(), new ModelAliasFilter(), new OrganizationFilter());
    }

    /** Jetty destroys the last filter first, in whichever order it has them. */
    @ParameterizedTest
    @MethodSource("lastFilters")
    void servesARequestThatIsBetweenTheFilters(Filter destroyedFirst) throws Exception {
        var last = new FilterHolder(destroyedFirst);
        var context = context(last);
        var response = CompletableFuture.supplyAsync(this::get);
        assertThat(inside.await(20, TimeUnit.SECONDS)).isTrue();
        var stopped = CompletableFuture.runAsync(() -> stop(context));
        Eventually.holds(LIMIT, () -> readiness.stopping() || last.getFilter() == null);
        onward.countDown();
        assertThat(response.get(20, TimeUnit.SECONDS).getStatus()).isEqualTo(204);
        stopped.get(20, TimeUnit.SECONDS);
    }

    private ServletContextHandler context(FilterHolder last) throws Exception {
        var context = new ServletContextHandler("/gw");
        var settings = GatewaySettings.read(new SettingReader(
                new ConfigSources(
                        name -> Optional.empty(),
                        Map.of(),
                        Map.of("warder.clients.open", "true"),
                        name -> Optional.empty()),
                new FileWatch(),
                1L << 30,
                0));
        Attributes.put(
                context.getServletContext(),
                Application.class,
                TestApplication.of(joining -> join(joining, settings), readiness));
        context.addFilter(new FilterHolder(new ClientAuthFilter()), "/*", EnumSet.of(DispatcherType.REQUEST));
        context.addFilter(new FilterHolder(new Held()), "/*", EnumSet.of(DispatcherType.REQUEST));
        context.addFilter(last, "/*", EnumSet.of(DispatcherType.REQUEST));
        context.addServlet(new ServletHolder(new NoContent()), "/*");
        server.setHandler(context);
        server.addConnector(connector);
        server.start();
        return context;
    }

    private void join(Object joining, GatewaySettings settings) {
        if (joining instanceof ClientAuthFilter filter) {
            var clients = ClientDirectory.of(
                    settings.clients(), Optional.empty(), new IssuedTokens(), new FileWatch(), InstantSource.system());
            filter.use(new ClientAuthFilter.Parts(
                    new AdmissionChecks(new Routing(true), settings.clients(), clients, readiness),
                    new RequestObservers(List.of())));
        } else if (joining instanceof ModelAliasFilter filter) {
            filter.use(settings.models());
        } else if (joining instanceof PromptInjectionFilter filter) {
            filter.use(settings.prompt());
        }
    }

    private HttpTester.Response get() {
        try {
            return HttpTester.parseResponse(
                    connector.getResponse("GET /gw/v1/files HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
        } catch (Exception failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static void stop(ServletContextHandler context) {
        try {
            context.stop();
        } catch (Exception failed) {
            throw new IllegalStateException(failed);
        }
    }

    private final class Held extends HttpFilter {
        private static final long serialVersionUID = 1;

        @Override
        protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                throws IOException, ServletException {
            inside.countDown();
            try {
                assertThat(onward.await(20, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException stop) {
                throw new IllegalStateException(stop);
            }
            chain.doFilter(request, response);
        }
    }

    private static final class NoContent extends HttpServlet {
        private static final long serialVersionUID = 1;

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) {
            response.setStatus(204);
        }
    }
}
