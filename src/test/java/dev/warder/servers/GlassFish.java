package dev.warder.servers;

import static dev.warder.servers.Patience.eventually;
import static dev.warder.servers.Patience.pause;

import dev.warder.testkit.FreePort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * GlassFish, or Payara that came of it, with a domain of its own, as {@code conf/glassfish/README.md} and
 * {@code conf/payara/README.md} say.
 *
 * @param conf the folder below {@code conf/}
 */
record GlassFish(String name, String conf) implements AppServer {
    private static final Pattern CONSOLE = Pattern.compile("\\[#\\||dev\\.warder package set with log level");
    private static final Duration START = Duration.ofMinutes(2);
    private static final String STARTED = "startup time";
    private static final String DOMAIN = "domains/warder";
    private static final String DOMAIN_XML = DOMAIN + "/config/domain.xml";
    private static final String SCRIPT = "warder.asadmin";
    private static final String WAR = "warder.war";
    private static final String UPSTREAM = "https://api.anthropic.com";
    private static final List<String> PORTS = List.of(
            "http.ssl.port",
            "jms.port",
            "orb.listener.port",
            "orb.ssl.port",
            "orb.mutualauth.port",
            "domain.jmxPort",
            "java.debugger.port",
            "osgi.shell.telnet.port");

    @Override
    public void prepare(Site site) throws IOException, InterruptedException {
        createDomain(site);
        site.insert(DOMAIN_XML, "<jvm-options>", "<jvm-options>" + Leftovers.NO_SOFT + "</jvm-options>");
        site.replace(DOMAIN_XML, "\"0.0.0.0\"", "\"127.0.0.1\"");
        site.replace(DOMAIN_XML, "\"7676\"", "\"" + FreePort.next() + "\"");
        site.replace(DOMAIN_XML, "<network-listener port", "<network-listener address=\"127.0.0.1\" port");
        site.replace(
                DOMAIN_XML,
                "<hazelcast-config-specific-configuration>",
                "<hazelcast-config-specific-configuration enabled=\"false\">");
        site.copyDriver(DOMAIN + "/lib");
        site.place(WAR);
        site.copy(Site.conf(conf + "/" + SCRIPT), SCRIPT);
        site.replace(SCRIPT, UPSTREAM, site.environment().getOrDefault("WARDER_UPSTREAM_URL", UPSTREAM));
        site.configure(SCRIPT, "enable warder", GlassFish::entry);
    }

    private void createDomain(Site site) throws IOException, InterruptedException {
        var taken = new HashSet<>(List.of(site.port(), site.adminPort()));
        var ports = new ArrayList<String>();
        for (var port : PORTS) {
            ports.add(port + "=" + another(taken));
        }
        asadmin(
                site,
                "create-domain",
                "--nopassword=true",
                "--domaindir=domains",
                "--adminport=" + site.adminPort(),
                "--instanceport=" + site.port(),
                "--domainproperties=" + String.join(":", ports),
                "warder");
    }

    /** A free port unlike the others: twice asked, the machine may give the same one. */
    private static int another(Set<Integer> taken) {
        int port = FreePort.next();
        while (!taken.add(port)) {
            port = FreePort.next();
        }
        return port;
    }

    private static String entry(String name, String value) {
        return "set-web-env-entry --name warder/%s --type java.lang.String --value \"%s\" warder\n"
                .formatted(name, value);
    }

    /** Administered through a port of its own, without a question and without a trace in the user's home. */
    @Override
    public Map<String, String> environment(Site site) {
        return Map.of(
                "AS_JAVA",
                site.jdk().toString(),
                "AS_ADMIN_PORT",
                Integer.toString(site.adminPort()),
                "AS_ADMIN_INTERACTIVE",
                "false",
                "JAVA_TOOL_OPTIONS",
                "-Duser.home=" + site.folder());
    }

    @Override
    public List<String> command(Site site) {
        return command(site, "start-domain", "--domaindir=domains", "--verbose", "warder");
    }

