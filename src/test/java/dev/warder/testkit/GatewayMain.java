package dev.warder.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/** The program of a {@link GatewayProcess}: one container with the built WAR, until its standard input ends. */
final class GatewayMain {
    private GatewayMain() {}

    /** Runs until standard input ends; {@code arguments} are {@code TOMCAT} or {@code JETTY}, and a properties file of the settings */
    public static void main(String[] arguments) throws Exception {
        var deployment = deployment(Path.of(arguments[1]));
        Container.Starter starter =
                switch (GatewayProcess.Form.valueOf(arguments[0])) {
                    case TOMCAT -> TomcatContainer::start;
                    case JETTY -> JettyContainer::start;
                    case STANDALONE -> throw new IllegalArgumentException("the standalone form has its own program");
                };
        try (var container = starter.start(deployment)) {
            if (!container.deployed()) {
                throw new IllegalStateException("the WAR did not start");
            }
            System.out.println("Warder is ready: " + container.baseUri());
            awaitEnd(System.in);
        }
        System.exit(0);
    }

    private static Deployment deployment(Path file) throws IOException {
        var settings = new Properties();
        try (var reader = Files.newBufferedReader(file)) {
            settings.load(reader);
        }
        var deployment = Deployment.builtWar();
        for (var name : settings.stringPropertyNames()) {
            deployment = deployment.with(name, settings.getProperty(name));
        }
        return deployment;
    }

    private static void awaitEnd(InputStream in) throws IOException {
        while (in.read() >= 0) {
            // Nothing is said on it.
        }
    }
}
