package dev.warder.frontends;

import dev.warder.testkit.TemporaryFolder;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.util.Collections;
import org.apache.catalina.startup.Tomcat;
import org.apache.catalina.valves.RemoteIpValve;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.ForwardedRequestCustomizer;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/**
 * A container that believes a front end as {@code front-ends.md} says, with a servlet that tells the address and the
 * scheme which the container reports to an application.
 *
 * @param uri where it listens
 * @param end stops it
 */
record AddressProbe(URI uri, Ending end) implements AutoCloseable {
    /** Tomcat with a {@link RemoteIpValve}. */
    static AddressProbe tomcat() throws Exception {
        var folder = TemporaryFolder.create("probe");
        var tomcat = new Tomcat();
        tomcat.setBaseDir(folder.toString());
        tomcat.setPort(0);
        tomcat.getConnector().setProperty("address", "127.0.0.1");
        var valve = new RemoteIpValve();
        valve.setProtocolHeader("X-Forwarded-Proto");
        valve.setInternalProxies("127\\.0\\.0\\.1");
        tomcat.getEngine().getPipeline().addValve(valve);
        var context = tomcat.addContext("", folder.toString());
        Tomcat.addServlet(context, "tell", new Telling()).addMapping("/");
        tomcat.start();
        return new AddressProbe(address(tomcat.getConnector().getLocalPort()), () -> {
            tomcat.stop();
            tomcat.destroy();
            TemporaryFolder.delete(folder);
        });
    }

    /** Jetty with a {@link ForwardedRequestCustomizer}, as its module {@code http-forwarded} adds it. */
    static AddressProbe jetty() throws Exception {
        var server = new Server();
        var configuration = new HttpConfiguration();
        configuration.addCustomizer(new ForwardedRequestCustomizer());
        var connector = new ServerConnector(server, new HttpConnectionFactory(configuration));
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        var context = new ServletContextHandler();
        context.addServlet(new ServletHolder(new Telling()), "/");
        server.setHandler(context);
        server.start();
        return new AddressProbe(address(connector.getLocalPort()), server::stop);
    }

    @Override
    public void close() {
        try {
            end.run();
        } catch (Exception broken) {
            throw new IllegalStateException(broken);
        }
    }

    /** Stops a container in its own way. */
    interface Ending {
        void run() throws Exception;
    }

    private static URI address(int port) {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** Says address and scheme, and the field from which GlassFish and Payara would take the address. */
    private static final class Telling extends HttpServlet {
        private static final long serialVersionUID = 1;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.getOutputStream()
                    .print(String.join(
                            " ",
                            request.getRemoteAddr(),
                            request.getScheme(),
                            Boolean.toString(request.isSecure()),
                            String.join(",", Collections.list(request.getHeaders("Proxy-ip")))));
        }
    }
}
