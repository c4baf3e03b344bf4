package dev.warder.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.config.FileWatch;
import dev.warder.config.SettingReader;
import dev.warder.config.SettingReader.ConfigSources;
import dev.warder.http.Application;
import dev.warder.http.Attributes;
import dev.warder.http.Readiness;
import dev.warder.http.Routing;
import dev.warder.record.RequestObservers;
import dev.warder.testkit.TestApplication;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.UnavailableException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.http.HttpTester;
import org.eclipse.jetty.server.LocalConnector;
import org.eclipse.jetty.server.Server;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the first filter makes of what goes wrong behind it, on a Jetty without a network. */
class ClientAuthFilterTest {
    private static final String STOPPING = "\"overloaded_error\",\"message\":\"The gateway is stopping.\"";

    private final Readiness readiness = new Readiness(Optional.empty(), Optional.empty(), List.of());
    private final Server server = new Server();
    private final LocalConnector connector = new LocalConnector(server);
    private Behind behind = (request, response) -> response.setStatus(204);

    /** What is done behind the filter. */
    @FunctionalInterface
    private interface Behind {
        void handle(HttpServletRequest request, HttpServletResponse response) throws ServletException;
    }

    @BeforeEach
    void start() throws Exception {
        var context = new ServletContextHandler("/gw");
        var clients = clients();
        var directory = ClientDirectory.of(
                clients, Optional.empty(), new IssuedTokens(), new FileWatch(), InstantSource.system());
        var application = TestApplication.of(
                filter -> ((ClientAuthFilter) filter)
                        .use(new ClientAuthFilter.Parts(
                                new AdmissionChecks(new Routing(true), clients, directory, readiness),
                                new RequestObservers(List.of()))),
                readiness);
        Attributes.put(context.getServletContext(), Application.class, application);
        context.addFilter(new FilterHolder(new ClientAuthFilter()), "/*", EnumSet.of(DispatcherType.REQUEST));
        context.addFilter(new FilterHolder(new Given()), "/*", EnumSet.of(DispatcherType.REQUEST));
        server.setHandler(context);
        server.addConnector(connector);
        server.start();
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/files", "/health/live", "/health/ready", "/admin/drain"})
    void letsNothingThroughOnceTheContainerTakesServletsDown(String path) throws Exception {
        assertThat(get(path).getStatus()).isEqualTo(204);
        readiness.stop();
        assertStopping(get(path));
    }

    /** Open Liberty's words for a filter that is taken down while a request is on its way to it. */
    @Test
    void answersThatItStopsWhenAFilterHasGoneMeanwhile() throws Exception {
        behind = (request, response) -> {
            readiness.stop();
            throw new ServletException("Filter [CredentialResolutionFilter]: filter is unavailable.");
        };
        assertStopping(get("/v1/files"));
    }

    /** Open Liberty takes no more requests for a servlet for a while before it destroys it, and wraps the exception. */
    @Test
    void answersThatItStopsWhenAServletIsUnavailable() throws Exception {
        behind = (request, response) -> {
            throw new ServletException(new UnavailableException("going"));
        };
        assertStopping(get("/v1/files"));
        behind = (request, response) -> {
            throw new UnavailableException("going");
        };
        assertStopping(get("/v1/files"));
    }

    @Test
    void answersAnyOtherFaultAsItsOwn() throws Exception {
        behind = (request, response) -> {
            throw new ServletException("secret words");
        };
        assertInternal(get("/v1/files"));
        behind = (request, response) -> {
            readiness.stop();
            throw new IllegalStateException("secret words");
        };
        assertInternal(get("/v1/files"));
    }

    private static void assertStopping(HttpTester.Response answer) {
        assertThat(answer.getStatus()).isEqualTo(503);
        assertThat(answer.get("retry-after")).isEqualTo("5");
        assertThat(answer.getContent()).contains(STOPPING);
    }

    private static void assertInternal(HttpTester.Response answer) {
        assertThat(answer.getStatus()).isEqualTo(500);
        assertThat(answer.getContent()).contains("\"api_error\"").doesNotContain("secret words");
    }

    private HttpTester.Response get(String path) throws Exception {
        return HttpTester.parseResponse(
                connector.getResponse("GET /gw" + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
    }

    private static ClientSettings clients() {
        var settings = Map.of("warder.clients.open", "true");
        var sources = new ConfigSources(name -> Optional.empty(), Map.of(), settings, name -> Optional.empty());
        return new SettingReader(sources, new FileWatch(), 1L << 30, 0)
                .readAll(reader -> ClientSettings.read(false, reader));
    }

    /** Does what the test says; a filter, since Jetty keeps what a servlet says of its availability to itself. */
    private final class Given extends HttpFilter {
        private static final long serialVersionUID = 1;

        @Override
        protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                throws ServletException {
            behind.handle(request, response);
        }
    }
}
