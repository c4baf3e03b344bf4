package dev.warder.servers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** An application server: how it is set up by its README in {@code conf/}, run, and given the WAR. Thread-safe. */
sealed interface AppServer permits GlassFish, Jetty, Liberty, Tomcat, WildFly {
    /** Its name in {@code -Dservers} and {@code target/servers}. */
    String name();

    /** Makes the instance before its start: the files of {@code conf/}, the site's further settings, where it can the WAR. */
    void prepare(Site site) throws IOException, InterruptedException;

    /** What the server wants in its environment beside what the site says. */
    Map<String, String> environment(Site site);

    /** The command that runs it in the foreground. */
    List<String> command(Site site);

    /** Deploys the WAR on the running server, where that is not done by {@link #prepare}; waits for the server itself. */
    default void deploy(Site site) throws IOException, InterruptedException {}

    /** Puts the WAR in the place of the running one. */
    void redeploy(Site site) throws IOException, InterruptedException;

    /** Takes the WAR off the running server. */
    void undeploy(Site site) throws IOException, InterruptedException;

    /**
     * How many deployments' classes may be loaded while one runs; more than one only where the server itself holds them.
     *
     * @param redeployments how often the WAR was put in the place of the running one
     */
    default int mostDeployments(int redeployments) {
        return 1;
    }

    /** The file whose existence starts draining, where the files of {@code conf/} put it. */
    Path drainFile(Site site);

    /**
     * How a line begins by which the server's own console handler repeats what was logged, stack traces and further lines of
     * a message aside; empty where the server logs nothing to its console.
     */
    Optional<Pattern> consoleLine();

    /** The folder of its log files. */
    Path logs(Site site);
}
