package dev.warder.admin.page;

import dev.warder.adminapi.OwnUsage;
import dev.warder.adminapi.OwnUsage.SessionSums;
import dev.warder.adminapi.OwnUsage.Spend;
import dev.warder.auth.Client;
import dev.warder.policy.Policy;
import dev.warder.policy.RateLimits;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Writes the page of a client. */
public final class OwnPage {
    public static final String REFERENCE = "me";

    /** The field with what a form is for. All forms are sent to the page itself. */
    public static final String ACTION = "action";

    public static final String SIGN_IN = "sign-in";

    public static final String SIGN_OUT = "sign-out";

    public static final String TOKEN = "token";

    private OwnPage() {}

    public static String signIn(String problem) {
        return Templates.of("ownSignIn", problem);
    }

    /**
     * The page.
     *
     * @param used empty without a database, or while it cannot be read
     */
    public static String of(Client client, Optional<OwnUsage.Numbers> used, String formToken) {
        return Templates.of("own", Map.of("client", client, "used", used, "formToken", formToken));
    }

    public static String owner(Spend row) {
        return switch (row.of()) {
            case "user" -> "you";
            case "rbac_group" -> "your team";
            default -> "the organization";
        };
    }

    public static List<RateLimits.Owned> limits(Client client) {
        return client.entry()
                .map((Policy.Entry entry) -> entry.limits(List.of()))
                .orElse(List.of());
    }

    public static String owner(RateLimits.Owned limits) {
        return switch (limits.scope()) {
            case CLIENT -> "you";
            case TEAM -> "team " + limits.owner();
            case MODEL -> "model " + limits.owner();
            case ORGANIZATION, TAG, SESSION -> "the organization";
        };
    }

    public static String number(OptionalLong limit) {
        return limit.isPresent() ? Shown.count(limit.getAsLong()) : "-";
    }

    public static String cost(SessionSums session) {
        return Shown.dollars(session.dollars(), RoundingMode.CEILING);
    }

    public static String dollars(String cents) {
        var dollars = new BigDecimal(cents).movePointLeft(2).setScale(2, RoundingMode.CEILING);
        return "$" + Shown.grouped(dollars.toPlainString());
    }
}
