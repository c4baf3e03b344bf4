package dev.warder.standalone;

import java.net.BindException;
import java.nio.channels.UnresolvedAddressException;

/** Describes why a port could not be opened. */
final class PortProblem {
    private PortProblem() {}

    static String describe(String host, int port, Throwable refused) {
        for (Throwable cause = refused; cause != null; cause = cause.getCause()) {
            if (cause instanceof BindException) {
                return describe(host, port, String.valueOf(cause.getMessage()));
            }
            if (cause instanceof UnresolvedAddressException) {
                return "--host: " + host + " cannot be resolved";
            }
        }
        return "--port: " + port + " cannot be opened on " + host;
    }

    private static String describe(String host, int port, String reason) {
        if (reason.contains("in use")) {
            return "--port: " + port + " is in use on " + host + "; choose another, or --port=0 for a free one";
        }
        if (reason.contains("ssign")) {
            return "--host: " + host + " is not an address of this machine";
        }
        return "--port: " + port + " may not be opened on " + host;
    }
}
