package dev.warder.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** WildFly with a base folder of its own, set up and given the WAR by its CLI as {@code conf/wildfly/README.md} says. */
record WildFly(String name) implements AppServer {
    private static final Pattern CONSOLE = Pattern.compile("(\\x1b\\[[0-9;]*m)*\\d\\d:\\d\\d:\\d\\d,");
    private static final String OVERLAY = "jboss-web.xml";
    private static final String RESOURCE = "<!-- The DataSource; the deployment waits for it.";
    /** H2 keeps an exception from its first use, and with it the classes of the deployment that called: WildFly calls first. */
    private static final String FIRST_CONNECTION = "/subsystem=datasources/data-source=warder:test-connection-in-pool";

    private static final Duration START = Duration.ofSeconds(90);

    @Override
    public void prepare(Site site) throws IOException {
        try (var files = Files.list(site.home().resolve("standalone/configuration"))) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                site.copy(file, "standalone/configuration/" + file.getFileName());
            }
        }
        Files.createDirectories(site.folder().resolve("standalone/deployments"));
        site.copy(Site.conf("wildfly/warder.cli"), "warder.cli");
        site.copy(Site.conf("wildfly/jboss-web.xml"), OVERLAY);
        site.uncomment(OVERLAY, RESOURCE);
        site.configure(OVERLAY, "</jboss-web>", WildFly::entry);
        site.place("warder.war");
    }

    private static String entry(String name, String value) {
        return """
                <env-entry>
                  <env-entry-name>warder/%s</env-entry-name>
                  <env-entry-type>java.lang.String</env-entry-type>
                  <env-entry-value>%s</env-entry-value>
                </env-entry>
                """
                .formatted(name, value);
    }

    @Override
    public Map<String, String> environment(Site site) {
        return Map.of("JBOSS_HOME", site.home().toString(), "JAVA_OPTS", "-Xmx320m " + Leftovers.NO_SOFT);
    }

    @Override
    public List<String> command(Site site) {
        return List.of(
                "sh",
                site.home().resolve("bin/standalone.sh").toString(),
                "-Djboss.server.base.dir=" + site.folder().resolve("standalone"),
                "-Djboss.http.port=" + site.port(),
                "-Djboss.https.port=" + site.environment().getOrDefault("WARDER_TLS_PORT", "0"),
                "-Djboss.management.http.port=" + site.adminPort());
    }

    /** The script fails where the WAR does not start, which shows in the log. */
    @Override
    public void deploy(Site site) throws IOException, InterruptedException {
        var log = logs(site).resolve("server.log");
        Patience.eventually(() -> "WildFly has started", START, () -> Site.contains(log, "WFLYSRV0025"));
        cli(
                site,
                "--command=data-source add --name=warder --jndi-name=java:jboss/datasources/warder --driver-name=h2"
                        + " --connection-url=" + Site.DATABASE + " --user-name=sa --password=sa");
        cli(site, "--command=" + FIRST_CONNECTION);
        if (!site.recipe().isEmpty()) {
            cli(site, "--file=" + Site.conf("wildfly/" + site.recipe() + ".cli"));
        }
        cli(site, "--file=warder.cli");
    }

    @Override
    public void redeploy(Site site) throws IOException, InterruptedException {
        cli(site, "--commands=deploy --force warder.war");
    }

    @Override
    public void undeploy(Site site) throws IOException, InterruptedException {
        cli(site, "--commands=undeploy warder.war,deployment-overlay remove --name=warder");
    }

    private void cli(Site site, String what) throws IOException, InterruptedException {
        var cli = site.home().resolve("bin/jboss-cli.sh").toString();
        var controller = "--controller=127.0.0.1:" + site.adminPort();
        ServerProcess.tool(this, site, List.of("sh", cli, controller, "--connect", what));
    }

    /**
     * Two idle threads of WildFly's pool never end, and each holds a request that it worked for: in heap dumps by a local
     * variable of {@code EnhancedQueueExecutor.runThreadBody}. Both of an older deployment is the most that was seen.
     */
    @Override
    public int mostDeployments(int redeployments) {
        return 3;
    }

    @Override
    public Path drainFile(Site site) {
        return site.folder().resolve("standalone/data/warder.drain");
    }

    /** WildFly's configuration has a handler for the console beside that for {@code server.log}. */
    @Override
    public Optional<Pattern> consoleLine() {
        return Optional.of(CONSOLE);
    }

    @Override
    public Path logs(Site site) {
        return site.folder().resolve("standalone/log");
    }
}
