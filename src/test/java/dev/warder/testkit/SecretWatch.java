package dev.warder.testkit;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Looks for planted secrets in everything that this JVM logs and in every error that a {@link RawClient} reads, from the
 * first container test to the last, and fails the run when it found one. JUnit starts it through
 * {@code META-INF/services}; it is on only where Failsafe names the built WAR. Thread-safe.
 */
public final class SecretWatch implements LauncherSessionListener {
    private static final int SHORTEST = 8;

    /** Answers over this length that are no errors are not looked through: floods take their time as it is. */
    private static final int LONGEST = 1 << 20;

    private static final Object LOCK = new Object();

    @GuardedBy("LOCK")
    private static final List<String> LEAKS = new ArrayList<>();

    private static final SecretScan SCAN = new SecretScan(List.of());

    private final LogCapture.LogTap handler =
            new LogCapture.LogTap(line -> check(line.logger() + " at " + line.level(), line.text()));

    /** Held, because java.util.logging forgets the level of a logger that nobody holds. */
    private final List<Logger> loggers = new ArrayList<>();

    /** For JUnit. */
    public SecretWatch() {}

    /** Names secrets that nothing may show from now on; those under 8 characters would be found everywhere and are left out. */
    public static void plant(String... secrets) {
        for (var secret : secrets) {
            if (secret.length() >= SHORTEST) {
                SCAN.add(secret);
            }
        }
    }

    /** Looks at a text that is no log line, such as what a process printed. {@code place} is told, the text never. */
    public static void check(String place, String text) {
        SCAN.find(text).ifPresent(found -> {
            synchronized (LOCK) {
                LEAKS.add(found + " in " + place);
            }
        });
    }

    static RawResponse seen(RawResponse answer) {
        if (answer.status() >= 400 || answer.body().length < LONGEST) {
            check("an answer " + answer.status(), answer.toString());
        }
        return answer;
    }

    static RawEvent seen(RawEvent event) {
        if (event.name().equals("error")) {
            check("an error event", event.raw());
        }
        return event;
    }

    /** What was found so far: the form and the place, never the text. */
    static List<String> leaks() {
        synchronized (LOCK) {
            return List.copyOf(LEAKS);
        }
    }

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        if (System.getProperty("warder.war") != null) {
            Logger.getLogger("").addHandler(handler);
            level("dev.warder", Level.ALL);
            level("org.apache.hc", Level.ALL);
        }
    }

    @Override
    public void launcherSessionClosed(LauncherSession session) {
        try {
            RunningContainers.endAll();
            StreamUpstream.checkShared();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } finally {
            assertNothingShown();
        }
    }

    private void assertNothingShown() {
        if (loggers.isEmpty()) {
            return;
        }
        if (!List.of(Logger.getLogger("").getHandlers()).contains(handler)) {
            throw new AssertionError("somebody took the secret watch off the root logger");
        }
        Logger.getLogger("").removeHandler(handler);
        if (!leaks().isEmpty()) {
            throw new AssertionError("secrets were shown: " + leaks());
        }
    }

    private void level(String name, Level level) {
        var logger = Logger.getLogger(name);
        logger.setLevel(level);
        loggers.add(logger);
    }
}
