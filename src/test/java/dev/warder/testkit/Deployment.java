package dev.warder.testkit;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What to deploy and how. Every method answers a changed copy. Immutable; thread-safe.
 *
 * @param war the WAR file
 * @param contextPath empty for the root, else like {@code /gw}
 * @param conf values for the placeholders of the files in {@code conf/}; absent: these files are not used
 * @param settings context-params, by their name behind {@code warder.}
 * @param jndi further strings by their name below {@code java:comp/env/}
 * @param database the URL of a database of H2 or PostgreSQL, whose DataSource is bound as {@code java:comp/env/jdbc/warder}
 * @param mode of the container
 */
public record Deployment(
        Path war,
        String contextPath,
        Optional<Map<String, String>> conf,
        Map<String, String> settings,
        Map<String, String> jndi,
        Optional<String> database,
        Mode mode) {
    /**
     * How a container runs the WAR.
     *
     * @param idleTimeout how long it lets a connection, a read or a write wait
     * @param facades whether the WAR gets the wrappers of {@link Facades}; always with the system property {@code warder.facades}
     * @param ownLibraries whether the application loads the classes and libraries of the WAR itself, see {@link UnpackedWar}
     */
    public record Mode(Duration idleTimeout, boolean facades, boolean ownLibraries) {}

    public Deployment {
        conf = conf.map(Map::copyOf);
        settings = Map.copyOf(settings);
        jndi = Map.copyOf(jndi);
    }

    /** The WAR of this build at the root, without the files of {@code conf/} and without any setting. */
    public static Deployment builtWar() {
        return of(Path.of(System.getProperty("warder.war", "target/warder.war")));
    }

    /** This WAR at the root, without anything else. */
    public static Deployment of(Path war) {
        return new Deployment(
                war.toAbsolutePath(),
                "",
                Optional.empty(),
                Map.of(),
                Map.of(),
                Optional.empty(),
                new Mode(Duration.ofMinutes(2), Boolean.getBoolean("warder.facades"), false));
    }

    /** Of another WAR, such as a changed one. */
    public Deployment ofWar(Path other) {
        return new Deployment(other, contextPath, conf, settings, jndi, database, mode);
    }

    /** At this context path. */
    public Deployment at(String path) {
        return new Deployment(war, path, conf, settings, jndi, database, mode);
    }

    /** With exactly the files of {@code conf/}, and these values for their three placeholders; two are planted secrets. */
    public Deployment withConf(String upstreamUrl, String upstreamKey, String clientsToken) {
        SecretWatch.plant(upstreamKey, clientsToken);
        var values = Map.of(
                "WARDER_UPSTREAM_URL", upstreamUrl,
                "WARDER_UPSTREAM_KEY", upstreamKey,
                "WARDER_CLIENTS_TOKEN", clientsToken);
        return new Deployment(war, contextPath, Optional.of(values), settings, jndi, database, mode);
    }

    /** With exactly the files of {@code conf/}, and what environment and system properties say already. */
    public Deployment withConfAsGiven() {
        return new Deployment(war, contextPath, Optional.of(Map.of()), settings, jndi, database, mode);
    }

    /** With the context-param {@code warder.<name>}; the files of {@code conf/} win over it. */
    public Deployment with(String name, String value) {
        return new Deployment(war, contextPath, conf, plus(settings, name, value), jndi, database, mode);
    }

    /** With this string bound as {@code java:comp/env/<name>}; one below {@code warder/secret.} is a planted secret. */
    public Deployment withJndi(String name, String value) {
        if (name.startsWith("warder/secret.")) {
            SecretWatch.plant(value);
        }
        return new Deployment(war, contextPath, conf, settings, plus(jndi, name, value), database, mode);
    }

    /** With this setting as the name of a secret, which is bound and planted. */
    public Deployment withSecret(String setting, String value) {
        var name = "warder/secret." + setting.replace('.', '-');
        return with(setting, "jndi:" + name).withJndi(name, value);
    }

    /** With a DataSource for this database of H2 or PostgreSQL bound as {@code java:comp/env/jdbc/warder}. */
    public Deployment withDatabase(String url) {
        return new Deployment(war, contextPath, conf, settings, jndi, Optional.of(url), mode);
    }

    /** With this time-out of the container, two minutes unless set. */
    public Deployment withIdleTimeout(Duration timeout) {
        return in(new Mode(timeout, mode.facades(), mode.ownLibraries()));
    }

    /** With or without the wrappers of {@link Facades}. */
    public Deployment withFacades(boolean wanted) {
        return in(new Mode(mode.idleTimeout(), wanted, mode.ownLibraries()));
    }

    /** With classes and libraries of its own, as on a server: for what is about the life cycle, class loaders and memory of an application. */
    public Deployment withOwnLibraries() {
        return in(new Mode(mode.idleTimeout(), mode.facades(), true));
    }

    private Deployment in(Mode other) {
        return new Deployment(war, contextPath, conf, settings, jndi, database, other);
    }

    /** The settings; with a database {@code data.dir} too, as the files of {@code conf/} set it. */
    Map<String, String> settings(Path folder) {
        return database.isEmpty() || settings.containsKey("data.dir")
                ? settings
                : plus(settings, "data.dir", folder.resolve("data").toString());
    }

    private static Map<String, String> plus(Map<String, String> map, String name, String value) {
        var copy = new TreeMap<>(map);
        copy.put(name, value);
        return copy;
    }
}
