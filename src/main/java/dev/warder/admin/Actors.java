package dev.warder.admin;

import dev.warder.admin.AdminRequest.Caller;
import dev.warder.auth.Client;
import dev.warder.policy.Actor;
import java.util.Optional;
import java.util.regex.Pattern;

/** Who makes a change, for the audit. */
public final class Actors {
    /** Pattern of a person's name, so that no name looks like another line or field of the log. */
    public static final String NAME_PATTERN = "[0-9A-Za-z._@\\-]{1,64}";

    private static final Pattern NAME = Pattern.compile(NAME_PATTERN);

    private Actors() {}

    public static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    /**
     * Who sends a request that was admitted.
     *
     * @param given the name that a caller with {@code admin.token} gives; that of the sign-in comes first
     */
    public static Actor of(AdminRequest request, Optional<String> given) {
        return new Actor(
                name(request.caller(), given), request.from(), request.call().id());
    }

    private static String name(Caller caller, Optional<String> given) {
        if (caller instanceof Caller.Token token) {
            return token.client().auditName();
        }
        var person = caller instanceof Caller.Session session ? session.person().or(() -> given) : given;
        return person.map(name -> Client.ADMINISTRATOR + " (" + name + ")").orElse(Client.ADMINISTRATOR);
    }
}
