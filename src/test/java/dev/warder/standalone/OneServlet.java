package dev.warder.standalone;

import dev.warder.cli.Command;
import dev.warder.standalone.OpenConnections.ConnectionLimits;
import dev.warder.testkit.RawClient;
import jakarta.servlet.http.HttpServlet;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A {@link WebServer} with one servlet at every path, running until it is stopped. One thread at a time. */
final class OneServlet {
    private final WebServer server;

    private OneServlet(WebServer server) {
        this.server = server;
    }

    static OneServlet start(Path folder, Class<? extends HttpServlet> servlet) throws Exception {
        Path webapp = Files.createDirectories(folder.resolve("war"));
        Files.writeString(
                Files.createDirectories(webapp.resolve("WEB-INF")).resolve("web.xml"),
                """
                <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0" metadata-complete="true">
                  <servlet>
                    <servlet-name>one</servlet-name>
                    <servlet-class>%s</servlet-class>
                    <async-supported>true</async-supported>
                  </servlet>
                  <servlet-mapping>
                    <servlet-name>one</servlet-name>
                    <url-pattern>/*</url-pattern>
                  </servlet-mapping>
                </web-app>
                """
                        .formatted(servlet.getName()));
        var server = new WebServer(
                new Command.Serve("127.0.0.1", 0, "/", false, Map.of(), List.of()),
                webapp,
                Map.of(),
                Duration.ofSeconds(1),
                ConnectionLimits.ofThisMachine());
        server.open();
        server.start();
        return new OneServlet(server);
    }

    /** A connection of its own. */
    RawClient client() throws IOException {
        return RawClient.connect(URI.create("http://127.0.0.1:" + server.port()));
    }

    void stop() throws Exception {
        server.stop();
    }
}
