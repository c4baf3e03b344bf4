package dev.warder.container;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The version of a server, and what an operator should know of it. There is no warning for a server without a known first
 * version for production, or for one that hides its version. Immutable.
 *
 * @param serverInfo for example {@code Apache Tomcat/10.1.61}, from {@code ServletContext.getServerInfo()}
 */
record ContainerVersion(String serverInfo) {
    private static final Pattern NAME_AND_VERSION =
            Pattern.compile("(Apache Tomcat|jetty)(?: \\(TomEE\\))?/(\\d{1,4})\\.(\\d{1,4})\\.(\\d{1,4})");

    Optional<String> warning() {
        var found = NAME_AND_VERSION.matcher(serverInfo);
        if (!found.lookingAt()) {
            return Optional.empty();
        }
        int major = Integer.parseInt(found.group(2));
        int minor = Integer.parseInt(found.group(3));
        int patch = Integer.parseInt(found.group(4));
        return found.group(1).equals("jetty") ? jetty(major, minor) : tomcat(major, minor, patch);
    }

    private Optional<String> jetty(int major, int minor) {
        return major < 12 || major == 12 && minor < 1 ? tooOld("12.1") : Optional.empty();
    }

    private Optional<String> tomcat(int major, int minor, int patch) {
        if (major == 10 && minor == 1 && patch < 61) {
            return patch < 55 ? tooOld("10.1.61") : mixesUpResponses("10.1.61");
        }
        if (major == 11 && minor == 0 && patch < 27) {
            return patch < 22 ? tooOld("11.0.27") : mixesUpResponses("11.0.27");
        }
        return Optional.empty();
    }

    private Optional<String> tooOld(String floor) {
        return Optional.of(serverInfo + " is older than the first version for production, " + floor
                + ": update it to that or a later one");
    }

    private Optional<String> mixesUpResponses(String floor) {
        return Optional.of(serverInfo + " can give one user's HTTP/2 response to another after an asynchronous error"
                + " (CVE-2026-101356): update it to " + floor + " or a later version, and until then leave HTTP/2 off"
                + " (no UpgradeProtocol in any Connector)");
    }
}
