package dev.warder.servers;

import static dev.warder.servers.Patience.eventually;
import static dev.warder.servers.Patience.pause;

import dev.warder.testkit.Limit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/** What a server's JVM holds of Warder: threads, and deployments whose classes are not collected. */
final class Leftovers {
    /** An option of the server's JVM: what only softly held caches hold is collected at once, and no leak. */
    static final String NO_SOFT = "-XX:SoftRefLRUPolicyMSPerMB=0";

    /**
     * An option of the server's JVM: no code that is optimised for what ran before. Compiled code holds the classes that it was
     * optimised for as long as a thread is in it, and the loops of a server's threads never end. This is the likely cause of a
     * class loader that stayed after all threads were renewed, and to which no reference but weak ones led in heap dumps.
     */
    static final String NO_PROFILES = "-XX:TieredStopAtLevel=1";

    /** Payara lets go of a stopped application within seconds mostly, and after a little more than a minute now and then. */
    private static final Duration LIMIT = Limit.seconds(60);

    /**
     * Requests between two looks, and the time after each: Tomcat renews one of its threads a second after an application has stopped,
     * each only once it has worked, and these are more than it has. The time between two looks is needed as well. A method that
     * waits to be compiled keeps its class loader, and continuous full collections hold the compiler threads up.
     */
    private static final int REQUESTS = 20;

    private static final long PAUSE_MILLIS = 150;

    private static final Pattern THREAD = Pattern.compile("^\"(warder-[^\"]*)\"", Pattern.MULTILINE);

    /** Its constants are held by the class, so that each class loader that is left has a row of its own. */
    private static final Pattern SETTINGS = Pattern.compile("\\sdev\\.warder\\.config\\.Setting(\\s|$)");

    private final ServerProcess server;

    Leftovers(ServerProcess server) {
        this.server = server;
    }

    /** Waits until no thread of Warder runs. */
    void awaitNoThreads() throws InterruptedException {
        eventually(() -> "Warder's threads have ended: " + threads(), LIMIT, () -> threads()
                .isEmpty());
    }

    /** Waits until the classes of this many deployments at most are loaded; each look collects garbage. */
    void awaitDeployments(int most) throws InterruptedException {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (deployments() > most) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError(most + " deployments are left of " + deployments());
            }
            giveThreadsWork();
        }
    }

    private void giveThreadsWork() throws InterruptedException {
        for (int i = 0; i < REQUESTS; i++) {
            server.live();
            pause(PAUSE_MILLIS);
        }
    }

    /** How many deployments' classes are loaded. */
    long deployments() {
        return jcmd("GC.class_histogram")
                .lines()
                .filter(line -> SETTINGS.matcher(line).find())
                .count();
    }

    /** The names of Warder's threads. */
    List<String> threads() {
        return THREAD.matcher(jcmd("Thread.print"))
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    private String jcmd(String command) {
        try {
            return server.jcmd(command);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        } catch (InterruptedException stop) {
            throw new IllegalStateException(stop);
        }
    }
}