    private static List<String> command(Site site, String... arguments) {
        var command = new ArrayList<String>();
        command.add(site.home().resolve("bin/asadmin").toString());
        command.addAll(List.of(arguments));
        return command;
    }

    private void asadmin(Site site, String... arguments) throws IOException, InterruptedException {
        ServerProcess.tool(this, site, command(site, arguments));
    }

    @Override
    public void deploy(Site site) throws IOException, InterruptedException {
        awaitStart(site);
        createAlias(site, "warder-key", site.environment().get("WARDER_UPSTREAM_KEY"));
        createAlias(site, "warder-token", site.environment().get("WARDER_CLIENTS_TOKEN"));
        createDataSource(site);
        asadmin(site, "multimode", "--file", SCRIPT);
    }

    /**
     * GlassFish 7.0.21 ends the thread that writes {@code server.log} while it starts, once in a dozen starts, and begins
     * again when a level is set.
     */
    private void awaitStart(Site site) throws IOException, InterruptedException {
        var log = logs(site).resolve("server.log");
        var console = site.folder().resolve("console.log");
        eventually(() -> name + " runs", START, () -> Site.contains(console, STARTED));
        pause(1000);
        if (!Site.contains(log, STARTED)) {
            asadmin(site, "set-log-levels", "dev.warder=INFO");
        }
    }

    private void createAlias(Site site, String alias, @Nullable String value) throws IOException, InterruptedException {
        if (value != null) {
            Files.writeString(site.folder().resolve("password"), "AS_ADMIN_ALIASPASSWORD=" + value + "\n");
            asadmin(site, "--passwordfile", "password", "create-password-alias", alias);
        }
    }

    private void createDataSource(Site site) throws IOException, InterruptedException {
        createAlias(site, "warder-db", "sesame");
        var url = Site.DATABASE.replaceAll("[:;=]", "\\\\$0");
        asadmin(
                site,
                "create-jdbc-connection-pool",
                "--restype=java.sql.Driver",
                "--driverclassname=org.h2.Driver",
                "--property",
                "url=\"" + url + "\":user=sa:password=${ALIAS\\=warder-db}",
                "warder");
        asadmin(site, "create-jdbc-resource", "--connectionpoolid", "warder", "jdbc/warder");
        asadmin(site, "ping-connection-pool", "warder");
    }

    @Override
    public void redeploy(Site site) throws IOException, InterruptedException {
        site.place(WAR);
        asadmin(site, "redeploy", "--name", "warder", WAR);
    }

    @Override
    public void undeploy(Site site) throws IOException, InterruptedException {
        asadmin(site, "undeploy", "warder");
    }

    /**
     * GlassFish 7.0.21 keeps a listener of each deploy command, and with it the class loader that the command made. Both it
     * and 8.0.0 keep the deployment that asked the DataSource first: their {@code ConnectorTimerProxy} begins a thread then,
     * which has that deployment's context class loader, and its invocation in an inheritable {@code ThreadLocal}, for good.
     * 8.0.0 also keeps each deployment that requests come for while it stops: when the servlet of an error page is already
     * unavailable, the invocation that was noted for the dispatch stays in a {@code ThreadLocal} of the thread (in a heap dump
     * 482 of them on five threads, for 482 such warnings in the log).
     */
    @Override
    public int mostDeployments(int redeployments) {
        return switch (name) {
            case "glassfish7", "glassfish8" -> redeployments + 1;
            default -> 1;
        };
    }

    @Override
    public Path drainFile(Site site) {
        return site.folder().resolve(DOMAIN + "/warder.drain");
    }

    /** {@code start-domain --verbose} repeats the log on the console, where {@code asadmin set-log-levels} answers, too. */
    @Override
    public Optional<Pattern> consoleLine() {
        return Optional.of(CONSOLE);
    }

    @Override
    public Path logs(Site site) {
        return site.folder().resolve(DOMAIN).resolve("logs");
    }
}
