package dev.warder.testkit;

import jakarta.servlet.DispatcherType;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import javax.naming.Context;
import org.apache.catalina.Globals;
import org.apache.catalina.Lifecycle;
import org.apache.catalina.LifecycleState;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.core.StandardHost;
import org.apache.catalina.core.ThreadLocalLeakPreventionListener;
import org.apache.catalina.startup.ContextConfig;
import org.apache.catalina.startup.Tomcat;
import org.apache.catalina.util.ServerInfo;
import org.apache.naming.factory.ResourceLinkFactory;
import org.apache.tomcat.util.descriptor.web.ApplicationParameter;
import org.apache.tomcat.util.descriptor.web.ContextEnvironment;
import org.apache.tomcat.util.descriptor.web.ContextResource;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;
import org.apache.tomcat.util.modeler.Registry;
import org.apache.tomcat.util.scan.StandardJarScanner;

/** Embedded Tomcat 10.1, set up as {@code conf/tomcat/README.md} says. Thread-safe. */
public final class TomcatContainer implements Container {
    /** {@link #start(Deployment)}, as the one that {@link RunningContainers} know. */
    public static final Starter STARTER = TomcatContainer::start;

    private static final AtomicInteger RUNNING = new AtomicInteger();
    private static final AtomicInteger STARTED = new AtomicInteger();

    static {
        // Several Tomcats would register their own MBeans under the same names.
        Registry.disableRegistry();
    }

    private final Deployment deployment;
    private final Path folder;
    private final ContainerClassLoader loader = ContainerClassLoader.tomcat();
    private final Tomcat tomcat = new Tomcat();
    private final Facades facades = new Facades();
    private volatile StandardContext context = new StandardContext();

    private volatile Optional<GatewayBean> bean = Optional.empty();

    private final Connector connector;

    private TomcatContainer(Deployment deployment, Path folder, Connector connector) {
        this.deployment = deployment;
        this.folder = folder;
        this.connector = connector;
    }

    /** Deploys in a new Tomcat, see {@link Container.Starter}. */
    public static TomcatContainer start(Deployment deployment) throws Exception {
        return start(deployment, new Connector());
    }

    /** Deploys in a new Tomcat behind this connector, which is configured here. */
    public static TomcatContainer start(Deployment deployment, Connector connector) throws Exception {
        var container = new TomcatContainer(deployment, TemporaryFolder.create("tomcat"), connector);
        ConfFiles.with(container.folder, deployment, () -> container.starting(container::run));
        return container;
    }

    @Override
    public String name() {
        return ServerInfo.getServerInfo();
    }

    @Override
    public String contextPath() {
        return deployment.contextPath();
    }

    @Override
    public URI baseUri() {
        return URI.create("http://127.0.0.1:" + tomcat.getConnector().getLocalPort() + contextPath());
    }

    @Override
    public boolean deployed() {
        return context.getState() == LifecycleState.STARTED;
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
        ConfFiles.alone(() -> starting(context::reload));
    }

    /** Tomcat's deployer ends the old context first. */
    @Override
    public synchronized void replace() {
        ConfFiles.alone(() -> starting(() -> {
            var host = tomcat.getHost();
            host.removeChild(context);
            context = new StandardContext();
            configure();
            host.addChild(context);
        }));
    }

    @Override
    public synchronized ClassLoader applicationLoader() {
        return context.getLoader().getClassLoader();
    }

    /** Runs {@code task} when Tomcat has begun to stop the application, and before it tells the application so. */
    public void atStop(Runnable task) {
        context.addLifecycleListener(event -> {
            if (event.getType().equals(Lifecycle.STOP_EVENT)) {
                task.run();
            }
        });
    }

    @Override
    public synchronized void stop() {
        if (tomcat.getServer().getState() == LifecycleState.STARTED) {
            ConfFiles.alone(() -> loader.run(this::stopAlone));
            TemporaryFolder.delete(folder);
            facades.assertNoLateUse();
        }
    }

    private void stopAlone() throws Exception {
        // The global naming is one for all Tomcats of a JVM, and the last one started holds it.
        ResourceLinkFactory.setGlobalContext(tomcat.getServer().getGlobalNamingContext());
        tomcat.stop();
        tomcat.destroy();
        if (RUNNING.decrementAndGet() == 0) {
            System.clearProperty(Context.URL_PKG_PREFIXES);
        }
    }

    private void starting(ContainerClassLoader.Work start) throws Exception {
        bean = GatewayBean.registeredBy(contextPath(), bean, () -> loader.run(start));
    }

