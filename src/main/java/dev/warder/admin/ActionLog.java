package dev.warder.admin;

import dev.warder.admin.AdminRequest.Caller;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One line at INFO for each action of an administrator, logger {@code dev.warder.admin}:
 * {@code id= action= credential= by= from= result=}. {@code by} is {@code token}, {@code session}, {@code access-token:} with its
 * name, or {@code login-ticket}
 * for a browser that returns from the authorization server; {@code from} is {@code getRemoteAddr()}.
 */
public final class ActionLog {
    private static final Logger LOG = LoggerFactory.getLogger("dev.warder.admin");

    private ActionLog() {}

    public static void done(AdminRequest request, String action, String credential) {
        write(request, action, credential, way(request.caller()), "done");
    }

    public static void failed(AdminRequest request, String action, String credential) {
        write(request, action, credential, way(request.caller()), "failed");
    }

    public static void signedIn(AdminRequest request) {
        write(request, "sign-in", "-", "token", "done");
    }

    private static void write(AdminRequest request, String action, String credential, String by, String result) {
        LOG.info(
                "id={} action={} credential={} by={} from={} result={}",
                request.call().id(),
                action,
                credential,
                by,
                request.from(),
                result);
    }

    private static String way(Caller caller) {
        if (caller instanceof Caller.Bearer) {
            return "token";
        }
        if (caller instanceof Caller.Token token) {
            return "access-token:" + token.client().tokenName();
        }
        return caller instanceof Caller.Session ? "session" : "login-ticket";
    }
}
