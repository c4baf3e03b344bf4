package dev.warder.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Jetty 12.1 with a base of its own, as {@code conf/jetty/README.md} says. */
record Jetty(String name) implements AppServer {
    private static final String DESCRIPTOR = "webapps/warder.xml";
    private static final String TLS = "start.d/tls.ini";
    private static final String DRAIN = "drain";
    private static final String LOGGING = "resources/java-util-logging.properties";

    /** Looks for new files each second instead of each five, so that redeployments do not wait; what happens then is the same. */
    private static final String LOOK_OFTEN = "jetty.deploy.scanInterval=1";

    @Override
    public void prepare(Site site) throws IOException, InterruptedException {
        site.copy(Site.conf("jetty/start.d/warder.ini"), "start.d/warder.ini");
        if (!site.recipe().isEmpty()) {
            site.copy(Site.conf("jetty/tls.ini"), TLS);
            site.replace(TLS, "=8443", "=" + site.environment().get("WARDER_TLS_PORT"));
            site.replace(TLS, "/etc/warder/keys.p12", site.environment().get("WARDER_TLS_KEYS"));
            site.replace(TLS, "/etc/warder/clients.p12", site.environment().get("WARDER_TLS_CLIENTS"));
            site.replace(TLS, "changeit", site.environment().get("WARDER_TLS_PASSWORD"));
        }
        site.copy(Site.conf("jetty/" + LOGGING), LOGGING);
        site.copy(Site.conf("jetty/warder.properties"), "webapps/warder.properties");
        site.copy(Site.conf("jetty/warder.xml"), DESCRIPTOR);
        site.configure(DESCRIPTOR, "</Configure>", Jetty::entry);
        site.copyDriver("lib/ext");
        site.insert(DESCRIPTOR, "</Configure>", dataSource());
        site.place("warder.war");
        ServerProcess.tool(this, site, java(site, "--create-files"));
    }

    private static String dataSource() {
        return """
                <New class="org.eclipse.jetty.plus.jndi.EnvEntry">
                  <Arg><Ref refid="warder"/></Arg><Arg>jdbc/warder</Arg>
                  <Arg><New class="org.h2.jdbcx.JdbcDataSource"><Set name="URL">%s</Set></New></Arg>
                  <Arg type="boolean">true</Arg>
                </New>
                """
                .formatted(Site.DATABASE);
    }

    private static String entry(String name, String value) {
        return """
                <New class="org.eclipse.jetty.plus.jndi.EnvEntry">
                  <Arg><Ref refid="warder"/></Arg><Arg>warder/%s</Arg>
                  <Arg type="java.lang.String">%s</Arg><Arg type="boolean">true</Arg>
                </New>
                """
                .formatted(name, value);
    }

    @Override
    public Map<String, String> environment(Site site) {
        return Map.of("WARDER_DRAIN_FILE", drainFile(site).toString());
    }

    @Override
    public List<String> command(Site site) {
        return java(site, "jetty.http.port=" + site.port(), LOOK_OFTEN);
    }

    private static List<String> java(Site site, String... arguments) {
        var command = new ArrayList<String>();
        command.add(site.jdk().resolve("bin/java").toString());
        command.add("-Xmx256m");
        command.add(Leftovers.NO_SOFT);
        command.add(Leftovers.NO_PROFILES);
        command.add("-Djava.util.logging.config.file=" + LOGGING);
        command.add("-jar");
        command.add(site.home().resolve("start.jar").toString());
        command.addAll(List.of(arguments));
        return command;
    }

    @Override
    public void redeploy(Site site) throws IOException {
        site.place("warder.war");
        Files.setLastModifiedTime(site.folder().resolve(DESCRIPTOR), FileTime.from(Instant.now()));
    }

    @Override
    public void undeploy(Site site) throws IOException {
        Files.delete(site.folder().resolve(DESCRIPTOR));
        Files.delete(site.folder().resolve("webapps/warder.properties"));
    }

    @Override
    public Path drainFile(Site site) {
        return site.folder().resolve(DRAIN);
    }

    /** The module {@code console-capture} writes all to {@code logs/}. */
    @Override
    public Optional<Pattern> consoleLine() {
        return Optional.empty();
    }

    @Override
    public Path logs(Site site) {
        return site.folder().resolve("logs");
    }
}
