package dev.warder.testkit;

import com.zaxxer.hikari.HikariDataSource;
import jakarta.servlet.DispatcherType;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Optional;
import javax.naming.NamingException;
import org.eclipse.jetty.ee.webapp.WebAppClassLoader;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.webapp.WebAppContext;
import org.eclipse.jetty.plus.jndi.EnvEntry;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.server.handler.ContextHandlerCollection;
import org.eclipse.jetty.util.FutureCallback;
import org.eclipse.jetty.util.resource.ResourceFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.xml.XmlConfiguration;

/** Jetty 12.1 ee10, set up as {@code conf/jetty/README.md} says. Thread-safe. */
public final class JettyContainer implements Container {
    /** {@link #start(Deployment)}, as the one that {@link RunningContainers} know. */
    public static final Starter STARTER = JettyContainer::start;

    private static final int HEAD_LIMIT = 64 * 1024;

    /** What the modules of a Jetty server say by themselves. */
    private static final int RESPONSE_HEAD_LIMIT = 16 * 1024;

    private final Deployment deployment;
    private final Path folder;
    private final ContainerClassLoader loader = ContainerClassLoader.jetty();
    private final Server server = new Server();
    private final ServerConnector connector;
    private final Facades facades = new Facades();
    private final ContextHandlerCollection contexts = new ContextHandlerCollection();
    private final Optional<HikariDataSource> pool;
    private volatile WebAppContext context = new WebAppContext();
    private volatile Optional<GatewayBean> bean = Optional.empty();
    private int deployments;

    private JettyContainer(Deployment deployment, Path folder, Optional<SslContextFactory.Server> tls) {
        this.connector = connector(tls);
        this.deployment = deployment;
        this.folder = folder;
        this.pool = deployment.database().filter(BoundDatabase::isPostgres).map(BoundDatabase::pool);
    }

    /** Deploys in a new Jetty, see {@link Container.Starter}. */
    public static JettyContainer start(Deployment deployment) throws Exception {
        return start(deployment, Optional.empty());
    }

    /** The same behind a connector with TLS, if it is given. */
    public static JettyContainer start(Deployment deployment, Optional<SslContextFactory.Server> tls) throws Exception {
        var container = new JettyContainer(deployment, TemporaryFolder.create("jetty"), tls);
        ConfFiles.with(container.folder, deployment, () -> container.starting(container::run));
        return container;
    }

    @Override
    public String name() {
        return "Jetty " + Server.getVersion();
    }

    @Override
    public String contextPath() {
        return deployment.contextPath();
    }

    @Override
    public URI baseUri() {
        return URI.create("http://127.0.0.1:" + connector.getLocalPort() + contextPath());
    }

    @Override
    public boolean deployed() {
        return context.isAvailable();
    }

    @Override
    public Facades facades() {
        return facades;
    }

    @Override
    public GatewayBean bean() {
        return bean.orElseThrow(() -> new AssertionError("no MBean was registered at \"" + contextPath() + "\""));
    }

    @Override
    public synchronized void undeploy() {
        ConfFiles.alone(() -> loader.run(context::stop));
    }

    @Override
    public synchronized void reload() {
        ConfFiles.alone(() -> starting(() -> {
            context.stop();
            context.setClassLoader(new WebAppClassLoader(application().parent(), context));
            context.start();
        }));
    }

    /** As Jetty's StandardDeployer does, which starts the new context before it ends the old one. */
    @Override
    public synchronized void replace() {
        ConfFiles.alone(() -> starting(() -> {
            var old = context;
            context = new WebAppContext();
            configure();
            context.setServer(server);
            context.start();
            var done = new FutureCallback();
            contexts.redeployHandler(old, context, done);
            done.get();
            contexts.manage(context);
        }));
    }

    @Override
    public synchronized ClassLoader applicationLoader() {
        return context.getClassLoader();
    }

    @Override
    public synchronized void stop() {
        if (!server.isStopped()) {
            ConfFiles.alone(() -> loader.run(server::stop));
            // Otherwise the names that are bound for the application keep it in memory.
            server.destroy();
            pool.ifPresent(HikariDataSource::close);
            TemporaryFolder.delete(folder);
            facades.assertNoLateUse();
        }
    }

    private void starting(ContainerClassLoader.Work start) throws Exception {
        bean = GatewayBean.registeredBy(contextPath(), bean, () -> loader.run(start));
    }

    private void run() throws Exception {
        connector.setHost("127.0.0.1");
        connector.setIdleTimeout(deployment.mode().idleTimeout().toMillis());
        server.addConnector(connector);
        server.setHandler(contexts);
        configure();
        contexts.addHandler(context);
        server.start();
    }

    private void configure() throws Exception {
        context.setContextPath(contextPath().isEmpty() ? "/" : contextPath());
        context.setTempDirectory(folder.resolve("context" + ++deployments).toFile());
        context.setClassLoader(new WebAppClassLoader(application().parent(), context));
        if (deployment.mode().facades()) {
            var filter = new FilterHolder(facades);
            filter.setAsyncSupported(true);
            // Before the WAR's own filters, which its descriptor adds at the start.
            context.addFilter(filter, "/*", EnumSet.of(DispatcherType.REQUEST));
        }
        deployment.settings(folder).forEach((name, value) -> context.setInitParameter("warder." + name, value));
        if (deployment.conf().isEmpty()) {
            context.setWar(application().war().toString());
        } else {
            readConf();
        }
        for (var entry : deployment.jndi().entrySet()) {
            bind(entry.getKey(), entry.getValue());
        }
        if (deployment.database().isPresent()) {
            bind(
                    "jdbc/warder",
                    pool.isPresent()
                            ? pool.get()
                            : BoundDatabase.of(deployment.database().get()));
        }
    }

    /** As Jetty's deployer does with a file of {@code webapps}; the WAR lies in the Jetty base. */
    private void readConf() throws Exception {
        var file = ConfFiles.file("jetty");
        var xml = new XmlConfiguration(ResourceFactory.of(server).newResource(file));
        xml.setJettyStandardIdsAndProperties(server, file);
        xml.getProperties()
                .put("jetty.base", application().war().resolveSibling("").toString());
        xml.configure(context);
    }

    private UnpackedWar.Application application() throws IOException {
        return UnpackedWar.of(deployment, loader);
    }

    private EnvEntry bind(String name, Object value) throws NamingException {
        return new EnvEntry(context, name, value, true);
    }

    private ServerConnector connector(Optional<SslContextFactory.Server> tls) {
        var http = new HttpConfiguration();
        http.setRequestHeaderSize(HEAD_LIMIT);
        http.setMaxResponseHeaderSize(RESPONSE_HEAD_LIMIT);
        http.setSendServerVersion(false);
        if (tls.isEmpty()) {
            return new ServerConnector(server, new HttpConnectionFactory(http));
        }
        http.addCustomizer(new SecureRequestCustomizer());
        return new ServerConnector(
                server, new SslConnectionFactory(tls.get(), "http/1.1"), new HttpConnectionFactory(http));
    }
}