    private void run() throws Exception {
        // Left by the Tomcat before, whose folder is gone and would be made again.
        System.clearProperty(Globals.CATALINA_HOME_PROP);
        tomcat.setBaseDir(folder.toString());
        configureConnector();
        tomcat.setConnector(connector);
        // Naming goes by the names of engine, host and context: the second root context would have none.
        tomcat.getEngine().setName("Tomcat" + STARTED.incrementAndGet());
        enableNaming();
        // As server.xml has it.
        tomcat.getServer().addLifecycleListener(new ThreadLocalLeakPreventionListener());
        var host = (StandardHost) tomcat.getHost();
        host.setAppBase(Files.createDirectory(folder.resolve("webapps")).toString());
        host.setUnpackWARs(true);
        host.setParentClassLoader(loader);
        configure();
        host.addChild(context);
        tomcat.start();
    }

    private void configure() throws Exception {
        var config = new ContextConfig();
        config.setDefaultWebXml(tomcat.noDefaultWebXmlPath());
        var scanner = new StandardJarScanner();
        scanner.setScanClassPath(false);
        context.setJarScanner(scanner);
        context.setName(contextPath());
        context.setPath(contextPath());
        var application = UnpackedWar.of(deployment, loader);
        context.setDocBase(application.war().toString());
        context.setParentClassLoader(application.parent());
        context.addLifecycleListener(config);
        openNothingOfTheJdk();
        if (deployment.mode().facades()) {
            addFacades();
        }
        if (deployment.conf().isPresent()) {
            context.setConfigFile(ConfFiles.file("tomcat").toUri().toURL());
        }
        deployment.settings(folder).forEach((name, value) -> context.addApplicationParameter(parameter(name, value)));
        deployment.jndi().forEach((name, value) -> context.getNamingResources().addEnvironment(entry(name, value)));
        deployment.database().ifPresent(url -> context.getNamingResources().addResource(dataSource(url)));
    }

    /** These checks at undeployment need {@code --add-opens}, which the tests' JVM does without. */
    private void openNothingOfTheJdk() {
        context.setClearReferencesObjectStreamClassCaches(false);
        context.setClearReferencesRmiTargets(false);
        context.setClearReferencesThreadLocals(false);
    }

    /** In front of the WAR's own filters. */
    private void addFacades() {
        var filter = new FilterDef();
        filter.setFilterName("facades");
        filter.setFilter(facades);
        filter.setAsyncSupported("true");
        context.addFilterDef(filter);
        var all = new FilterMap();
        all.setFilterName("facades");
        all.addURLPattern("/*");
        all.setDispatcher(DispatcherType.REQUEST.name());
        context.addFilterMapBefore(all);
    }

    private void configureConnector() {
        connector.setPort(0);
        connector.setProperty("address", "127.0.0.1");
        connector.setProperty(
                "connectionTimeout",
                Long.toString(deployment.mode().idleTimeout().toMillis()));
        connector.setProperty("maxHttpRequestHeaderSize", "32768");
        connector.setProperty("maxHttpResponseHeaderSize", "16384");
        connector.setProperty("maxSwallowSize", "-1");
        // See conf/tomcat/README.md.
        connector.setProperty("minSpareThreads", "200");
        connector.setProperty("processorCache", "0");
    }

    /**
     * Jetty in the same JVM has a naming of its own, which the factory that Tomcat sets for all would replace; where the
     * classes of both are in sight, it also has to be without the prefix that leads to Tomcat's {@code java:}.
     */
    private void enableNaming() {
        RUNNING.incrementAndGet();
        var before = System.getProperty(Context.INITIAL_CONTEXT_FACTORY);
        tomcat.enableNaming();
        if (before == null) {
            System.clearProperty(Context.INITIAL_CONTEXT_FACTORY);
        }
    }

    private static ContextResource dataSource(String url) {
        var resource = new ContextResource();
        resource.setName("jdbc/warder");
        if (BoundDatabase.isPostgres(url)) {
            var reference = BoundDatabase.reference(url);
            resource.setType(reference.getClassName());
            resource.setProperty("factory", reference.getFactoryClassName());
            for (var each : Collections.list(reference.getAll())) {
                resource.setProperty(each.getType(), each.getContent());
            }
            return resource;
        }
        var source = BoundDatabase.h2(url);
        resource.setType(source.getClass().getName());
        resource.setDescription("H2, whose factory wants every one of these");
        resource.setProperty("loginTimeout", "0");
        resource.setProperty("factory", "org.h2.jdbcx.JdbcDataSourceFactory");
        resource.setProperty("url", source.getURL());
        resource.setProperty("user", source.getUser());
        resource.setProperty("password", "");
        return resource;
    }

    /** Tomcat forgets a parameter of the deployment descriptor's kind when the context stops. */
    private static ApplicationParameter parameter(String name, String value) {
        var parameter = new ApplicationParameter();
        parameter.setName("warder." + name);
        parameter.setValue(value);
        parameter.setOverride(false);
        return parameter;
    }

    private static ContextEnvironment entry(String name, String value) {
        var entry = new ContextEnvironment();
        entry.setName(name);
        entry.setType("java.lang.String");
        entry.setValue(value);
        entry.setOverride(false);
        return entry;
    }
}
