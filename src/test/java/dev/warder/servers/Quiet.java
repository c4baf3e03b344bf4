package dev.warder.servers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.SecretScan;

/** What a server's log files and its console must not hold. */
final class Quiet {
    private static final String OURS = "dev.warder";
    private final ServerProcess server;

    Quiet(ServerProcess server) {
        this.server = server;
    }

    /** No secret anywhere; on the console nothing of Warder but what the server's own handler repeats from the log. */
    void saysNoSecretAndNothingOnTheConsole() {
        var scan = new SecretScan(ServerGround.SECRETS);
        var log = server.log();
        assertThat(log).as("Warder writes to the log files").contains("Warder is ready");
        assertThat(scan.find(log)).as("in the log files").isEmpty();
        assertThat(scan.find(server.console())).as("on the console").isEmpty();
        assertThat(server.console().lines().filter(line -> line.contains(OURS) && !repeated(line, log)))
                .as("lines of Warder on the console")
                .isEmpty();
    }

    /**
     * The further lines of a message and the frames of a stack trace begin with white space; the first line of a stack trace
     * stands in the log files as well.
     */
    private boolean repeated(String line, String log) {
        return server.consoleLine().isPresent()
                && (Character.isWhitespace(line.charAt(0))
                        || server.consoleLine().get().matcher(line).lookingAt()
                        || log.contains(line));
    }
}
