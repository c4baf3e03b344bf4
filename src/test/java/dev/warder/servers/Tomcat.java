package dev.warder.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Tomcat 10.1 or 11 with a base folder of its own, as {@code conf/tomcat/README.md} says. */
record Tomcat(String name) implements AppServer {
    private static final Pattern CONSOLE = Pattern.compile("\\d\\d-\\p{L}{3}-\\d{4} ");
    private static final String DESCRIPTOR = "conf/Catalina/localhost/warder.xml";
    private static final String SERVER = "conf/server.xml";
    private static final String DRAIN = "drain";
    private static final String WAR = "webapps/warder.war";

    /** Looks for new files each second instead of each ten, so that redeployments do not wait; what happens then is the same. */
    private static final String LOOK_OFTEN = "backgroundProcessorDelay=\"1\" ";

    private static final String ALL_THREADS = "minSpareThreads=\"200\"";

    /**
     * Of these all are started by Tomcat itself, as of the 200, but to renew them after a redeployment takes as many seconds as there
     * are threads.
     */
    private static final String FEW_THREADS = "maxThreads=\"12\" minSpareThreads=\"12\"";

    /** What the README says for H2, which keeps an exception of its first use. */
    private static final String FIRST_BY_TOMCAT = "classesToInitialize=\"org.h2.message.DbException\" ";

    @Override
    public void prepare(Site site) throws IOException {
        for (var file : List.of("web.xml", "catalina.properties", "logging.properties")) {
            site.copy(site.home().resolve("conf").resolve(file), "conf/" + file);
        }
        for (var empty : List.of("lib", "logs", "temp", "webapps", "work")) {
            Files.createDirectories(site.folder().resolve(empty));
        }
        site.copy(Site.conf("tomcat/server.xml"), SERVER);
        if (!site.recipe().isEmpty()) {
            site.uncomment(SERVER, "<!-- " + site.recipe() + ": see README.md");
        }
        site.replace(SERVER, ALL_THREADS, FEW_THREADS);
        site.insert(SERVER, "defaultHost=", LOOK_OFTEN);
        site.insert(SERVER, "className=\"org.apache.catalina.core.JreMemoryLeakPreventionListener\"", FIRST_BY_TOMCAT);
        site.copy(Site.conf("tomcat/setenv.sh"), "bin/setenv.sh");
        site.copy(Site.conf("tomcat/warder.xml"), DESCRIPTOR);
        site.configure(DESCRIPTOR, "</Context>", Tomcat::entry);
        site.copyDriver("lib");
        site.insert(DESCRIPTOR, "</Context>", dataSource());
        site.place(WAR);
    }

    private static String dataSource() {
        return """
                <Resource name="jdbc/warder" auth="Container" type="javax.sql.DataSource" closeMethod="close"
                          driverClassName="org.h2.Driver" url="%s" username="sa" password=""/>
                """
                .formatted(Site.DATABASE);
    }

    private static String entry(String name, String value) {
        return "<Environment name=\"warder/%s\" type=\"java.lang.String\" value=\"%s\" override=\"false\"/>\n"
                .formatted(name, value);
    }

    @Override
    public Map<String, String> environment(Site site) {
        return Map.of(
                "CATALINA_BASE", site.folder().toString(),
                "CATALINA_HOME", site.home().toString(),
                "JAVA_OPTS", "-Xmx256m " + Leftovers.NO_SOFT + " " + Leftovers.NO_PROFILES,
                "WARDER_DRAIN_FILE", drainFile(site).toString(),
                "WARDER_PORT", Integer.toString(site.port()));
    }

    @Override
    public List<String> command(Site site) {
        return List.of("sh", site.home().resolve("bin/catalina.sh").toString(), "run");
    }

    @Override
    public void redeploy(Site site) throws IOException {
        site.place(WAR);
    }

    @Override
    public void undeploy(Site site) throws IOException {
        Files.delete(site.folder().resolve(WAR));
    }

    @Override
    public Path drainFile(Site site) {
        return site.folder().resolve(DRAIN);
    }

    /** Tomcat's {@code logging.properties} has a handler for the console beside those for files. */
    @Override
    public Optional<Pattern> consoleLine() {
        return Optional.of(CONSOLE);
    }

    @Override
    public Path logs(Site site) {
        return site.folder().resolve("logs");
    }
}
