package dev.warder.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.catalina.connector.Connector;
import org.apache.tomcat.util.threads.ThreadPoolExecutor;

/** The program of a {@link GatewayProcess}: one container with the built WAR, until its standard input ends. */
final class GatewayMain {
    private static final long RENEWAL_MILLIS = 5;

    private GatewayMain() {}

    /** Runs until standard input ends; {@code arguments} are {@code TOMCAT} or {@code JETTY}, and a properties file of the settings */
    public static void main(String[] arguments) throws Exception {
        var deployment = deployment(Path.of(arguments[1]));
        Container.Starter starter =
                switch (GatewayProcess.Form.valueOf(arguments[0])) {
                    case TOMCAT -> GatewayMain::startTomcat;
                    case JETTY -> JettyContainer::start;
                    case STANDALONE -> throw new IllegalArgumentException("the standalone form has its own program");
                };
        try (var container = starter.start(deployment)) {
            if (!container.deployed()) {
                throw new IllegalStateException("the WAR did not start");
            }
            System.out.println("Warder is ready: " + container.baseUri());
            obey(System.in, container);
        }
        System.exit(0);
    }

    /** After an application has stopped, it renews a thread every few milliseconds, instead of one of 200 a second. */
    private static Container startTomcat(Deployment deployment) throws Exception {
        var connector = new Connector();
        var container = TomcatContainer.start(deployment, connector);
        ((ThreadPoolExecutor) connector.getProtocolHandler().getExecutor()).setThreadRenewalDelay(RENEWAL_MILLIS);
        return container;
    }

    private static Deployment deployment(Path file) throws IOException {
        var settings = new Properties();
        try (var reader = Files.newBufferedReader(file)) {
            settings.load(reader);
        }
        var deployment = Deployment.builtWar().withOwnLibraries();
        for (var name : settings.stringPropertyNames()) {
            deployment = deployment.with(name, settings.getProperty(name));
        }
        return deployment;
    }

    /** Carries the orders out, and reports after each how many class loaders of the application are left. */
    private static void obey(InputStream in, Container container) throws IOException {
        var loaders = new ArrayList<WeakReference<ClassLoader>>();
        loaders.add(new WeakReference<>(container.applicationLoader()));
        for (int order = in.read(); order >= 0; order = in.read()) {
            switch (order) {
                case GatewayProcess.RELOAD -> container.reload();
                case GatewayProcess.REPLACE -> container.replace();
                case GatewayProcess.UNDEPLOY -> container.undeploy();
                default -> System.gc();
            }
            if (order == GatewayProcess.RELOAD || order == GatewayProcess.REPLACE) {
                loaders.add(new WeakReference<>(container.applicationLoader()));
            }
            System.out.println("Done, class loaders: " + left(loaders));
        }
    }

    private static long left(List<WeakReference<ClassLoader>> loaders) {
        return loaders.stream().filter(loader -> loader.get() != null).count();
    }
}
