package dev.warder.bench;

import jakarta.servlet.Servlet;
import java.util.Map;
import org.eclipse.jetty.ee10.proxy.AsyncProxyServlet;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.mitre.dsmiley.httpproxy.ProxyServlet;

/** A proxy servlet of somebody else on embedded Jetty, as a peer of the load benchmark: {@code async|smiley PORT UPSTREAM}. */
public final class Peer {

    private static final int IDLE_MILLIS = 120_000;

    private Peer() {}

    /**
     * Serves until the process ends.
     *
     * @param args the peer's name, the port on the loopback interface, the URL of the upstream
     */
    public static void main(String[] args) throws Exception {
        var holder =
                switch (args[0]) {
                    case "async" -> holder(new AsyncProxyServlet.Transparent(), async(args[2]));
                    case "smiley" -> holder(new ProxyServlet(), smiley(args[2]));
                    default -> throw new IllegalArgumentException("use: async|smiley PORT UPSTREAM");
                };
        var server = server(Integer.parseInt(args[1]));
        var context = new ServletContextHandler("/");
        context.addServlet(holder, "/*");
        server.setHandler(context);
        server.start();
        server.join();
    }

    private static Server server(int port) {
        var settings = new HttpConfiguration();
        settings.setSendServerVersion(false);
        var server = new Server();
        var connector = new ServerConnector(server, new HttpConnectionFactory(settings));
        connector.setHost("127.0.0.1");
        connector.setPort(port);
        connector.setAcceptQueueSize(4096);
        connector.setIdleTimeout(IDLE_MILLIS);
        server.addConnector(connector);
        return server;
    }

    private static ServletHolder holder(Servlet servlet, Map<String, String> settings) {
        var holder = new ServletHolder(servlet);
        holder.setInitParameters(settings);
        holder.setAsyncSupported(true);
        return holder;
    }

    /** Nothing is cut off and nobody waits for a connection; buffers and threads as they come. */
    private static Map<String, String> async(String upstream) {
        return Map.of("proxyTo", upstream, "timeout", "0", "idleTimeout", "0", "maxConnections", "65536");
    }

    /** The default of two connections to a host would measure a queue. */
    private static Map<String, String> smiley(String upstream) {
        return Map.of("targetUri", upstream, "log", "false", "http.maxConnections", "65536");
    }
}
