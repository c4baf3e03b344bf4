package dev.warder.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfFilesTest {
    private static final String ENVIRONMENT_OPTION = "-Dorg.apache.tomcat.util.digester.PROPERTY_SOURCE="
            + "org.apache.tomcat.util.digester.EnvironmentPropertySource";
    private static final String WEB_XML =
            """
            <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0" metadata-complete="true">
              <absolute-ordering/>
              <servlet><servlet-name>probe</servlet-name><servlet-class>%s</servlet-class></servlet>
              <servlet-mapping><servlet-name>probe</servlet-name><url-pattern>/*</url-pattern></servlet-mapping>
            </web-app>
            """;

    @ParameterizedTest
    @CsvSource({"jetty", "tomcat"})
    void takeValuesFromTheEnvironmentAndHaveDefaults(String container, @TempDir Path folder) throws Exception {
        var output = folder.resolve("output");
        var errors = folder.resolve("errors");
        var builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        ENVIRONMENT_OPTION,
                        ConfProbe.class.getName(),
                        container,
                        war(folder).toString())
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile());
        builder.environment().put("WARDER_UPSTREAM_KEY", "from-environment");
        var process = builder.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(() -> read(errors)).isZero();
        assertThat(output).hasContent("found https://api.anthropic.com\nfound from-environment\nfound ");
    }

    @Test
    void switchTheEnvironmentOnByTheOptionThatTheTestUses() {
        assertThat(read(ConfFiles.file("tomcat").resolveSibling("setenv.sh"))).contains(ENVIRONMENT_OPTION);
    }

    /** An unpacked WAR with nothing but {@link ProbeServlet}, under the name that the files of {@code conf/} have. */
    private static Path war(Path folder) throws IOException {
        var war = folder.resolve("warder.war");
        var name = ProbeServlet.class.getName();
        var file = name.replace('.', '/') + ".class";
        var target = war.resolve("WEB-INF/classes").resolve(file);
        Files.createDirectories(target.getParent());
        Files.writeString(war.resolve("WEB-INF/web.xml"), WEB_XML.formatted(name));
        try (var in = ClassLoader.getSystemResourceAsStream(file)) {
            Files.copy(Objects.requireNonNull(in), target);
        }
        return war;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** Runs in a JVM of its own with an environment of the test's: deploys the WAR with conf/ and prints what it sees. */
    static final class ConfProbe {
        private ConfProbe() {}

        public static void main(String[] arguments) throws Exception {
            var deployment =
                    Deployment.of(Path.of(arguments[1])).withConfAsGiven().withOwnLibraries();
            Container.Starter starter = arguments[0].equals("jetty") ? JettyContainer::start : TomcatContainer::start;
            try (var container = starter.start(deployment)) {
                for (var name : List.of("upstream.url", "secret.key", "secret.token")) {
                    var request = RawRequest.of("GET", "/?warder/" + name);
                    System.out.println(
                            RawClient.exchange(container.baseUri(), request).text());
                }
            }
        }
    }

    /** Answers with what is bound under the name in the query. Thread-safe. */
    public static final class ProbeServlet extends HttpServlet {
        private static final long serialVersionUID = 1;

        /** Made by the container. */
        public ProbeServlet() {}

        @Override
        @SuppressWarnings("BanJNDI") // The names come from the test.
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            try {
                var found = new InitialContext().lookup("java:comp/env/" + request.getQueryString());
                response.getWriter().print("found " + found);
            } catch (NamingException missing) {
                response.getWriter().print("missing");
            }
        }
    }
}
