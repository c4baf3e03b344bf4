package dev.warder.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Open Liberty with a user folder of its own, as {@code conf/liberty/README.md} says. */
record Liberty(String name) implements AppServer {
    private static final String SERVER = "usr/servers/warder/";
    private static final String DESCRIPTOR = SERVER + "server.xml";
    private static final String WAR = SERVER + "apps/warder.war";

    @Override
    public void prepare(Site site) throws IOException, InterruptedException {
        ServerProcess.tool(this, site, server(site, "create"));
        site.copy(Site.conf("liberty/server.xml"), DESCRIPTOR);
        site.copy(Site.conf("liberty/datasource.xml"), SERVER + "configDropins/overrides/datasource.xml");
        if (!site.recipe().isEmpty()) {
            var dropin = site.recipe() + ".xml";
            site.copy(Site.conf("liberty/" + dropin), SERVER + "configDropins/overrides/" + dropin);
        }
        site.copyDriver(SERVER + "jdbc");
        site.configure(DESCRIPTOR, "</web-bnd>", Liberty::entry);
        Files.writeString(site.folder().resolve(SERVER + "server.env"), values(site));
        Files.writeString(site.folder().resolve(SERVER + "jvm.options"), "-Xmx320m\n" + Leftovers.NO_SOFT + "\n");
        site.place(WAR);
    }

    private static String entry(String name, String value) {
        return "<env-entry name=\"warder/%s\" value=\"%s\"/>\n".formatted(name, value);
    }

    private static String values(Site site) {
        var values = new TreeMap<>(site.environment());
        values.put("WARDER_HTTP_PORT", Integer.toString(site.port()));
        values.put("WARDER_DB_URL", Site.DATABASE);
        values.put("WARDER_DB_USER", "sa");
        values.put("WARDER_DB_PASSWORD", "sa");
        return values.entrySet().stream()
                .map(each -> each.getKey() + "=" + each.getValue() + "\n")
                .collect(Collectors.joining());
    }

    @Override
    public Map<String, String> environment(Site site) {
        return Map.of(
                "WLP_USER_DIR", site.folder().resolve("usr").toString(),
                "WLP_OUTPUT_DIR", site.folder().resolve("usr/servers").toString());
    }

    @Override
    public List<String> command(Site site) {
        return server(site, "run");
    }

    private static List<String> server(Site site, String action) {
        return List.of("sh", site.home().resolve("bin/server").toString(), action, "warder");
    }

    @Override
    public void redeploy(Site site) throws IOException {
        site.place(WAR);
    }

    @Override
    public void undeploy(Site site) throws IOException {
        var descriptor = site.folder().resolve(DESCRIPTOR);
        var without = Files.readString(descriptor).replaceFirst("(?s)<webApplication .*</webApplication>", "");
        Files.writeString(descriptor, without);
    }

    /**
     * A logger of Liberty holds the class that asked for it first ({@code TraceComponent.aClass}), and is itself held by the
     * running deployment that asked for it again: in a heap dump all of them led to the first deployment.
     */
    @Override
    public int mostDeployments(int redeployments) {
        return 2;
    }

    @Override
    public Path drainFile(Site site) {
        return site.folder().resolve(SERVER + "warder.drain");
    }

    /** Liberty shows on the console what is {@code AUDIT} and above, and what applications print. */
    @Override
    public Optional<Pattern> consoleLine() {
        return Optional.empty();
    }

    @Override
    public Path logs(Site site) {
        return site.folder().resolve(SERVER + "logs");
    }
}
